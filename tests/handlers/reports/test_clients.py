"""/clients: what each client has under way, owes, ordered last, and how satisfied they are."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.access.model import TENANT, Person, Role
from bot.briefs.model import Brief, State
from bot.invoices.model import InvoiceLine, InvoiceState
from bot.kernel.card import Card
from bot.kernel.money import Money
from bot.kernel.task_type import TaskType
from storage.billing import invoices as billing
from storage.briefs import briefs
from storage.engine.database import Transaction
from storage.people import people
from storage.quality import ratings
from storage.tables.briefs import briefs as table
from tests.clock import SimulatedClock
from tests.desk import Desk, desk
from tests.house import Providers

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
async def here(stand_ins: Providers, database_url: str) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url, SimulatedClock(NOON)) as made:
        yield made


async def a_brief(tx: Transaction, client: Person, state: State, **values: Any) -> Brief:
    row = {"tenant": client.tenant, "client_id": client.id, "chat_id": client.telegram_id, "state": state}
    row |= {"task_type": TaskType.DRAFTING, "title": "Lamps", "text": "Lamps", "qa_target": 80, "language": "en"}
    row |= {"price_minor": 12_000, "currency": "USD"}
    number = len((await tx.run(table.select())).all())
    brief, _ = await briefs.add(tx, f"test:{number}", row | values)
    return brief


async def an_invoice(tx: Transaction, client: Person, key: int, money: Money, **values: Any) -> None:
    invoice, _ = await billing.begin(tx, client.tenant, f"hand:{key}", client.id, [InvoiceLine("Advice", 1, money)])
    await billing.change_invoice(tx, invoice, **({"state": InvoiceState.OPEN} | values))


async def a_history(here: Desk) -> Person:
    """Alice: two briefs under way, a quote, one delivered with stars; two invoices to pay, one of them late."""
    alice = await here.person(here.alice)

    async def work(tx: Transaction) -> None:
        paid = await a_brief(tx, alice, State.PAID)
        for stars, brief in ((4, paid), (5, await a_brief(tx, alice, State.PAID))):
            await ratings.rate(tx, brief, stars)
        for state in (State.DRAFTING, State.IN_REVIEW, State.QUOTED, State.CANCELLED):
            await a_brief(tx, alice, state)
        soon, late = tx.now + timedelta(days=3), tx.now - timedelta(days=3)
        await an_invoice(tx, alice, 1, Money(12_000, "USD"), due_at=soon, paid_minor=2_000)
        await an_invoice(tx, alice, 2, Money(6_000, "USD"), due_at=late)
        await an_invoice(tx, alice, 3, Money(5_000, "EUR"), due_at=soon)
        await an_invoice(tx, alice, 4, Money(90_000, "USD"), state=InvoiceState.PAID, paid_minor=90_000)
        await an_invoice(tx, alice, 5, Money(80_000, "USD"), state=InvoiceState.VOID)

    await here.app.services.database.write(work)
    return alice


async def test_the_list(here: Desk) -> None:
    """A line says what is open, owed by currency and late, when the last order was, and the stars; a new client has
    none of it.
    """
    alice = await a_history(here)
    await here.app.services.database.write(lambda tx: people.enroll(tx, TENANT, 77, "Zoe & Co", Role.CLIENT, "en"))
    lines = (await here.says(here.bob, "/clients")).text.splitlines()
    assert lines[0] == "<b>Clients</b>"
    assert lines[1].endswith("Zoe &amp; Co · 0 open · no order yet")
    assert lines[2] == (
        f"/client_{alice.id} Alice · 2 open · owes 50.00 EUR · owes 160.00 USD, 60.00 USD of it late"
        " · last order 23 Nov 2026 · stars 4.5 of 5 (2)"
    )
    assert len(lines) == 3


async def test_ten_a_page(here: Desk) -> None:
    """Of 25 clients each is on one of three pages."""

    async def work(tx: Transaction) -> None:
        for number in range(24):
            await people.enroll(tx, TENANT, 5_000 + number, f"Customer{number}", Role.CLIENT, "en")

    await here.app.services.database.write(work)
    card = await here.says(here.carol, "/clients")
    seen = [len(card.text.splitlines()) - 1]
    names = set(card.text.split())
    while any("Older" in button.label for row in card.rows for button in row):
        card = (await here.taps(here.carol, "Older", card)).card or Card()
        seen.append(len(card.text.splitlines()) - 1)
        names |= set(card.text.split())
    assert seen == [10, 10, 5]
    assert {f"Customer{number}" for number in range(24)} | {"Alice"} <= names


async def test_a_card(here: Desk) -> None:
    """The card says the same in lines; its buttons are what whoever looks may do."""
    alice = await a_history(here)
    card = await here.says(here.carol, f"/client_{alice.id}")
    assert card.text.splitlines() == [
        "<b>Alice · client</b>",
        "Open briefs: 2",
        "Last order: 23 Nov 2026",
        "Owes: 50.00 EUR · 160.00 USD, 60.00 USD of it late",
        "Stars: 4.5 of 5 (2)",
        "Minimum score: that of each type",
    ]
    assert _labels(card) == ["Write", "Target", "Invoices", "Invoice", "Role", "Back"]
    assert _labels(await here.says(here.bob, f"/client_{alice.id}")) == ["Write", "Invoices", "Invoice", "Back"]
    assert "There is no client 999" in (await here.says(here.carol, "/client_999")).text


async def test_invoices_of_a_client(here: Desk) -> None:
    """They are listed ten a page, and none of another client's."""
    alice = await a_history(here)
    bob = await here.person(here.bob)

    async def work(tx: Transaction) -> None:
        for key in range(10, 18):
            await an_invoice(tx, alice, key, Money(100, "USD"))
        await an_invoice(tx, bob, 99, Money(77_700, "USD"))

    await here.app.services.database.write(work)
    card = (await here.taps(here.bob, "Invoices", await here.says(here.bob, f"/client_{alice.id}"))).card or Card()
    assert card.text.startswith("<b>Invoices of Alice</b>")
    assert (len(card.text.splitlines()), "777.00" in card.text) == (11, False)
    older = (await here.taps(here.bob, "Older", card)).card or Card()
    assert len(older.text.splitlines()) == 4
    back = (await here.taps(here.bob, "Back", older)).card or Card()
    assert back.text.startswith("<b>Alice · client</b>")


async def test_a_target_is_tapped(here: Desk) -> None:
    """An admin sets a client's minimum score by two taps, and takes it back; nobody else may."""
    alice = await a_history(here)
    card = await here.says(here.carol, f"/client_{alice.id}")
    ask = (await here.taps(here.carol, "Target", card)).card or Card()
    assert ask.text.startswith("<b>Minimum score for Alice's briefs</b>")
    done = (await here.taps(here.carol, "85", ask)).card or Card()
    assert "Minimum score: 85" in done.text
    assert done.toast == "Minimum score for Alice's new briefs: 85"
    refused = (await here.taps(here.bob, "85", ask)).card or Card()
    assert "Only admins may set" in refused.text + refused.toast
    again = (await here.taps(here.carol, "As for everybody", ask)).card or Card()
    assert "Minimum score: that of each type" in again.text


async def test_not_for_clients(here: Desk) -> None:
    """A client is told who may see this."""
    for words in ("/clients", "/client_1001"):
        assert "may see every brief and invoice" in (await here.says(here.alice, words)).text


def _labels(card: Card) -> list[str]:
    return [button.label for row in card.rows for button in row]
