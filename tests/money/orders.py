"""The seven events of an invoice, each told twice and in any order, while what they tell of is still going on."""

import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from bot.access.model import TENANT
from bot.billing.webhooks import SOURCE
from bot.invoices.model import Invoice
from bot.invoices.ports import PaymentEvent
from bot.kernel.tasks import RunAgain
from sandbox.stripe.api import Call
from sandbox.stripe.server import StripeStandIn
from storage.billing import invoices
from storage.briefs import briefs
from storage.core import inbox
from storage.ledger import postings
from tests.desk import Desk, desk
from tests.house import Providers
from tests.refunds import of_invoice

Json = dict[str, Any]
Act = Callable[[StripeStandIn, str], Awaitable[None]]
FIRST_CHAT = 80_000
LOOKS = 20  # until which all that waits has to be dealt with


@dataclass(frozen=True)
class History:
    """What is done to an invoice, one after the other, and the types of the seven events that are told of it."""

    acts: tuple[Act, ...]
    events: tuple[str, ...]


async def pay(stripe: StripeStandIn, invoice: str) -> None:
    """The client pays, on Stripe's page."""
    await stripe.pay(invoice)


async def settle(stripe: StripeStandIn, invoice: str) -> None:
    """The payment's fee is known."""
    stripe.settle_charges()


async def refund(stripe: StripeStandIn, invoice: str) -> None:
    """Somebody refunds a part in the dashboard."""
    stripe.test.refunding.create(Call({"charge": _charge(stripe, invoice)["id"], "amount": 2_000}))


async def refund_fails(stripe: StripeStandIn, invoice: str) -> None:
    """That refund comes back."""
    (one,) = stripe.test.store.refunds.where("charge", _charge(stripe, invoice)["id"])
    stripe.settle_refund(one["id"], fails=True)


async def credit(stripe: StripeStandIn, invoice: str) -> None:
    """Somebody credits a part in the dashboard, and gives it back outside of Stripe."""
    stripe.credit_note(invoice, 1_000, out_of_band_amount=1_000)


async def write_off(stripe: StripeStandIn, invoice: str) -> None:
    """Somebody marks it as uncollectible in the dashboard."""
    stripe.test.invoicing.mark_uncollectible(Call(id=invoice))


async def dispute(stripe: StripeStandIn, invoice: str) -> None:
    """The client's bank takes the payment back."""
    stripe.dispute(_charge(stripe, invoice)["id"])


async def dispute_won(stripe: StripeStandIn, invoice: str) -> None:
    """And gives it back again."""
    (one,) = stripe.test.store.disputes.where("charge", _charge(stripe, invoice)["id"])
    stripe.decide_dispute(one["id"], won=True)


HISTORIES: Mapping[str, History] = {
    "refunded and credited": History(
        (pay, settle, refund, credit, refund_fails),
        (
            *("invoice.paid", "invoice_payment.paid", "charge.updated", "refund.created", "charge.refunded"),
            *("credit_note.created", "refund.failed"),
        ),
    ),
    "written off, paid, disputed": History(
        (write_off, pay, settle, dispute, dispute_won),
        (
            *("invoice.marked_uncollectible", "invoice.paid", "invoice_payment.paid", "charge.updated"),
            *("charge.dispute.created", "charge.dispute.funds_withdrawn", "charge.dispute.closed"),
        ),
    ),
}


def _charge(stripe: StripeStandIn, invoice: str) -> Json:
    (payment,) = stripe.test.store.invoice_payments.where("invoice", invoice)
    (charge,) = stripe.test.store.charges.where("payment_intent", payment["payment"]["payment_intent"])
    return charge


class Teller:
    """Tells of what was done, as Stripe's webhooks do; what was dealt with is dealt with again now and then."""

    def __init__(self, here: Desk, stripe: StripeStandIn, chance: random.Random) -> None:
        self._here = here
        self._stripe = stripe
        self._chance = chance

    async def told(self, history: History, invoice: str) -> int:
        """Do what the history says and tell of it twice, in an order of this chance's; returns how many were told.

        What an event tells of has happened before it is told, and what comes after it may have happened too.
        """
        order = [*history.events, *history.events]
        self._chance.shuffle(order)
        left, known = list(history.acts), dict[str, Json]()
        for kind in order:
            while kind not in known or (left and self._chance.random() < 0.2):
                known |= await self._done(left.pop(0), invoice, history.events)
            await self._tell(known[kind])
        for act in left:  # only where chance left some that nobody tells of any more
            await self._done(act, invoice, ())
        await self._deal()
        return len(known)

    async def _done(self, act: Act, invoice: str, wanted: Sequence[str]) -> dict[str, Json]:
        events = self._stripe.test.store.events.things
        before = len(events)
        await act(self._stripe, invoice)
        return {one["type"]: one for one in list(events.values())[before:] if one["type"] in wanted}

    async def _tell(self, event: Json) -> None:
        webhooks, database = self._here.app.services.billing.invoices.webhooks, self._here.app.services.database
        found = PaymentEvent(event["id"], event["type"], event["data"]["object"])
        await database.write(lambda tx: webhooks.receive(tx, [found]))
        if self._chance.random() < 0.7:  # else it waits, and is dealt with among those that come later
            await self._deal_once()

    async def _deal_once(self) -> int:
        """Returns how many wait still."""
        webhooks, database = self._here.app.services.billing.invoices.webhooks, self._here.app.services.database
        async with database.reading() as connection:
            waiting = await inbox.waiting(connection, SOURCE, 100)
        self._chance.shuffle(waiting)
        for arrival in waiting:
            with suppress(RunAgain):
                await webhooks.apply_event(arrival.id)
        return len(waiting)

    async def _deal(self) -> None:
        looks = 0
        while await self._deal_once():
            looks += 1
            assert looks < LOOKS, "what was told is never dealt with"


async def in_any_order(
    stand_ins: Providers, database_url: str, count: int, seed: int
) -> Mapping[str, Mapping[str, int]]:
    """By history, how many of so many orders, each of an invoice of its own, ended in which state."""
    ended: dict[str, dict[str, int]] = {name: {} for name in HISTORIES}
    stand_ins.stripe.capture_after(None)
    async with desk(stand_ins, database_url) as here:
        for number in range(count):
            name = list(HISTORIES)[number % len(HISTORIES)]
            invoice = await _opened(here, FIRST_CHAT + number)
            teller = Teller(here, stand_ins.stripe, random.Random(f"{seed}:{number}"))
            assert await teller.told(HISTORIES[name], str(invoice.stripe_id)) == len(HISTORIES[name].events)
            state = await _state(here, stand_ins.stripe, invoice)
            ended[name][state] = ended[name].get(state, 0) + 1
    return ended


async def _opened(here: Desk, chat_id: int) -> Invoice:
    brief = await here.delivered(here.alice, chat_id)
    await here.app.services.billing.invoices.open_invoice(brief.id)
    return await here.invoice(brief)


async def _state(here: Desk, stripe: StripeStandIn, invoice: Invoice) -> str:
    """All that stands here of an invoice in the end, as words: its row, refunds, accounts, and how often it was thanked
    for.
    """
    brief_id = invoice.subject.partition(":")[2]
    async with here.app.services.database.reading() as connection:
        now = await invoices.load_invoice(connection, invoice.id)
        assert now is not None
        brief = await briefs.load(connection, int(brief_id))
        balances: dict[str, int] = {}
        for reference in _references(stripe, invoice):
            for (account, _), minor in (await postings.posted(connection, TENANT, reference)).items():
                balances[account] = balances.get(account, 0) + minor
    refunds = sorted((one.state.value, one.amount.minor) for one in await of_invoice(here, now))
    thanks = sum("thank you" in card.text for card in await here.told(brief.chat_id))
    row = now.state.value, now.paid_minor, now.credited_after_minor, now.unsettled
    return repr((row, refunds, sorted((name, minor) for name, minor in balances.items() if minor), thanks))


def _references(stripe: StripeStandIn, invoice: Invoice) -> list[str]:
    charge = _charge(stripe, str(invoice.stripe_id))["id"]
    refunds = [f"refund:{one['id']}" for one in stripe.test.store.refunds.where("charge", charge)]
    disputes = [f"dispute:{one['id']}" for one in stripe.test.store.disputes.where("charge", charge)]
    return [f"invoice:{invoice.id}", *refunds, *disputes]
