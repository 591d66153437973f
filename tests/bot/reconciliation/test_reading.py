"""What is read of both sides, and when: nothing counts as fine because nobody knows it, and nothing is told in vain."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.access.model import TENANT, Role
from bot.kernel.errors import Refusal
from bot.kernel.money import Money
from bot.ledger.model import Account, Line, Posting
from bot.reconciliation.model import Kind, Mismatch
from storage.core.installation import installation_code
from storage.ledger import postings
from storage.people import people
from storage.reconciliation import mismatches
from tests.clock import Hands
from tests.desk import Desk, desk
from tests.house import Providers
from tests.stripe_tells import dashboard, entries, ledger, paid, tells

LATER = timedelta(hours=3)


@pytest.fixture
async def here(stand_ins: Providers, database_url: str) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url, clock=Hands()) as made:
        yield made


def ahead(here: Desk, time: timedelta) -> None:
    clock = here.app.services.database.clock
    assert isinstance(clock, Hands)
    clock.ahead = time


async def open_ones(here: Desk) -> list[Mismatch]:
    async with here.app.services.database.reading() as connection:
        return await mismatches.open_ones(connection, TENANT)


async def compared(here: Desk) -> list[Mismatch]:
    """What is open once both sides were compared."""
    await here.app.services.reconciliation.comparing.all_tenants()
    return await open_ones(here)


async def duplicated(here: Desk) -> int:
    """The payment of the invoice booked twice; returns the number of the second entry."""
    amounts = ((Account.STRIPE_BALANCE, 11_622), (Account.STRIPE_FEES, 378), (Account.RECEIVABLE, -12_000))
    lines = tuple(Line(account, Money(minor, "USD")) for account, minor in amounts)
    posting = Posting("again", "payment", "invoice:1001", lines)
    return await here.app.services.database.write(lambda tx: postings.post(tx, TENANT, posting)) or 0


async def test_named_as_people_know_it(here: Desk, stand_ins: Providers) -> None:
    """A mismatch about an invoice says its number at Stripe, in the list and on its card, and not its id here."""
    await paid(here, stand_ins)
    await duplicated(here)
    [found] = await compared(here)
    number = next(iter(stand_ins.stripe.invoices.values()))["number"]
    for words in ("/reconcile", f"/mismatch_{found.id}"):
        told = (await here.says(here.carol, words)).text
        assert f"Invoice {number}" in told
        assert "Invoice 1001" not in told


async def test_money_of_a_copy(here: Desk, stand_ins: Providers) -> None:
    """A payment of an invoice with our code that no row here knows is waited for, for hours; then it is named."""
    await paid(here, stand_ins)
    code = await installation_code(here.app.services.database, TENANT)
    async with dashboard(here) as client:
        customer = await client.v1.customers.create_async({"email": "x@example.com"})
        marks = {"echopilot_installation": code, "echopilot_invoice": "4711"}
        draft = await client.v1.invoices.create_async({"customer": customer.id, "metadata": marks})
        await client.v1.invoice_items.create_async(
            {"customer": customer.id, "invoice": draft.id, "amount": 4_000, "currency": "usd"}
        )
        await client.v1.invoices.finalize_invoice_async(draft.id)
    await stand_ins.stripe.pay(draft.id)
    stand_ins.stripe.settle_charges()
    assert await compared(here) == []
    ahead(here, LATER)
    (found,) = await compared(here)
    assert (found.found.kind, found.found.there and found.found.there.gross) == (Kind.DASHBOARD, 4_000)


async def test_paid_while_both_sides_are_read(here: Desk, stand_ins: Providers) -> None:
    """What comes in after Stripe was asked, and is booked at once, is compared the next time, and is no mismatch; nor
    is what is open about it taken for gone.
    """
    brief = await here.delivered(here.alice)
    await here.app.services.billing.invoices.open_invoice(brief.id)
    (ours,) = stand_ins.stripe.invoices.values()

    async def pays() -> None:
        await stand_ins.stripe.pay(ours["id"], amount=6_000)
        stand_ins.stripe.settle_charges()
        await tells(here, "invoice_payment.paid", {"id": "inpay_1", "invoice": ours["id"]})

    await pays()
    comparing = here.app.services.reconciliation.comparing
    read = await comparing._importing.moves()
    await pays()
    await comparing._comparing.compare(TENANT, read.at)
    assert await open_ones(here) == []
    assert await compared(here) == []

    await duplicated(here)
    assert len(await compared(here)) == 1
    read = await comparing._importing.moves()
    carol, (_, payment, *_) = await here.person(here.carol), await entries(here)
    await here.app.services.ledger.books.correct(carol, payment.id, "wrong client")
    await comparing._comparing.compare(TENANT, read.at)
    assert len(await open_ones(here)) == 1


@pytest.mark.parametrize("back", [{"out_of_band_amount": 2_000}, {"credit_amount": 2_000}, {"refund_amount": 2_000}])
async def test_given_back_by_a_credit_note(here: Desk, stand_ins: Providers, back: dict[str, int]) -> None:
    """By whichever way a credit note gives money back, an invoice that Stripe was paid for agrees with its payments."""
    ours, _ = await paid(here, stand_ins)
    note = stand_ins.stripe.credit_note(ours["id"], 2_000, **back)
    await tells(here, "credit_note.created", note)
    for one in note["refunds"]:
        await tells(here, "refund.created", {"id": one["refund"]})
    ahead(here, LATER)
    assert await compared(here) == []


async def test_paid_elsewhere(here: Desk, stand_ins: Providers) -> None:
    """An invoice that was paid outside of Stripe, and given back there in part, agrees: nothing came in by Stripe."""
    brief = await here.delivered(here.alice)
    await here.app.services.billing.invoices.open_invoice(brief.id)
    (ours,) = stand_ins.stripe.invoices.values()
    async with dashboard(here) as client:
        await client.v1.invoices.pay_async(ours["id"], {"paid_out_of_band": True})
    await tells(here, "invoice.paid", ours)
    note = stand_ins.stripe.credit_note(ours["id"], 2_000, out_of_band_amount=2_000)
    await tells(here, "credit_note.created", note)
    ahead(here, LATER)
    assert await compared(here) == []


async def test_a_dispute_that_began_before_the_first_reading(here: Desk, stand_ins: Providers) -> None:
    """What was booked before movements were first read is left out by itself: what moves later of the same dispute is
    compared.
    """
    ahead(here, -timedelta(days=40))
    _, charge = await paid(here, stand_ins)
    dispute = stand_ins.stripe.dispute(charge["id"])
    await tells(here, "charge.dispute.created", {"id": dispute["id"]})
    ahead(here, timedelta())
    stand_ins.stripe.decide_dispute(dispute["id"], won=True)
    ahead(here, LATER)
    (found,) = await compared(here)
    assert found.found.kind is Kind.DISPUTE_REVERSAL


async def test_a_correction_that_is_dated_long_back(here: Desk, stand_ins: Providers) -> None:
    """Taken back in its day, an entry of before what is compared is a mismatch all the same."""
    await paid(here, stand_ins)
    assert await compared(here) == []
    (payment,) = [entry for entry in await entries(here) if entry.kind == "payment"]
    ahead(here, timedelta(days=40))
    carol = await here.person(here.carol)
    await here.app.services.ledger.books.correct(carol, payment.id, "wrong client", dated=True)
    ahead(here, timedelta(days=40) + LATER)
    (found,) = await compared(here)
    assert (found.found.about, found.found.corrected) == ("invoice:1001", True)


async def test_corrected_before_the_tap(here: Desk, stand_ins: Providers) -> None:
    """Where a person took the wrong entry back since it was found, the repair posts nothing besides."""
    await paid(here, stand_ins)
    before, second = await ledger(here), await duplicated(here)
    (found,) = await compared(here)
    assert found.found.kind is Kind.DUPLICATE
    carol, services = await here.person(here.carol), here.app.services
    await services.ledger.books.correct(carol, second, "booked twice")
    with pytest.raises(Refusal, match="corrected an entry"):
        await services.reconciliation.repairing.repair(carol, found.id, found.version)
    assert await ledger(here) == before
    assert await compared(here) == []


async def test_who_asked_for_it_is_no_admin_any_more(here: Desk) -> None:
    """Who lost the role since asking is shown nothing of what was compared."""
    carol, services = await here.person(here.carol), here.app.services
    await services.reconciliation.comparing.ask(carol)
    await services.database.write(lambda tx: people.set_role(tx, carol, Role.OPERATOR))
    await services.reconciliation.comparing.by_hand(carol.id)
    assert [card.text for card in await here.told(here.carol.id) if "movements compared" in card.text] == []
