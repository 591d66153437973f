"""How an invoice stands, in every place that shows it or its brief."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import stripe
from sqlalchemy import select

from bot.billing.mirror import FINANCE
from bot.briefs.mirror import JOB_LOG
from bot.briefs.model import State
from bot.invoices.model import InvoiceState
from bot.kernel.card import Card
from storage.billing import invoices as billing
from storage.briefs import briefs
from storage.tables.core import outbox
from tests.desk import Desk, desk
from tests.house import Providers
from tests.mirror import row_of

# What an invoice's row says: the words of its brief, those of the invoice itself, and the brief's in the mirror.
STATES: dict[str, tuple[dict[str, Any], str, str, str]] = {
    "new": ({"state": "new"}, "Delivered, invoice being made", "Being made", "invoice being made"),
    "unknown": (
        {"state": "unknown"},
        "Delivered, invoice being checked",
        "Being checked with Stripe",
        "invoice being checked",
    ),
    "open": ({"state": "open"}, "Delivered, invoice open", "To pay", "invoiced"),
    "part paid": (
        {"state": "open", "paid_minor": 5_000},
        "Delivered, invoice partly paid",
        "50.00 of 120.00 USD paid",
        "invoiced",
    ),
    "overdue": (
        {"state": "uncollectible"},
        "Delivered, invoice overdue",
        "Overdue, can still be paid",
        "invoice overdue",
    ),
    "void": ({"state": "void"}, "Delivered, invoice void", "Void", "invoice void"),
    "missing": (
        {"state": "missing"},
        "Delivered, invoice not found at Stripe",
        "Not found at Stripe",
        "invoice not found",
    ),
    "refused": ({"state": "failed"}, "Delivered, invoice refused by Stripe", "Refused by Stripe", "invoice refused"),
    "details": (
        {"state": "details"},
        "Delivered, invoice waits for billing details",
        "Waits for billing details",
        "invoice waits for details",
    ),
    "cancelled": ({"state": "cancelled"}, "Delivered, invoice cancelled", "Cancelled", "invoice cancelled"),
    "paid": ({"state": "paid", "paid_minor": 12_000}, "Paid", "Paid", "paid"),
    "nothing to pay": ({"state": "paid", "asked_minor": 0}, "Paid", "Paid", "paid"),
}


@pytest.fixture
async def here(stand_ins: Providers, database_url: str) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url) as made:
        yield made


def test_every_state() -> None:
    """The table has every state that an invoice can be in."""
    assert {values["state"] for values, *_ in STATES.values()} == set(InvoiceState)


async def test_every_place(here: Desk) -> None:
    """In every state, /brief_1001, /briefs, /invoices, /find and the mirror say what is so, to client and team alike,
    and nobody is sent to pay what cannot be paid.
    """
    delivered = await here.delivered(here.alice)
    services = here.app.services
    brief = await services.database.write(lambda tx: briefs.move(tx, delivered, State.INVOICED))
    for values, of_brief, of_invoice, mirrored in STATES.values():
        before = await here.invoice(brief)
        clear = {"paid_minor": 0, "asked_minor": None, "url": "https://invoice.stripe.com/i/1", "number": "N-1"}
        state = clear | values | {"state": InvoiceState(values["state"])}
        await services.database.write(lambda tx, b=before, s=state: billing.change_invoice(tx, b, **s))  # type: ignore[misc]
        invoice = await here.invoice(brief)
        for person in (here.alice, here.bob):
            assert f"Brief {brief.id} · {of_brief}<" in (await here.says(person, f"/brief_{brief.id}")).text
            assert f"\n{of_brief}, " in (await here.says(person, "/briefs")).text
            assert f" · {of_invoice}" in (await here.says(person, "/invoices")).text
            found = (await here.says(person, "/find Nordwind")).text
            assert f"\n{of_brief}, " in found
            assert f" · {of_invoice} /brief_{brief.id}" in (await here.says(person, "/find N-1")).text
        payable = values["state"] in {"open", "uncollectible"}
        assert ("To pay it" in (await here.says(here.alice, f"/brief_{brief.id}")).text) is payable
        assert _pays(await here.says(here.alice, "/invoices")) is payable
        async with services.database.reading() as connection:
            assert (await row_of(connection, JOB_LOG, brief.id))["State"] == mirrored
            assert (await row_of(connection, FINANCE, invoice.id))["State"] == values["state"]


def _pays(card: Card) -> bool:
    return any(button.url for row in card.rows for button in row)


# What happens to an invoice at Stripe: by a request, or by what the request cannot bring about in the stand-in.
async def _void(invoices: stripe.InvoiceService, stand_ins: Providers, invoice: str) -> None:
    await invoices.void_invoice_async(invoice)


async def _written_off(invoices: stripe.InvoiceService, stand_ins: Providers, invoice: str) -> None:
    await invoices.mark_uncollectible_async(invoice)


async def _paid_elsewhere(invoices: stripe.InvoiceService, stand_ins: Providers, invoice: str) -> None:
    await invoices.pay_async(invoice, {"paid_out_of_band": True})


async def _deleted(invoices: stripe.InvoiceService, stand_ins: Providers, invoice: str) -> None:
    del stand_ins.stripe.invoices[invoice]


async def _credited(invoices: stripe.InvoiceService, stand_ins: Providers, invoice: str) -> None:
    credited = {"pre_payment_credit_notes_amount": 12_000, "amount_due": 0, "amount_remaining": 0}
    stand_ins.stripe.invoices[invoice].update(credited, status="paid")


async def _part_paid(invoices: stripe.InvoiceService, stand_ins: Providers, invoice: str) -> None:
    await stand_ins.stripe.pay(invoice, amount=5_000)


HAPPENINGS = {
    "void": (
        _void,
        "Delivered, invoice void",
        "invoice void",
        "The invoice was made void",
        "No revenue yet",
    ),
    "written off": (
        _written_off,
        "Delivered, invoice overdue",
        "invoice overdue",
        "The invoice was written off, and can still be paid",
        "Revenue 120.00 USD, nothing paid",
    ),
    "paid elsewhere": (_paid_elsewhere, "Paid", "paid", "Paid", "Revenue 120.00 USD, paid 120.00 USD"),
    "deleted": (
        _deleted,
        "Delivered, invoice not found at Stripe",
        "invoice not found",
        "Stripe no longer knew the invoice",
        "Revenue 120.00 USD, nothing paid",
    ),
    "credited": (_credited, "Paid", "paid", "Paid", "No revenue yet"),
    "part paid": (
        _part_paid,
        "Delivered, invoice partly paid",
        "invoiced",
        "A part of the invoice was paid",
        "Revenue 120.00 USD, paid 50.00 USD",
    ),
}


@pytest.mark.parametrize("happening", HAPPENINGS)
async def test_what_follows_a_brief(here: Desk, stand_ins: Providers, happening: str) -> None:
    """Once Stripe was asked, the message that follows the brief, its card, its replay, its row in the mirror and the
    report say what happened.
    """
    happens, words, mirrored, replayed, reported = HAPPENINGS[happening]
    services = here.app.services
    brief = await here.delivered(here.alice)
    await services.billing.invoices.open_invoice(brief.id)
    invoice = await here.invoice(brief)
    assert invoice.stripe_id is not None
    http = stripe.AIOHTTPClient()
    client = stripe.StripeClient(
        "sk_test_x", base_addresses={"api": services.settings.stripe_api_url}, http_client=http
    )
    await happens(client.v1.invoices, stand_ins, invoice.stripe_id)
    await http.close_async()  # type: ignore[no-untyped-call]
    await services.billing.invoices.settlement.look(invoice.id)
    headline = f"<b>Brief {brief.id} · {words}</b>"
    followed = [card.text.splitlines()[0] for card in await here.told(here.alice.id)]
    assert [line for line in followed if line.startswith("<b>Brief")][-1] == headline
    assert (await here.says(here.alice, f"/brief_{brief.id}")).text.startswith(headline)
    first = await here.says(here.bob, f"/replay_{brief.id}")
    last = (await here.taps(here.bob, "Last", first)).card
    assert last is not None
    assert f"<b>{replayed}</b>" in last.text
    assert reported in (await here.says(here.carol, "/report")).text
    async with services.database.reading() as connection:
        assert (await row_of(connection, JOB_LOG, brief.id))["State"] == mirrored
        waiting = await connection.execute(select(outbox.c.slot).where(outbox.c.channel == "notion"))
        assert f"Job Log:brief:{brief.id}" in waiting.scalars().all()
