"""The week's evidence: what it holds, that it is right, and that it comes once."""

import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from pypdf import PdfReader
from sqlalchemy import text

from bot.access.model import TENANT
from bot.approvals.model import ApprovalState
from bot.kernel.card import Card
from bot.kernel.errors import Forbidden
from bot.sessions.service import Caller
from jobs.catalog import BY_NAME
from tests.bot.audit.test_sealing import OFF
from tests.bot.governance.office import NOW, asked, refunded, signed
from tests.clock import SimulatedClock
from tests.desk import Desk, desk
from tests.house import Providers

MONDAY = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(NOW)


@pytest.fixture
async def here(stand_ins: Providers, database_url: str, clock: SimulatedClock) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url, clock) as made:
        yield made


def words_of(card: Card) -> str:
    """What the card's PDF says."""
    assert card.document is not None
    assert card.document.name.endswith(".pdf")
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(card.document.data)).pages).split())


async def packs(here: Desk) -> list[Card]:
    return [card for card in await here.told(here.carol.id) if "Audit pack" in card.text]


@pytest.mark.both_databases
async def test_a_week(here: Desk, clock: SimulatedClock) -> None:
    """It names both people behind each deed, whoever acted alone, sign-ins, an incident and the log's state; once."""
    bob, carol, services = await here.person(here.bob), await here.person(here.carol), here.app.services
    await signed(here, await asked(here, bob, 1_001), carol.id, state=ApprovalState.GRANTED, ended_at=clock.now())
    await signed(here, await asked(here, carol, 1_002), carol.id, state=ApprovalState.GRANTED, ended_at=clock.now())
    await services.sessions.by_link(await services.sessions.link(carol), Caller("203.0.113.7", "browser"))
    await services.incidents.incidents.open(carol, "The printer burns")
    brief = await here.delivered(here.alice)
    await services.billing.invoices.open_invoice(brief.id)
    await refunded(here, (await here.invoice(brief)).id, bob, 1)
    await services.chain.seal()
    clock.passes(seconds=(MONDAY - NOW).total_seconds())
    for _twice in range(2):
        said = await BY_NAME["audit_pack"].carry_out(services, TENANT, MONDAY)
        assert said == "the pack of 2026-11-16 to 2026-11-22 goes to 1 by chat, 1 by mail"
    (card,) = await packs(here)
    assert "16 Nov to 22 Nov 2026" in card.text
    assert "Money: 2 deeds to approve, 1 done by one person alone" in card.text
    assert "Incidents: 1, 1 still open" in card.text
    assert "Audit log: sound" in card.text
    words = words_of(card)
    assert "Refund 1001 50.00 USD Fri 20 Nov, 12:00 UTC Bob Carol done" in words
    assert "Refund 1002 50.00 USD Fri 20 Nov, 12:00 UTC Carol Carol done" in words
    assert "Carol admin 1" in words
    assert "The printer burns" in words
    assert "Nobody decides in their own matter 1 The" in words


async def test_another_week(here: Desk, clock: SimulatedClock) -> None:
    """What was before or after the week is not in it."""
    bob = await here.person(here.bob)
    await asked(here, bob, 1_001)
    clock.passes(days=14)
    await BY_NAME["audit_pack"].carry_out(here.app.services, TENANT, MONDAY + timedelta(days=7))
    (card,) = await packs(here)
    assert "Money: nothing had to be approved" in card.text


async def test_on_demand(here: Desk) -> None:
    """An admin has the pack of the last seven days by a command; an operator has none."""
    card = await here.says(here.carol, "/auditpack")
    assert "14 Nov to 20 Nov 2026" in card.text
    assert "Money by two keys" in words_of(card)
    with pytest.raises(Forbidden):
        await here.app.services.governance.packs.now(await here.person(here.bob))


@pytest.mark.both_databases
async def test_an_altered_log(here: Desk) -> None:
    """A log of which an entry was changed past us is named as tampered with, and the pack says from where on."""
    services = here.app.services
    await services.governance.verbs.set_target(await here.person(here.carol), "quality", "85")
    await services.chain.seal()
    off = OFF["sqlite" if services.database.sqlite else "postgresql"]
    for statement in (*(one.format(table="audit") for one in off), "UPDATE audit SET subject = 'kpi:margin'"):
        await services.database.write(lambda tx, statement=statement: tx.run(text(statement)))  # type: ignore[misc]
    card = await here.says(here.carol, "/auditpack")
    assert "Audit log: TAMPERED WITH" in card.text
    assert "Entry 1" in words_of(card)


async def test_when_nothing_happened(here: Desk) -> None:
    """An empty week is a pack too, which says so."""
    words = words_of(await here.says(here.carol, "/auditpack"))
    assert "Nothing had to be approved." in words
    assert "No proposal was decided on." in words
