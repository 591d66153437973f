"""/status says what waits for whoever asks before anything else."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from bot.access.model import TENANT, Role
from bot.briefs.model import Brief, State
from bot.invoices.model import InvoiceState
from storage.billing import invoices as billing
from storage.briefs import briefs
from storage.engine.database import Transaction
from storage.people import people
from tests.desk import Desk, desk
from tests.house import Providers

WORK = "Write page {number} about solar lamps for campers, about two hundred words long."
REVIEWED = (State.QUEUED, State.DRAFTING, State.JUDGING, State.IN_REVIEW)
DELIVERED = (*REVIEWED, State.APPROVED, State.DELIVERED, State.INVOICED)


@pytest.fixture
async def here(stand_ins: Providers, database_url: str) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url) as made:
        yield made


async def invoiced(here: Desk, number: int, **values: Any) -> Brief:
    """A delivered brief of Alice's whose invoice stands so."""
    brief = await moved(here, *DELIVERED, number=number)
    database = here.app.services.database
    values = {"number": f"N-{number}", "url": f"https://invoice.stripe.com/i/{number}"} | values

    async def work(tx: Transaction) -> None:
        invoice = await billing.invoice_for(tx, brief)
        await billing.change_invoice(tx, invoice, links_at=tx.now, **values)

    await database.write(work)
    return brief


async def moved(here: Desk, *states: State, **values: Any) -> Brief:
    """A brief of Alice's that went through these states."""
    number = (await here.says(here.alice, WORK.format(number=values.pop("number", 1)))).rows[0][0].subject

    async def work(tx: Transaction) -> Brief:
        brief = await briefs.load(tx.connection, number)
        for state in states:
            brief = await briefs.move(tx, brief, state, **(values if state is states[-1] else {}))
        return brief

    return await here.app.services.database.write(work)


async def test_what_waits_for_a_client(here: Desk) -> None:
    """A quote, an invoice that is late and one that wants other details have a line each, with a way to see to it."""
    now = here.app.services.database.clock.now()
    late = {"state": InvoiceState.OPEN, "due_at": now - timedelta(days=3, minutes=1)}
    await invoiced(here, 1, **late)
    await invoiced(here, 2, state=InvoiceState.DETAILS)
    await invoiced(here, 3, state=InvoiceState.PAID, paid_minor=12_000)
    quote = await here.says(here.alice, WORK.format(number=4))
    card = await here.says(here.alice, "/status")
    assert card.text.splitlines()[:5] == [
        "<b>3 things wait for you</b>",
        "Quote to answer: “Write page 4 about solar lamps for…”, 120.00 USD, asked 0 s ago",
        "To pay: 120.00 USD, invoice N-1, 3 days late",
        "Billing details to give for invoice N-2: /billing",
        "No brief is under way.",
    ]
    assert card.text.splitlines()[5].startswith("As of ")
    [leads], pay, refresh = card.rows
    assert (leads.action, leads.subject) == ("quote", quote.rows[0][0].subject)
    assert (pay[0].label, pay[0].url) == ("Pay 120.00 USD, brief 1001", "https://invoice.stripe.com/i/1")
    assert [button.label for button in refresh] == ["Refresh"]


async def test_nothing_waits_for_a_client(here: Desk) -> None:
    """Paid and void invoices, cancelled briefs and other clients' quotes wait for nobody; what is under way is told."""
    await invoiced(here, 1, state=InvoiceState.VOID)
    await moved(here, State.CANCELLED, number=2)
    await moved(here, State.QUEUED, number=3)
    await here.says(here.bob, WORK.format(number=4))
    card = await here.says(here.alice, "/status")
    assert card.text.splitlines()[:2] == ["<b>Nothing waits for you</b>", "In the queue: 1"]


async def test_much_waits_for_a_client(here: Desk) -> None:
    """Of many things three are shown, and the lists of all are named."""
    for number in range(5):
        await here.says(here.alice, WORK.format(number=number))
    card = await here.says(here.alice, "/status")
    assert card.text.splitlines()[0] == "<b>5 things wait for you</b>"
    assert card.text.count("Quote to answer") == 3
    assert "and 2 more: /briefs, /invoices" in card.text


async def test_what_an_operator_does_first(here: Desk) -> None:
    """Late drafts come first, then what a fault stopped, then what else waits for a decision; each has its way."""
    now = here.app.services.database.clock.now()
    assert (await here.says(here.bob, "/status")).text.startswith("<b>All is well</b>")
    waiting = await moved(here, *REVIEWED, number=1)
    assert (await here.says(here.bob, "/status")).text.startswith("<b>1 draft to decide</b>")
    await moved(here, State.QUEUED, State.FAILED, number=2)
    assert (await here.says(here.bob, "/status")).text.startswith("<b>1 stopped by a fault</b>")
    late = await moved(here, *REVIEWED, number=3, deadline=now - timedelta(hours=3))
    card = await here.says(here.bob, "/status")
    first, ahead, decide, failed = card.text.splitlines()[:4]
    assert (first, ahead) == ("<b>1 draft is late</b>", f"Late: 1, first /brief_{late.id}, 3 h late")
    assert re.fullmatch(rf"To decide: 2, /brief_{waiting.id} waits \d+ s", decide)
    assert failed == "Stopped by a fault: 1, see /failed"
    assert _labels(card) == ["See late drafts", "Open the queue", "See failures", "Refresh"]
    assert f"/brief_{late.id}" in ((await here.taps(here.bob, "See late drafts", card)).card or card).text
    assert "Stopped by a fault" in ((await here.taps(here.bob, "See failures", card)).card or card).text


async def test_messages_to_answer(here: Desk) -> None:
    """Messages of clients that wait for an answer are told to those who may give it, with the longest wait."""
    await here.says(here.alice, "/support When does the next text come?")
    await here.says(here.alice, "/support And can it be shorter?")
    for person in (here.bob, here.carol):
        head, waits = (await here.says(person, "/status")).text.splitlines()[:2]
        assert head == "<b>1 message to answer</b>"
        assert re.fullmatch(r"To answer: 1, /support_1001 waits \d+ s", waits)
    assert "message" not in (await here.says(here.alice, "/status")).text


async def test_an_analyst_has_nothing_to_do(here: Desk, stand_ins: Providers) -> None:
    """Somebody who decides nothing reads the same figures, without buttons to what is not theirs."""
    dan = stand_ins.people()["dan"]
    services = here.app.services
    await services.database.write(lambda tx: people.enroll(tx, TENANT, dan.id, "Dan", Role.ANALYST, "en"))
    await moved(here, *REVIEWED)
    card = await here.says(dan, "/status")
    assert card.text.startswith("<b>1 draft to decide</b>")
    assert _labels(card) == ["Refresh"]


def _labels(card: Any) -> list[str]:
    return [button.label for row in card.rows for button in row]
