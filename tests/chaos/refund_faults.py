"""Faults of refunds and repairs, planted into the program under trial like those of `tests.chaos.faults`."""

import asyncio
import uuid
from typing import Any

import bot.adapters.stripe.requests as stripe_requests
from bot.access.model import Person
from bot.adapters.stripe.refunds import StripeRefunds
from bot.billing.webhooks import Webhooks
from bot.invoices.ports import RefundOrder
from bot.kernel.money import Money
from bot.ledger.model import Account, Line, Posting
from bot.reconciliation import repairing
from bot.reconciliation.model import Ending, Mismatch, RepairRequest
from bot.reconciliation.repairing import Repairing
from bot.refunds import sending
from bot.refunds.model import Refund
from bot.refunds.sending import Sending
from storage.billing import invoices as billing
from storage.engine.database import Transaction
from storage.ledger import postings
from tests.chaos.planted import Planted

LATE_SECONDS = 2.0


def refund_keys_in_memory() -> None:
    webhooks_late()
    this_life = uuid.uuid4().hex
    adapter: Any = stripe_requests
    original = adapter.once

    def once(kind: str, *row: Any) -> Any:
        return {"idempotency_key": f"{row}:{this_life}"} if kind == "refund" else original(kind, *row)

    async def made(self: StripeRefunds, order: RefundOrder) -> None:
        return None

    adapter.once = once
    refunds: Any = StripeRefunds
    refunds.made = made


def webhooks_late() -> None:
    """So that what a webhook tells does not mend it before it shows."""
    original = Webhooks.apply_event

    async def apply_event(self: Webhooks, arrival_id: int) -> None:
        await asyncio.sleep(LATE_SECONDS)
        await original(self, arrival_id)

    webhooks: Any = Webhooks
    webhooks.apply_event = apply_event


def silence_is_failure() -> None:
    webhooks_late()

    async def ask(self: Sending, refund: Refund) -> None:
        await self._database.write(lambda tx: sending._refused(tx, refund, "no answer"))

    sends: Any = Sending
    sends._ask = ask


def refund_posted_without_key() -> None:
    original = postings.post

    async def post(tx: Transaction, tenant: str, posting: Posting, *dated: Any) -> int | None:
        if posting.kind == "refund":
            key = f"{posting.key}:{uuid.uuid4().hex}"
            posting = Posting(key, posting.kind, posting.reference, posting.lines)
        return await original(tx, tenant, posting, *dated)

    rows: Any = postings
    rows.post = post


def refund_not_posted() -> None:
    original = postings.post

    async def post(tx: Transaction, tenant: str, posting: Posting, *dated: Any) -> int | None:
        return None if posting.kind == "refund" else await original(tx, tenant, posting, *dated)

    rows: Any = postings
    rows.post = post


def repaired_by_the_mismatch() -> None:
    """What the mismatch said is posted, by a transaction of its own, and not what is lacking when it is closed."""

    async def invoice(self: Repairing, who: Person, mismatch: Mismatch, _request: RepairRequest | None) -> Mismatch:
        (change,) = mismatch.found.change.values()
        apart = Money(change.fee, change.currency)
        lines = (Line(Account.STRIPE_FEES, apart), Line(Account.STRIPE_BALANCE, -apart))
        posting = Posting(f"repair:{uuid.uuid4().hex}", "repair", mismatch.found.about, lines)
        await self._database.write(lambda tx: postings.post(tx, who.tenant, posting))
        async with self._database.reading() as connection:
            ours = await billing.load_invoice(connection, repairing._number(mismatch.found.about))
        assert ours is not None
        await self._payments.read_invoice(str(ours.stripe_id))

        async def work(tx: Transaction) -> Mismatch:
            return await repairing._close(tx, who, mismatch, Ending.REPAIRED, "mismatch.repaired")

        return await self._database.write(work)

    repairs: Any = Repairing
    repairs._invoice = invoice


REFUND_FAULTS: dict[str, Planted] = {
    "refund-keys-in-memory": Planted(
        "a refund's key is not committed, nor is Stripe asked for it",
        refund_keys_in_memory,
        ("stripe.refund:after:1",),
        "refund",
    ),
    "silence-is-failure": Planted(
        "a refund without an answer counts as failed", silence_is_failure, ("stripe.refund:after:1",), "refund"
    ),
    "refund-posted-without-key": Planted(
        "refunds are posted without a key", refund_posted_without_key, ("event refund.created:after:1",), "refund"
    ),
    "refund-not-posted": Planted(
        "what went back is not posted", refund_not_posted, ("stripe.refund:after:1",), "refund"
    ),
    "repaired-by-the-mismatch": Planted(
        "a repair posts what was found, not what is lacking",
        repaired_by_the_mismatch,
        ("stripe.read_invoice:after:1",),
        "repair",
    ),
}
