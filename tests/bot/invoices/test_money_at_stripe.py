"""Money that is added, reported or given back in Stripe's dashboard: said, booked, or told to somebody."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.briefs.model import Brief
from bot.invoices.model import InvoiceState
from bot.kernel.errors import ProviderError
from sandbox.faults import Fault
from storage.ledger import postings
from tests.desk import Desk, desk
from tests.house import Providers


@pytest.fixture
async def here(stand_ins: Providers, database_url: str) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url) as made:
        yield made


async def _opened(here: Desk, stand_ins: Providers, **on_the_draft: Any) -> tuple[Brief, dict[str, Any]]:
    """A brief and its invoice at Stripe, to be paid, whose draft got this in the dashboard."""
    brief = await here.delivered(here.alice)
    if on_the_draft:
        stand_ins.stripe.faults.add(Fault("POST .*/finalize", "lose_request", times=3))
        with pytest.raises(ProviderError):
            await here.app.services.billing.invoices.open_invoice(brief.id)
        next(iter(stand_ins.stripe.invoices.values())).update(on_the_draft)
    await here.app.services.billing.invoices.open_invoice(brief.id)
    return brief, next(iter(stand_ins.stripe.invoices.values()))


async def _look(here: Desk, brief: Brief) -> InvoiceState:
    await here.app.services.billing.invoices.settlement.look((await here.invoice(brief)).id)
    return (await here.invoice(brief)).state


async def _ledger(here: Desk) -> dict[tuple[str, str], int]:
    async with here.app.services.database.reading() as connection:
        return {place: total for place, total in (await postings.balances(connection, "main")).items() if total}


def _cost(subtotal: int, tax: int) -> dict[str, Any]:
    total = subtotal + tax
    return {"amount_subtotal": subtotal, "amount_tax": tax, "amount_total": total, "shipping_rate": None, "taxes": []}


@pytest.mark.parametrize(
    ("given", "said", "booked"),
    [
        ({"total": 12_500, "shipping_cost": _cost(500, 0)}, "5.00 USD shipping added", -500),
        ({"total": 12_595, "shipping_cost": _cost(500, 95)}, "5.95 USD shipping added", -595),
        (
            {
                "total": 12_595,
                "shipping_cost": _cost(500, 95),
                "total_taxes": [{"amount": 95, "tax_behavior": "exclusive"}],
            },
            "0.95 USD tax added, 5.00 USD shipping added",
            -500,
        ),
    ],
)
async def test_shipping_added(here: Desk, stand_ins: Providers, given: dict[str, Any], said: str, booked: int) -> None:
    """Shipping on the draft is named on the card, paid, and booked as such; its tax may be in it or beside it."""
    brief, ours = await _opened(here, stand_ins, **given)
    assert said in (await here.told(here.alice.id))[-1].text
    await stand_ins.stripe.pay(ours["id"])
    assert await _look(here, brief) is InvoiceState.PAID
    found = await _ledger(here)
    assert (found["shipping", "USD"], ("receivable", "USD") in found) == (booked, False)


async def test_payments_that_were_reported(here: Desk, stand_ins: Providers) -> None:
    """Several payments that were reported as come by other ways add up."""
    brief, ours = await _opened(here, stand_ins)
    for number, minor in enumerate((5_000, 7_000)):
        payment: dict[str, Any] = {
            "id": f"inpay_{number}",
            "object": "invoice_payment",
            "amount_paid": minor,
            "amount_requested": minor,
            "created": ours["created"],
            "currency": "usd",
            "invoice": ours["id"],
            "is_default": False,
            "livemode": False,
            "payment": {"payment_record": f"pr_{number}", "type": "payment_record"},
            "status": "paid",
            "status_transitions": {"canceled_at": None, "paid_at": ours["created"]},
        }
        stand_ins.stripe.test.store.invoice_payments.put(payment)
    ours |= {"status": "paid", "amount_paid": 12_000, "amount_remaining": 0}
    assert await _look(here, brief) is InvoiceState.PAID
    assert await _ledger(here) == {("revenue", "USD"): -12_000, ("bank", "USD"): 12_000}


async def test_credit_note_after_payment(here: Desk, stand_ins: Providers) -> None:
    """A credit note on a paid invoice is told to admins, once for each amount, and booked by the way it goes back."""
    stand_ins.stripe.capture_after(None)
    brief, ours = await _opened(here, stand_ins)
    await stand_ins.stripe.pay(ours["id"])
    assert await _look(here, brief) is InvoiceState.PAID
    booked = await _ledger(here)
    back = ((2_000, "credit_amount", "20.00 USD"), (10_000, "out_of_band_amount", "120.00 USD"))
    for number, (minor, way, words) in enumerate(back, start=1):
        stand_ins.stripe.credit_note(ours["id"], minor, **{way: minor})
        for _ in range(2):
            await _look(here, brief)
        told = [card.text for card in await here.told(here.carol.id) if "A credit note after payment" in card.text]
        assert len(told) == number
        assert f"{words} in all" in told[-1]
        assert "The ledger follows" in told[-1]
    credited = {("credit notes", "USD"): 12_000, ("customer balance", "USD"): -2_000, ("bank", "USD"): -10_000}
    assert await _ledger(here) == booked | credited


async def test_credit_note_voided(here: Desk, stand_ins: Providers) -> None:
    """One that is voided after payment is told to admins as well, with what is left; one made again is told again."""
    stand_ins.stripe.capture_after(None)
    brief, ours = await _opened(here, stand_ins)
    await stand_ins.stripe.pay(ours["id"])
    assert await _look(here, brief) is InvoiceState.PAID
    booked = await _ledger(here)
    for minor in (2_000, 500, 0, 2_000):
        ours["post_payment_credit_notes_amount"] = minor
        for _ in range(2):
            await _look(here, brief)
    told = [card.text for card in await here.told(here.carol.id) if "A credit note after payment" in card.text]
    assert ["was voided" in text for text in told] == [False, True, True, False]
    assert "5.00 USD in all goes back after payment now; before it was 20.00 USD" in told[1]
    assert "0.00 USD in all goes back after payment now; before it was 5.00 USD" in told[2]
    assert await _ledger(here) == booked
