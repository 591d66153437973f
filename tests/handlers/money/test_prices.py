"""/prices and /terms: whose prices and terms are told, and to whom."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import pytest

from bot.access.model import Role, stranger
from bot.briefs.material import Submission
from bot.briefs.model import Brief
from bot.kernel.errors import Forbidden
from bot.kernel.task_type import TaskType
from bot.tenants.model import Own
from handlers.money.prices import prices
from handlers.people.terms import terms, whole
from handlers.routing.request import Request
from storage.briefs import drafts
from storage.core.events import add_event
from storage.engine.database import Transaction
from tests.clock import SimulatedClock
from tests.desk import Desk, desk
from tests.house import BRIEF, Providers

THURSDAY = datetime(2026, 11, 26, 12, tzinfo=UTC)
ASKED = Request(1, 1)
HANDED = Submission(BRIEF, TaskType.DRAFTING)
PRICES = {"research": "171", "drafting": "91.50", "data_transform": "71", "transcription": "51", "other": "81",
          "transcription_minute": "3"}  # fmt: skip


@pytest.fixture
async def here(stand_ins: Providers, database_url: str) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url, SimulatedClock(THURSDAY)) as made:
        yield made


async def begin(tx: Transaction, brief: Brief) -> None:
    """As its client's yes does."""
    await add_event(tx, brief.tenant, f"brief:{brief.id}", "queued")


async def approve(tx: Transaction, brief: Brief) -> None:
    """As the gate does."""
    await drafts.add_decision(tx, brief, await drafts.add_draft(tx, brief, 1, "Lamps.", "a-model"), "approved", None)


async def test_prices_bind(here: Desk) -> None:
    """What /prices says is what is quoted, in the tenant's currency; another tenant reads its own."""
    said = await here.says(here.alice, "/prices")
    quote = await here.says(here.alice, BRIEF)
    assert "Drafting: 120.00 USD" in said.text
    assert "120.00 USD" in quote.text
    services = here.app.services
    await services.tenants.found("acme", "Acme Studio", Own("EUR", PRICES, terms="Ours alone."))
    frank = replace(await here.person(here.alice), tenant="acme")
    of_acme = await prices(frank, ASKED, services)
    assert "Drafting: 91.50 EUR" in of_acme.text
    assert "3.00 EUR a minute" in of_acme.text
    assert "Ours alone." in (await whole(frank, ASKED, services)).text
    assert "Ours alone." not in (await whole(await here.person(here.alice), ASKED, services)).text


async def test_whom_nobody_invited(stand_ins: Providers, database_url: str) -> None:
    """A stranger reads no prices, unless the settings say so; terms are for everybody, prices for nobody let out."""
    eve, clock = stranger(1005, "Eve"), SimulatedClock(THURSDAY)
    async with desk(stand_ins, database_url, clock) as here:
        assert "USD" not in (await prices(eve, ASKED, here.app.services)).text
        assert "before your yes" in (await terms(eve, ASKED, here.app.services)).text
        assert "the team tells you first" in (await terms(eve, ASKED, here.app.services)).text
        removed = replace(await here.person(here.alice), role=Role.REMOVED)
        with pytest.raises(Forbidden):
            await prices(removed, ASKED, here.app.services)


async def test_where_strangers_may_read_them(stand_ins: Providers, database_url: str) -> None:
    """With PRICES_FOR_STRANGERS the same prices are told to anybody."""
    async with desk(stand_ins, database_url, SimulatedClock(THURSDAY), prices_for_strangers=True) as here:
        assert "Drafting: 120.00 USD" in (await prices(stranger(1005, "Eve"), ASKED, here.app.services)).text


async def test_what_is_told_of_time(here: Desk) -> None:
    """A quote says by when a person has read it, and how long work takes once five pieces were measured."""
    services, clock = here.app.services, here.app.services.database.clock
    assert isinstance(clock, SimulatedClock)
    quote = await here.says(here.alice, BRIEF)
    assert "If a person reads it first, it is ready by 18:00 UTC." in quote.text
    assert "Usually" not in quote.text
    alice = await here.person(here.alice)
    for number in range(5):
        brief = await services.intake.briefs.submit(alice, here.alice.id, f"test:{number}", HANDED)
        await services.database.write(partial(begin, brief=brief))
        clock.passes(seconds=90)
        await services.database.write(partial(approve, brief=brief))
    clock.passes(minutes=1)
    again = await here.says(here.alice, "/terms")
    assert "Usually ready in 2 min; by 18:00 UTC if a person reads it first." in again.text
