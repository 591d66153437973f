"""Invoices by hand at their verbs: one for each yes, taken back or made and never both, and for nobody who may not."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.access.model import Person, Role
from bot.invoices.model import Invoice, InvoiceLine, InvoiceState
from bot.kernel.errors import Forbidden, ProviderError, Refusal, Stale
from bot.kernel.money import Money
from bot.kernel.tasks import RunAgain
from bot.manual_invoices.model import Order
from sandbox.faults import Fault
from storage.billing import invoices as billing
from storage.people import people
from tests.clock import Hands
from tests.desk import Desk, desk
from tests.house import Providers

LINES = (InvoiceLine("Advice", 3, Money(5_000, "USD")),)


@pytest.fixture
async def here(stand_ins: Providers, database_url: str) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url, Hands()) as made:
        yield made


async def make(here: Desk, who: Person | None = None, key: str = "1") -> Invoice:
    alice, bob = await here.person(here.alice), await here.person(here.bob)
    return await here.app.services.manual_invoices.make(who or bob, Order(alice.id, LINES), key)


async def stands(here: Desk, invoice: Invoice) -> Invoice:
    async with here.app.services.database.reading() as connection:
        fresh = await billing.load_invoice(connection, invoice.id)
    assert fresh is not None
    return fresh


def later(here: Desk, span: timedelta) -> None:
    clock = here.app.services.database.clock
    assert isinstance(clock, Hands)
    clock.ahead += span


async def cancels(here: Desk, invoice: Invoice) -> bool:
    """Whether Bob took it back."""
    try:
        await here.app.services.manual_invoices.cancel(await here.person(here.bob), invoice.id, invoice.version)
    except Stale:
        return False
    return True


@pytest.mark.both_databases
async def test_one_for_each_yes(here: Desk) -> None:
    """The same yes ten times at once makes one invoice, and another yes another."""
    made = await asyncio.gather(*(make(here) for _ in range(10)))
    assert len({one.id for one in made}) == 1
    assert (await make(here, key="2")).id != made[0].id


@pytest.mark.both_databases
async def test_taken_back_or_made(here: Desk, stand_ins: Providers) -> None:
    """Taken back at the moment when it goes out, one thing happens: Stripe has it, or it is cancelled."""
    making = here.app.services.billing.invoices.making
    for number in range(6):
        invoice = await make(here, key=str(number))
        with pytest.raises(RunAgain):
            await making.make(invoice.id)
        later(here, timedelta(minutes=6))
        before = len(stand_ins.stripe.invoices)
        cancelled, _ = await asyncio.gather(cancels(here, invoice), making.make(invoice.id))
        await making.make(invoice.id)
        state = (await stands(here, invoice)).state
        assert state is (InvoiceState.CANCELLED if cancelled else InvoiceState.OPEN)
        assert len(stand_ins.stripe.invoices) - before == (0 if cancelled else 1)


@pytest.mark.both_databases
async def test_too_late_while_stripe_is_asked(here: Desk, stand_ins: Providers) -> None:
    """From the moment at which Stripe is asked nobody can take it back, although it is not made yet."""
    invoice = await make(here)
    later(here, timedelta(minutes=6))
    stand_ins.stripe.hold_requests()
    making = asyncio.create_task(here.app.services.billing.invoices.making.make(invoice.id))
    await stand_ins.stripe.request_held()
    asked = await stands(here, invoice)
    assert (asked.state, asked.can_be_cancelled) == (InvoiceState.NEW, False)
    assert not await cancels(here, invoice)
    assert not await cancels(here, asked)
    stand_ins.stripe.release_requests()
    await making
    assert (await stands(here, invoice)).state is InvoiceState.OPEN


async def test_taken_back_twice(here: Desk) -> None:
    """Who takes back what a colleague took back reads that, and not to void what is not there."""
    invoice, carol = await make(here), await here.person(here.carol)
    assert await cancels(here, invoice)
    with pytest.raises(Stale, match=rf"^Invoice {invoice.id} was cancelled already\.$"):
        await here.app.services.manual_invoices.cancel(carol, invoice.id, invoice.version)


async def test_by_the_janitor_and_the_switch(here: Desk) -> None:
    """What looks for invoices that were left does not take those that can still be taken back."""
    invoice = await make(here)
    database = here.app.services.database
    async with database.reading() as connection:
        assert await billing.not_at_stripe(connection, database.clock.now()) == []
    later(here, timedelta(minutes=6))
    async with database.reading() as connection:
        assert [one.id for one in await billing.not_at_stripe(connection, database.clock.now())] == [invoice.id]


async def test_who_may(here: Desk) -> None:
    """Nobody but operators and admins makes, cancels, voids or writes off; nobody for who is no client of theirs."""
    alice, services = await here.person(here.alice), here.app.services
    dan = await services.database.write(lambda tx: people.enroll(tx, "main", 1004, "Dan", Role.ANALYST, "en"))
    frank = await services.database.write(lambda tx: people.enroll(tx, "acme", 1006, "Frank", Role.ADMIN, "en"))
    invoice = await make(here)
    verbs = (services.manual_invoices.cancel, services.billing.invoices.void, services.billing.invoices.write_off)
    for who in (alice, dan):
        with pytest.raises(Forbidden):
            await make(here, who, "9")
        for verb in verbs:
            with pytest.raises(Forbidden):
                await verb(who, invoice.id, invoice.version)
    for verb in verbs:
        with pytest.raises(Stale):
            await verb(frank, invoice.id, invoice.version)
    with pytest.raises(Refusal, match="There is no client"):
        await make(here, frank, "9")
    with pytest.raises(Refusal, match="There is no invoice"):
        await services.billing.invoices.one(frank, invoice.id)
    for one in (alice, frank):
        with pytest.raises(Refusal, match="There is no invoice"):
            await services.billing.invoices.one(one, invoice.id)
    assert (await stands(here, invoice)).version == invoice.version


async def test_an_operator_is_no_client(here: Desk) -> None:
    """An invoice goes to a client, and to no one of the team."""
    bob = await here.person(here.bob)
    with pytest.raises(Refusal, match="There is no client"):
        await here.app.services.manual_invoices.make(bob, Order(bob.id, LINES), "1")


async def test_not_before_stripe_has_it(here: Desk) -> None:
    """What Stripe does not have is neither voided nor written off."""
    invoice, bob = await make(here), await here.person(here.bob)
    billed = here.app.services.billing.invoices
    for verb in (billed.void, billed.write_off):
        with pytest.raises(Stale, match="cannot be"):
            await verb(bob, invoice.id, invoice.version)


async def test_paid_before_it_was_written_off(here: Desk, stand_ins: Providers) -> None:
    """A payment that came in between counts: nothing is written off, and the team hears why."""
    invoice, bob = await make(here), await here.person(here.bob)
    later(here, timedelta(minutes=6))
    billed = here.app.services.billing.invoices
    await billed.making.make(invoice.id)
    opened = await stands(here, invoice)
    asked = await billed.write_off(bob, opened.id, opened.version)
    assert not asked.can_be_written_off
    (theirs,) = stand_ins.stripe.invoices.values()
    await stand_ins.stripe.pay(theirs["id"])
    await billed.voiding.write_off(invoice.id)
    assert (await stands(here, invoice)).state is InvoiceState.PAID
    assert any("Not written off" in card.text for card in await here.told(here.carol.id))
    await billed.voiding.write_off(invoice.id)


@pytest.mark.parametrize("lost", ["lose_request", "lose_reply"])
async def test_a_lost_reply_writes_off_once(here: Desk, stand_ins: Providers, lost: str) -> None:
    """What was lost on the way is asked again, and it is written off once."""
    invoice, bob = await make(here), await here.person(here.bob)
    later(here, timedelta(minutes=6))
    billed = here.app.services.billing.invoices
    await billed.making.make(invoice.id)
    opened = await stands(here, invoice)
    await billed.write_off(bob, opened.id, opened.version)
    stand_ins.stripe.faults.add(Fault("POST .*/mark_uncollectible", lost, times=3))  # type: ignore[arg-type]
    with pytest.raises(ProviderError):
        await billed.voiding.write_off(invoice.id)
    await billed.voiding.write_off(invoice.id)
    assert (await stands(here, invoice)).state is InvoiceState.UNCOLLECTIBLE
    assert not any("Not written off" in card.text for card in await here.told(here.carol.id))
