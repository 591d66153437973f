"""An invoice of its own, for no brief: made, shown, refused, paid; and what the version before began, gone on with."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from stripe import AIOHTTPClient, StripeClient

from bot.billing.mirror import FINANCE
from bot.briefs.model import Brief
from bot.invoices.marks import mark_of_invoice
from bot.invoices.model import Invoice, InvoiceLine, InvoiceState, subject_of
from bot.invoices.ports import PaymentEvent
from bot.kernel.card import Card
from bot.kernel.errors import ProviderError, Refusal
from bot.kernel.money import Money
from bot.kernel.translation import Reader, reading_as
from sandbox.faults import Fault
from storage.billing import invoices as billing
from storage.core.installation import installation_code
from storage.engine.database import Transaction
from storage.ledger import postings
from storage.tables.billing import invoice_lines
from storage.tables.core import inbox
from tests.clock import Hands
from tests.desk import Desk, desk
from tests.house import Providers
from tests.mirror import row_of

HAND = subject_of("hand", 55)
LINES = (InvoiceLine("Advice", 3, Money(5_000, "USD")), InvoiceLine("Travel", 1, Money(1_250, "USD")))
MANY = tuple(InvoiceLine(f"Part {number}", 1, Money(1_000, "USD")) for number in range(1, 15))
REFUSED = '{"error": {"type": "invalid_request_error", "message": "not yet"}}'


@pytest.fixture
async def here(stand_ins: Providers, database_url: str) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url, Hands()) as made:
        yield made


async def begun(here: Desk, lines: tuple[InvoiceLine, ...] = LINES, subject: str = HAND) -> Invoice:
    """An invoice for alice that is to be made."""
    alice = await here.person(here.alice)

    async def work(tx: Transaction) -> Invoice:
        return await here.app.services.billing.invoices.begin(tx, alice.tenant, subject, alice.id, lines)

    return await here.app.services.database.write(work)


async def stands(here: Desk, number: int) -> Invoice:
    async with here.app.services.database.reading() as connection:
        invoice = await billing.load_invoice(connection, number)
    assert invoice is not None
    return invoice


def said(cards: list[Card]) -> str:
    return "\n".join(
        part for card in cards for part in (card.text, card.toast, *(b.label for r in card.rows for b in r))
    )


async def test_from_its_lines_to_the_receipt(here: Desk, stand_ins: Providers) -> None:
    """It has its lines at Stripe, is paid and booked, and nobody who hears of it reads of a brief."""
    invoice = await begun(here)
    assert (await begun(here)).id == invoice.id
    await here.app.services.billing.invoices.making.make(invoice.id)
    (theirs,) = stand_ins.stripe.invoices.values()
    assert [(line["description"], line["quantity"], line["amount"]) for line in theirs["lines"]["data"]] == [
        ("Advice", 3, 15_000),
        ("Travel", 1, 1_250),
    ]
    marks = theirs["metadata"]
    assert (marks["echopilot_subject"], marks["echopilot_invoice"]) == (HAND, str(invoice.id))
    assert "echopilot_brief" not in marks
    listed = [await here.says(who, "/invoices") for who in (here.alice, here.carol)]
    assert "Pay 162.50 USD" in said(listed)
    await stand_ins.stripe.pay(theirs["id"])
    assert await here.app.services.billing.invoices.settlement.look(invoice.id)
    assert (await stands(here, invoice.id)).state is InvoiceState.PAID
    told = await here.told(here.alice.id)
    assert "162.50 USD: Advice, Travel" in told[0].text
    assert "Received 162.50 USD" in told[-1].text
    async with here.app.services.database.reading() as connection:
        row = await row_of(connection, FINANCE, invoice.id)
        balances = await postings.balances(connection, "main")
    assert (row["Brief"], row["Amount"], row["State"]) == ("", 162.5, "paid")
    assert balances["revenue", "USD"] == -16_250
    found = await here.says(here.carol, f"/find {row['Invoice']}")
    assert "Paid" in found.text
    assert "brief" not in said([*listed, *told, found]).lower().replace("nothing found", "")


async def test_refused_and_asked_again(here: Desk, stand_ins: Providers) -> None:
    """What Stripe refuses waits in /failed under its own number, and a tap has it made."""
    stand_ins.stripe.faults.add(Fault("POST .*/v1/invoices", "status", status=400, body=REFUSED))
    invoice = await begun(here)
    await here.app.services.billing.invoices.making.make(invoice.id)
    listed = await here.says(here.carol, "/failed")
    assert f"Invoice {invoice.id}, 162.50 USD: Stripe: not yet" in listed.text
    again = await here.taps(here.carol, f"Ask Stripe again, {invoice.id}", listed)
    assert again.card is not None
    await here.app.services.billing.invoices.making.make(invoice.id)
    assert (await stands(here, invoice.id)).state is InvoiceState.OPEN
    told = [*await here.told(here.alice.id), *await here.told(here.carol.id), listed, again.card]
    assert "brief" not in said(told).lower()


async def test_other_details_asked_for(here: Desk, stand_ins: Providers) -> None:
    """Where Stripe refuses what its client gave, they are asked for other details, and told that it goes on."""
    await here.says(here.alice, "/billing Anna, anna@example.org, Germany")
    stand_ins.stripe.refuse_text("anna@example.org")
    invoice = await begun(here)
    await here.app.services.billing.invoices.making.make(invoice.id)
    assert (await stands(here, invoice.id)).state is InvoiceState.DETAILS
    told = await here.told(here.alice.id)
    assert f"Invoice {invoice.id} · It needs you" in told[-1].text
    goes_on = await here.says(here.alice, "/billing Anna, anna@example.com, Germany")
    assert f"Invoice {invoice.id} continues now." in goes_on.text
    assert "brief" not in said([*told, goes_on, *await here.told(here.carol.id)]).lower()


async def test_lines_that_are_there_already(here: Desk, stand_ins: Providers) -> None:
    """A draft that was left with some of its lines gets the others, once Stripe forgot all keys as well."""
    invoice = await begun(here, MANY)
    stand_ins.stripe.faults.add(Fault("POST .*/finalize", "lose_request", times=3))
    with pytest.raises(ProviderError):
        await here.app.services.billing.invoices.making.make(invoice.id)
    (draft,) = stand_ins.stripe.invoices.values()
    async with client_of(stand_ins) as client:
        for line in (draft["lines"]["data"][4], draft["lines"]["data"][11]):
            await client.v1.invoice_items.delete_async(line["parent"]["invoice_item_details"]["invoice_item"])
    await a_day_later(here, stand_ins)
    await here.app.services.billing.invoices.making.make(invoice.id)
    (theirs,) = stand_ins.stripe.invoices.values()
    assert sorted(line["description"] for line in theirs["lines"]["data"]) == sorted(one.description for one in MANY)
    assert (await stands(here, invoice.id)).state is InvoiceState.OPEN


@pytest.mark.parametrize(
    "lines", [(InvoiceLine("Advice", 1, Money(10, "USD")),), (InvoiceLine("Advice", 1_000_000, Money(100, "USD")),)]
)
async def test_amounts_that_cannot_be_charged(here: Desk, lines: tuple[InvoiceLine, ...]) -> None:
    """It is refused before anything is kept where Stripe could never charge so much, or so little, in all."""
    with pytest.raises(Refusal, match="cannot be charged"):
        await begun(here, lines)
    async with here.app.services.database.reading() as connection:
        assert await billing.of_subject(connection, "main", HAND) is None


async def a_day_later(here: Desk, stand_ins: Providers) -> None:
    """Stripe forgot all keys."""
    clock = here.app.services.database.clock
    assert isinstance(clock, Hands)
    clock.ahead += timedelta(days=1)
    stand_ins.stripe.forget_keys()


@asynccontextmanager
async def client_of(stand_ins: Providers) -> AsyncIterator[StripeClient]:
    http = AIOHTTPClient()
    yield StripeClient("sk_test_x", base_addresses={"api": f"{stand_ins.url}/stripe"}, http_client=http)
    await http.close_async()  # type: ignore[no-untyped-call]


async def begun_before(here: Desk, stand_ins: Providers, brief: Brief) -> str:
    """What the version before asked Stripe for, up to where its draft had a line; returns the draft's id."""
    worded = invoice_lines.update().where(invoice_lines.c.invoice_id == (await here.invoice(brief)).id)
    await here.app.services.database.write(lambda tx: tx.run(worded.values(description=f"Drafting: {brief.title}")))
    stand_ins.stripe.faults.add(Fault("POST .*/invoices", "lose_request", times=3))
    with pytest.raises(ProviderError):
        await here.app.services.billing.invoices.open_invoice(brief.id)
    (customer,), invoice = stand_ins.stripe.customers, await here.invoice(brief)
    code, row = await installation_code(here.app.services.database, "main"), mark_of_before(invoice, brief.title)
    marks = {"echopilot_invoice": str(invoice.id), "echopilot_brief": str(brief.id)}
    marks |= {"echopilot_installation": code, "echopilot_row": row}
    keys = f"ep:{code}:invoice:{invoice.id}.{row}"
    async with client_of(stand_ins) as client:
        draft = await client.v1.invoices.create_async(
            {"customer": customer, "currency": "usd", "auto_advance": False, "metadata": marks,
             "pending_invoice_items_behavior": "exclude", "collection_method": "charge_automatically"},
            {"idempotency_key": f"{keys}:create:v1"},
        )  # fmt: skip
        await client.v1.invoice_items.create_async(
            {"customer": customer, "invoice": draft.id, "amount": 12_000, "currency": "usd",
             "description": f"Drafting: {brief.title}"},
            {"idempotency_key": f"{keys}:item:v1"},
        )  # fmt: skip
    return draft.id


def mark_of_before(invoice: Invoice, title: str) -> str:
    says = (invoice.created_at.isoformat(), invoice.brief_id, invoice.client_id, "120.00 USD", f"Drafting: {title}")
    return hashlib.sha256("\n".join(map(str, says)).encode()).hexdigest()[:12]


@pytest.mark.parametrize("forgotten", [False, True])
async def test_what_the_version_before_began(here: Desk, stand_ins: Providers, forgotten: bool) -> None:
    """A draft that the version before made, with its keys and its metadata, is the one that is finished."""
    brief = await here.delivered(here.alice)
    draft = await begun_before(here, stand_ins, brief)
    if forgotten:
        await a_day_later(here, stand_ins)
    await here.app.services.billing.invoices.open_invoice(brief.id)
    kept = await here.invoice(brief)
    assert (kept.state, kept.stripe_id, list(stand_ins.stripe.invoices)) == (InvoiceState.OPEN, draft, [draft])
    read = await here.app.payments.read_invoice(draft)
    assert read.subject == f"brief:{brief.id}"
    await stand_ins.stripe.pay(draft)
    await here.app.services.billing.invoices.settlement.look(kept.id)
    assert (await here.invoice(brief)).state is InvoiceState.PAID


async def test_line_of_a_brief(here: Desk, stand_ins: Providers) -> None:
    """The one line of a brief's invoice says what was made and for which brief, on Stripe's invoice too."""
    brief = await here.delivered(here.alice)
    await here.app.services.billing.invoices.open_invoice(brief.id)
    invoice = await here.invoice(brief)
    async with here.app.services.database.reading() as connection:
        (line,) = await billing.lines_of(connection, invoice)
    assert line.description == f"Landing page text for Nordwind, brief {brief.id}"
    (theirs,) = stand_ins.stripe.invoices.values()
    assert [one["description"] for one in theirs["lines"]["data"]] == [line.description]


async def test_mark_in_any_language(here: Desk) -> None:
    """The mark of a row, which is in its keys, is the same whoever reads."""
    invoice = await begun(here)
    with reading_as(Reader("de")):
        german = mark_of_invoice(invoice, LINES)
    assert german == mark_of_invoice(invoice, LINES)


@pytest.mark.parametrize(("subject", "said"), [("brief:{brief}", ""), ("hand:{brief}", "was made for something else")])
async def test_subject_in_the_metadata(here: Desk, stand_ins: Providers, subject: str, said: str) -> None:
    """What bears our number and is for something else is not ours, however it is paid: admins hear of it."""
    brief = await here.delivered(here.alice)
    await here.app.services.billing.invoices.open_invoice(brief.id)
    (ours,) = stand_ins.stripe.invoices.values()
    await stand_ins.stripe.pay(ours["id"])
    ours["metadata"]["echopilot_subject"] = subject.format(brief=brief.id)
    await forget_what_is_at_stripe(here, brief)
    await here.app.services.billing.invoices.webhooks.apply_event(await arrives(here, "invoice.paid", ours))
    told = [card.text for card in await here.told(here.carol.id) if "Another invoice has our number" in card.text]
    assert len(told) == 1
    assert said in told[0]
    assert ("something else" in told[0]) is bool(said)


async def forget_what_is_at_stripe(here: Desk, brief: Brief) -> None:
    invoice = await here.invoice(brief)
    await here.app.services.database.write(lambda tx: billing.change_invoice(tx, invoice, stripe_id="in_of_ours"))


async def arrives(here: Desk, kind: str, thing: dict[str, Any]) -> int:
    """A webhook of this kind is kept; returns its number."""
    event = PaymentEvent("evt_1", kind, {"id": thing["id"], "metadata": dict(thing["metadata"])})
    await here.app.services.database.write(lambda tx: here.app.services.billing.invoices.webhooks.receive(tx, [event]))
    async with here.app.services.database.reading() as connection:
        return int((await connection.execute(select(func.max(inbox.c.id)))).scalar_one())
