"""/report day accounts for every brief of the day, its stars, and invoices that are late."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.access.model import TENANT
from bot.briefs.model import Brief, State
from bot.invoices.model import InvoiceState
from bot.kernel.money import Money
from bot.ledger.model import Account, Line, Posting
from storage.billing import invoices as billing
from storage.briefs import briefs
from storage.core import events
from storage.engine.database import Transaction
from storage.ledger import postings
from storage.quality import ratings
from tests.clock import SimulatedClock
from tests.desk import Desk, desk
from tests.house import Providers

WORK = "Write page {number} about solar lamps for campers, about two hundred words long."
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
TO_REVIEW = (State.QUEUED, State.DRAFTING, State.JUDGING, State.IN_REVIEW)
WAYS = {
    "delivered": (*TO_REVIEW, State.APPROVED, State.DELIVERED),
    "waiting": (State.QUEUED, State.DRAFTING),
    "in review": TO_REVIEW,
    "rejected": (*TO_REVIEW, State.REJECTED),
    "cancelled": (State.QUEUED, State.CANCELLED),
    "failed": (State.QUEUED, State.FAILED),
}


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(NOON)


@pytest.fixture
async def here(stand_ins: Providers, database_url: str, clock: SimulatedClock) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url, clock) as made:
        yield made


async def handed_in(here: Desk, *ways: str) -> list[Brief]:
    """Briefs of Alice's that went these ways."""
    found: list[Brief] = []
    for way in ways:
        quote = await here.says(here.alice, WORK.format(number=f"{way} {len(found)} {here.offset}"))
        number = quote.rows[0][0].subject
        found.append(await go(here, number, *WAYS[way]))
    return found


async def go(here: Desk, number: int, *states: State) -> Brief:
    """A brief goes through these states, with what is recorded of each."""

    async def work(tx: Transaction) -> Brief:
        brief = await briefs.load(tx.connection, number)
        for state in states:
            name = "retried" if brief.state is State.FAILED else str(state)
            brief = await briefs.move(tx, brief, state)
            await events.add_event(tx, TENANT, f"brief:{brief.id}", name)
        return brief

    return await here.app.services.database.write(work)


async def lines(here: Desk, clock: SimulatedClock) -> list[str]:
    """What an admin reads a second later."""
    clock.passes(seconds=1)
    return (await here.says(here.carol, "/report day")).text.splitlines()


async def test_every_brief_is_accounted_for(here: Desk, clock: SimulatedClock) -> None:
    """What was handed in is what was delivered, waits, was rejected, was cancelled and failed; a mere quote is none."""
    assert (await lines(here, clock))[1] == "No brief handed in"
    await handed_in(here, *WAYS, "delivered", "in review")
    await here.says(here.alice, WORK.format(number="quoted"))
    told = (await lines(here, clock))[1]
    assert told == "8 briefs handed in: 2 delivered, 3 waiting, 1 rejected, 1 cancelled, 1 failed, see /failed"
    total, *parts = map(int, re.findall(r"\d+", told))
    assert total == sum(parts)
    assert "To decide: 2, the oldest waits" in "\n".join(await lines(here, clock))


async def test_briefs_from_before(here: Desk, clock: SimulatedClock) -> None:
    """A brief of another day that ends today, or still waits, is told apart, once; what ended before is not told."""
    await handed_in(here, "delivered", "rejected", "waiting")
    later, stopped = await handed_in(here, "in review", "failed")
    clock.passes(days=1)
    await go(here, later.id, State.APPROVED, State.DELIVERED)
    await go(here, stopped.id, State.QUEUED, State.DRAFTING)
    await handed_in(here, "delivered")
    assert (await lines(here, clock))[1:3] == ["1 brief handed in: 1 delivered", "From before: 1 delivered, 2 waiting"]


async def test_stars_and_late_invoices(here: Desk, clock: SimulatedClock) -> None:
    """The mean of the day's stars, and the invoices that should have been paid by now with what is left on them."""
    delivered = await handed_in(here, "delivered", "delivered", "delivered")

    async def work(tx: Transaction) -> None:
        for stars, (brief, due) in zip((5, 4, 4), zip(delivered, (-3, -1, 1), strict=True), strict=True):
            await ratings.rate(tx, brief, stars)
            invoice = await billing.invoice_for(tx, brief)
            values = {"state": InvoiceState.OPEN, "due_at": tx.now + timedelta(days=due, minutes=-1)}
            await billing.change_invoice(tx, invoice, paid_minor=5_000 if due == -1 else 0, **values)

    await here.app.services.database.write(work)
    told = await lines(here, clock)
    assert "Stars from clients: 4.3 of 5 (3)" in told
    assert "2 late invoices, 190.00 USD, the oldest for 3 days" in told


async def test_what_went_back(here: Desk, clock: SimulatedClock) -> None:
    """Refunds of the day are told, and on the day on which one fails and comes back, that."""

    async def moved(minor: int) -> None:
        lines = (Line(Account.REFUNDS, Money(minor, "USD")), Line(Account.STRIPE_BALANCE, Money(-minor, "USD")))
        posting = Posting(f"refund:re_1:{minor}", "refund", "refund:re_1", lines)
        await here.app.services.database.write(lambda tx: postings.post(tx, TENANT, posting))

    assert not any("back" in line for line in await lines(here, clock))
    await moved(2_000)
    assert "Refunded to clients: 20.00 USD" in await lines(here, clock)
    clock.passes(days=1)
    await moved(-2_000)
    assert "Refunds that failed and were returned: 20.00 USD" in await lines(here, clock)


async def test_yesterday(here: Desk, clock: SimulatedClock) -> None:
    """The report of a day that is over counts its briefs by what became of them since."""
    await handed_in(here, "delivered", "in review")
    clock.passes(days=1)
    told = await here.app.services.reports.sending.daily(TENANT, clock.now())
    assert told.startswith("2 briefs, 1 delivered")
    card = (await here.told(here.carol.id))[-1]
    assert "2 briefs handed in: 1 delivered, 1 waiting" in card.text
    assert "No revenue yet; models cost" in card.text
