"""Asking Stripe anew for what it refused or never answered: nothing is made twice, and nothing stays lying there."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.invoices.model import InvoiceLine, InvoiceState
from bot.invoices.ports import Attempt, InvoiceOrder
from bot.kernel.errors import ProviderError
from bot.kernel.money import Money
from sandbox.faults import Fault
from storage.tables.billing import invoices
from storage.tables.ledger import postings
from tests.clock import Hands
from tests.house import House, Providers, house

DRAFTING, ADDING, FINALISING = "invoices", "invoiceitems", "invoices/{id}/finalize"
STEPS = ["customers", DRAFTING, ADDING, FINALISING]
NOT_YET = '{"error": {"message": "This account cannot send invoices yet.", "type": "invalid_request_error"}}'


def posts_to(path: str) -> str:
    """What matches a POST to this path at Stripe."""
    return f"POST .*/v1/{path.replace('{id}', '[^/]+')}$"


async def refused(home: House, path: str) -> int:
    """A brief whose invoice Stripe refused at this step, for a reason that is lifted by now."""
    await home.staff()
    home.stripe.restrict(path)
    number = await home.brief()
    card = await home.bob.sees("· Refused by Stripe")
    assert "Your account cannot currently make live charges" in card.text
    home.stripe.restrict()
    return number


async def asks_again(home: House, number: int) -> None:
    await home.bob.says("/failed")
    await home.bob.taps(f"Ask Stripe again, {number}", await home.bob.sees("Invoice of /brief_"))


async def test_not_while_payments_are_off(home: House) -> None:
    """Who has Stripe asked anew while payments are off reads who switched that; on again, they hear of it."""
    number = await refused(home, DRAFTING)
    await home.carol.says("/flags payments off a look at the books")
    await home.carol.sees("The other admins were told")
    await home.bob.says("/failed")
    toast = await home.bob.taps(f"Ask Stripe again, {number}", await home.bob.sees("Invoice of /brief_"))
    assert "right now: Carol switched that off on" in toast.text
    await home.carol.says("/flags payments on the books are fine")
    await home.bob.sees("Invoices are made again")
    mark = home.bob.mark()
    await home.bob.says("/failed")
    await home.bob.taps(f"Ask Stripe again, {number}", await home.bob.sees("Invoice of /brief_", after=mark))
    await home.alice.sees("To pay")


async def in_state(home: House, state: InvoiceState) -> None:
    """Wait until the one invoice is in this state."""
    database = home.running.app.services.database
    async with asyncio.timeout(30):
        while True:
            async with database.reading() as connection:
                if (await connection.execute(select(invoices.c.state))).scalar_one_or_none() == state:
                    return
            await database.signals.wait("none", 0.05)


async def all_is_there_once(home: House, drafts: int = 1) -> None:
    """One customer, one finalised invoice with one line, and one posting of it, after so many drafts in all."""
    made = [event["type"] for event in home.stripe.events.values()]
    assert (made.count("customer.created"), made.count("invoice.created")) == (1, drafts)
    (invoice,) = home.stripe.invoices.values()
    found = (invoice["status"], invoice["total"], len(invoice["lines"]["data"]))
    assert found == ("open", 12_000, 1)
    async with home.running.app.services.database.reading() as connection:
        kinds = await connection.execute(select(postings.c.kind, func.count()).group_by(postings.c.kind))
        assert [tuple(row) for row in kinds] == [("invoice", 1)]


@pytest.mark.parametrize("path", STEPS)
async def test_the_tap_asks_anew(home: House, path: str) -> None:
    """What Stripe refused at any step, and would refuse again under the same key, one tap makes, once."""
    number = await refused(home, path)
    await asks_again(home, number)
    await home.alice.sees("To pay")
    await all_is_there_once(home)


@pytest.mark.parametrize("path", STEPS)
@pytest.mark.both_databases
async def test_the_tap_and_then_a_crash(stand_ins: Providers, database_url: str, path: str) -> None:
    """Where the replies to the step that was refused get lost until the program stops, the next start ends it."""
    async with house(stand_ins, database_url) as home:
        await home.carol.says("/start")
        number = await refused(home, path)
        home.stripe.faults.add(Fault(posts_to(path), "lose_reply", times=None))
        await asks_again(home, number)
        await in_state(home, InvoiceState.UNKNOWN)
    stand_ins.stripe.faults.clear()
    async with house(stand_ins, database_url) as home:
        await home.alice.sees("To pay", timeout=30)
        await all_is_there_once(home)


@pytest.mark.parametrize("path", [ADDING, FINALISING])
async def test_the_tap_comes_a_day_later(stand_ins: Providers, database_url: str, path: str) -> None:
    """With every key forgotten, the draft that was left is gone on with, and no other is made beside it."""
    hands = Hands()
    async with house(stand_ins, database_url, clock=hands) as home:
        await home.carol.says("/start")
        number = await refused(home, path)
        hands.ahead += timedelta(hours=24)
        home.stripe.forget_keys()
        await asks_again(home, number)
        await home.alice.sees("To pay")
        await all_is_there_once(home)


@pytest.mark.parametrize("path", STEPS)
async def test_no_reply_for_a_day(stand_ins: Providers, database_url: str, path: str) -> None:
    """What was done a day ago and never answered is found, and gone on with from there."""
    hands = Hands()
    async with house(stand_ins, database_url, clock=hands) as home:
        await home.carol.says("/start")
        await home.staff()
        home.stripe.faults.add(Fault(posts_to(path), "lose_reply", times=None))
        await home.brief()
        await in_state(home, InvoiceState.UNKNOWN)
    hands.ahead += timedelta(hours=24)
    stand_ins.stripe.forget_keys()
    stand_ins.stripe.faults.clear()
    async with house(stand_ins, database_url, clock=hands) as home:
        await home.alice.sees("To pay", timeout=30)
        await all_is_there_once(home)


@pytest.mark.parametrize("path", STEPS)
@pytest.mark.both_databases
async def test_several_workers_at_once(home: House, path: str) -> None:
    """Several workers that carry the same invoice on after the tap make it once."""
    number = await refused(home, path)
    home.stripe.hold_requests()
    await asks_again(home, number)
    await home.bob.sees("Asked for again by Bob")
    billing = home.running.app.services.billing.invoices
    workers = [asyncio.create_task(billing.open_invoice(number)) for _ in range(3)]
    home.stripe.release_requests()
    for ended in await asyncio.gather(*workers, return_exceptions=True):
        assert ended is None or (isinstance(ended, ProviderError) and not ended.permanent)
    await home.alice.sees("To pay")
    await all_is_there_once(home)


@pytest.mark.both_databases
async def test_two_people_tap(home: House) -> None:
    """Of two people who have Stripe asked again, the second reads that it was; it is asked once."""
    await refused(home, FINALISING)
    ours, theirs = await home.bob.sees("· Refused by Stripe"), await home.carol.sees("· Refused by Stripe")
    again = next(button for row in theirs.buttons for button in row if button.label == "Ask Stripe again")
    await home.bob.taps("Ask Stripe again", ours)
    await home.alice.sees("To pay")
    answer = await home.carol.taps_raw(again.target, theirs)
    assert "was requested again already" in answer.text
    await all_is_there_once(home)


async def test_refused_twice(home: House) -> None:
    """A refusal of what is asked for anew waits for another tap, which is a third attempt."""
    number = await refused(home, ADDING)
    home.stripe.restrict(FINALISING)
    mark = home.bob.mark()
    await asks_again(home, number)
    await home.bob.sees("· Refused by Stripe", after=mark)
    home.stripe.restrict()
    mark = home.bob.mark()
    await home.bob.says("/failed")
    await home.bob.taps(f"Ask Stripe again, {number}", await home.bob.sees("Invoice of /brief_", after=mark))
    await home.alice.sees("To pay")
    await all_is_there_once(home)


async def test_two_invoices_of_a_refused_customer(home: House) -> None:
    """Two invoices wait since Stripe refused their customer: whichever is asked for first, there is one customer."""
    first = await refused(home, "customers")
    home.stripe.restrict("customers")
    mark = home.bob.mark()
    second = await home.brief("Write a product page for a solar lamp that runs 12 hours per charge.")
    await home.bob.sees("· Refused by Stripe", after=mark)
    home.stripe.restrict()
    await home.bob.says("/failed")
    listed = await home.bob.sees(f"Invoice of /brief_{second}", after=mark)
    for number in (first, second):
        await home.bob.taps(f"Ask Stripe again, {number}", listed)
    for number in (first, second):
        await home.alice.sees(f"Brief {number} · Delivered, invoice open")
    assert len(home.stripe.customers) == 1
    assert [invoice["status"] for invoice in home.stripe.invoices.values()] == ["open", "open"]


@pytest.mark.both_databases
async def test_a_worker_that_slept(home: House) -> None:
    """A worker that slept through refusal and tap, and then sends the first attempt's requests, adds nothing."""
    await home.staff()
    home.stripe.faults.add(Fault(posts_to(DRAFTING), "status", status=400, body=NOT_YET))
    number = await home.brief()
    await home.bob.sees("· Refused by Stripe")
    await asks_again(home, number)
    await home.alice.sees("To pay")
    (customer,), (invoice,) = home.stripe.customers, home.stripe.invoices.values()
    attempt = Attempt(
        1, home.running.app.services.database.clock.now(), False, invoice["metadata"]["echopilot_installation"]
    )
    line = InvoiceLine("Late", 1, Money(12_000, "USD"))
    invoice_id = int(invoice["metadata"]["echopilot_invoice"])
    late = InvoiceOrder(invoice_id, f"brief:{number}", customer, (line,), 14, attempt, alone=lambda: False)
    found = await home.running.app.payments.invoice(late)
    assert (found.id, found.status) == (invoice["id"], "open")
    await all_is_there_once(home, drafts=2)
