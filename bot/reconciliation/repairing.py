"""Repairs by a tap: what the ledger lacks is posted from what Stripe says when it is asked now."""

from bot.access.model import Permission, Person
from bot.audit.service import record
from bot.billing.settlement import Settlement
from bot.invoices.events import Reread
from bot.invoices.ports import Payments
from bot.invoices.remote import Move
from bot.invoices.remote import Settlement as Settled
from bot.kernel.errors import Refusal, Stale
from bot.kernel.money import Money
from bot.kernel.translation import gettext as _
from bot.ledger import books
from bot.ledger.model import Posting
from bot.ledger.rates import in_usd
from bot.ledger.service import Ledger, post_missing
from bot.reconciliation.model import Ending, Mismatch, repair_of
from storage.billing import invoices as billing
from storage.engine.database import Database, Transaction
from storage.ledger import postings
from storage.reconciliation import mismatches, moves

NOTICES = {"refund": Reread.REFUND, "dispute": Reread.DISPUTE}


class Repairing:
    """limit: up to how many US dollars one admin may repair alone. tenant: whose account at Stripe it is."""

    def __init__(
        self,
        database: Database,
        payments: Payments,
        settlement: Settlement,
        ledger: Ledger,
        limit: int,
        tenant: str,
    ) -> None:
        self._database = database
        self._payments = payments
        self._settlement = settlement
        self._ledger = ledger
        self._limit = limit
        self._tenant = tenant

    async def repair(self, who: Person, mismatch_id: int) -> Mismatch:
        """Post what the ledger lacks, or correct what it says otherwise; returns the mismatch, closed.

        Raises Forbidden; Refusal where a tap is not the way, or above the limit; Stale where it is closed; or
        ProviderError.
        """
        who.require(Permission.KEEP_LEDGER)
        mismatch = await self._open(who, mismatch_id)
        if repair_of(mismatch.found) is None:
            raise Refusal(_("A tap cannot repair this: look at both sides, then correct the ledger by /ledger."))
        await self._check_limit(mismatch)
        if mismatch.found.paid:
            await self._look(mismatch)
            return await self._closed(who, mismatch)
        if mismatch.found.about.startswith("invoice:"):
            return await self._invoice(who, mismatch)
        return await self._by_move(who, mismatch)

    async def leave(self, who: Person, mismatch_id: int) -> Mismatch:
        """Close it as it is: it comes up again only with other figures. Raises Forbidden, Refusal, Stale."""
        who.require(Permission.KEEP_LEDGER)
        mismatch = await self._open(who, mismatch_id)

        async def work(tx: Transaction) -> Mismatch:
            return await _close(tx, who, mismatch, Ending.LEFT, "mismatch.left")

        return await self._database.write(work)

    async def _open(self, who: Person, mismatch_id: int) -> Mismatch:
        async with self._database.reading() as connection:
            found = await mismatches.by_id(connection, who.tenant, mismatch_id)
        if found is None:
            raise Refusal(_("There is no mismatch {number}. /reconcile lists them.", number=mismatch_id))
        if found.closed_at is not None:
            raise Stale(_("Mismatch {number} is closed already.", number=mismatch_id))
        return found

    async def _check_limit(self, mismatch: Mismatch) -> None:
        moved = mismatch.found.apart
        async with self._database.reading() as connection:
            cents = [abs(await in_usd(connection, one, self._database.clock.now())) for one in moved]
        if max(cents, default=0) > self._limit * 100:
            raise Refusal(
                _(
                    "This would change the ledger by {money}, and one admin may repair up to {limit} by a tap. Correct "
                    "the entry by /ledger, or have whoever runs this bot raise REPAIR_LIMIT_USD.",
                    money=max(moved, key=lambda one: abs(one.minor)),
                    limit=Money(self._limit * 100, "USD"),
                )
            )

    async def _look(self, mismatch: Mismatch) -> None:
        if not await self._settlement.look(_number(mismatch)):
            raise Refusal(_("Stripe says of the invoice what is known here. Look at its payments in Stripe."))

    async def _invoice(self, who: Person, mismatch: Mismatch) -> Mismatch:
        async with self._database.reading() as connection:
            invoice = await billing.load_invoice(connection, _number(mismatch))
        if invoice is None or invoice.stripe_id is None:
            raise Refusal(_("There is no such invoice any more."))
        remote = await self._payments.read_invoice(invoice.stripe_id)

        async def work(tx: Transaction) -> Mismatch:
            now = await billing.load_invoice(tx.connection, invoice.id, lock=True)
            if now is None or now.version != invoice.version:
                raise Stale(_("Invoice {number} changed in the meantime.", number=invoice.id))
            mark = f"repair:{mismatch.id}:{tx.now.isoformat()}"
            posted = await post_missing(tx, who.tenant, invoice.id, remote, kind="repair", mark=mark)
            if posted is None:
                raise Refusal(_nothing())
            return await _close(tx, who, mismatch, Ending.REPAIRED, "mismatch.repaired", entry=posted)

        return await self._database.write(work)

    async def _by_move(self, who: Person, mismatch: Mismatch) -> Mismatch:
        posting = await self._wanted(mismatch)
        if posting is None:
            raise Refusal(_nothing())

        async def work(tx: Transaction) -> Mismatch:
            number = await postings.post(tx, who.tenant, posting)
            if number is None:
                number = await self._corrected(tx, who, posting, mismatch)
            return await _close(tx, who, mismatch, Ending.REPAIRED, "mismatch.repaired", entry=number)

        return await self._database.write(work)

    async def _corrected(self, tx: Transaction, who: Person, wanted: Posting, mismatch: Mismatch) -> int:
        """The entry is there with other figures: it is taken back, and those of Stripe's are put in its place."""
        entry = await postings.by_key(tx.connection, who.tenant, wanted.key)
        if entry is None or entry.lines == wanted.lines:
            raise Refusal(_nothing())
        reason = _("By reconciliation, mismatch {number}: Stripe's own figures", number=mismatch.id)
        return (await self._ledger.correct_within(tx, who, entry.id, reason, wanted.lines)).id

    async def _wanted(self, mismatch: Mismatch) -> Posting | None:
        """What Stripe says now of the movement, as it is posted; None where it says nothing of it."""
        thing, _sign, name = mismatch.found.about.partition(":")
        found: list[Posting] = []
        if thing == "payout":
            found = books.paid_out(await self._payments.payout(name))
        elif thing in NOTICES:
            notices = await self._payments.notices(NOTICES[thing], name)
            found = [posting for notice in notices for posting in books.given_back(notice)]
        elif thing == "fee":
            found = await self._fee(name)
        key = f"{mismatch.found.about}:{mismatch.found.move}"
        return next((posting for posting in found if posting.key == key), None)

    async def _fee(self, name: str) -> list[Posting]:
        async with self._database.reading() as connection:
            row = await moves.one(connection, self._tenant, name)
        if row is None:
            return []
        settled = Settled(Money(row.gross_minor, row.currency), Money(row.fee_minor, row.currency))
        return [books.fee(Move(name, settled))]

    async def _closed(self, who: Person, mismatch: Mismatch) -> Mismatch:
        return await self._database.write(lambda tx: _close(tx, who, mismatch, Ending.REPAIRED, "mismatch.repaired"))


async def _close(
    tx: Transaction, who: Person, mismatch: Mismatch, ending: Ending, event: str, entry: int | None = None
) -> Mismatch:
    if not await mismatches.close(tx, who.tenant, mismatch.id, ending, who.id):
        raise Stale(_("Mismatch {number} is closed already.", number=mismatch.id))
    kind, subject = mismatch.found.kind.value, f"mismatch:{mismatch.id}"
    await record(tx, who.tenant, who, event, subject, kind=kind, entry=entry)
    closed = await mismatches.by_id(tx.connection, who.tenant, mismatch.id)
    assert closed is not None
    return closed


def _number(mismatch: Mismatch) -> int:
    return int(mismatch.found.about.partition(":")[2])


def _nothing() -> str:
    return _("By what Stripe says now, nothing is to be posted. Compare again by /reconcile.")
