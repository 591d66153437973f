"""Closed days: what stood on each account then, from which the ledger goes on."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from random import Random

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError

from bot.access.model import TENANT
from bot.kernel.money import Money
from bot.ledger.model import Account, Line, Posting
from storage.ledger import closed_days, postings
from storage.tables.ledger import closed_days as rows
from tests.clock import SimulatedClock
from tests.desk import Desk, desk
from tests.house import Providers
from tests.stripe_tells import entries

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
HUGE = 2**62


@pytest.fixture
async def here(stand_ins: Providers, database_url: str) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url, clock=SimulatedClock(NOON)) as made:
        yield made


def passes(here: Desk, **span: float) -> None:
    clock = here.app.services.database.clock
    assert isinstance(clock, SimulatedClock)
    clock.passes(**span)


async def posted(here: Desk, key: str, minor: int, currency: str = "USD") -> None:
    lines = (Line(Account.BANK, Money(minor, currency)), Line(Account.REVENUE, Money(-minor, currency)))
    posting = Posting(key, "test", "test:1", lines)
    await here.app.services.database.write(lambda tx: postings.post(tx, TENANT, posting))


async def both_ways(here: Desk) -> tuple[dict[tuple[str, str], int], dict[tuple[str, str], int]]:
    """What stands on each account, by the closed days and what came since, and by all lines; without what is empty."""
    async with here.app.services.database.reading() as connection:
        found = await closed_days.balances(connection, TENANT), await postings.balances(connection, TENANT)
    by_days, by_lines = ({place: minor for place, minor in one.items() if minor} for one in found)
    return by_days, by_lines


@pytest.mark.both_databases
async def test_the_same_both_ways(here: Desk) -> None:
    """Whatever is posted and corrected, today and dated back, before and after each close, both sums are the same."""
    random, carol, services = Random(5), await here.person(here.carol), here.app.services
    for day in range(6):
        for number in range(3):
            await posted(
                here, f"{day}:{number}", random.choice([random.randint(1, 10**6), HUGE]), "USD" if number else "JPY"
            )
            passes(here, hours=1)
        passes(here, hours=13)
        await posted(here, f"{day}:night", random.randint(1, 10**6))
        passes(here, hours=8)
        if day != 3:  # of two days one close is missing
            assert "closed" in await services.reconciliation.closing.close_yesterday(TENANT)
        for dated in (True, False):
            uncorrected = [one for one in await entries(here) if one.kind == "test"]
            await services.ledger.books.correct(carol, uncorrected[day * 2 + dated].id, "wrong", dated=dated)
            passes(here, minutes=30)
        by_days, by_lines = await both_ways(here)
        assert by_days == by_lines
    async with services.database.reading() as connection:
        assert [minor for minor in by_lines.values() if abs(minor) > HUGE]
        last = await closed_days.last_closed(connection, TENANT)
    assert last is not None


async def test_the_ledger_goes_on_from_the_last_close(here: Desk) -> None:
    """/ledger reads what stood there at the last close and what came since, and not what was before."""
    await posted(here, "before", 12_000)
    passes(here, days=1)
    await here.app.services.reconciliation.closing.close_yesterday(TENANT)
    await posted(here, "after", 500)
    now = here.app.services.database.clock.now()
    made_up = {"tenant": TENANT, "day": "2026-11-21", "until": now, "closed_at": now, "last_entry": 1_001}
    made_up |= {"balances": [["bank", "USD", "70000"], ["revenue", "USD", "-70000"]], "open_mismatches": 0}
    await here.app.services.database.write(lambda tx: tx.run(insert(rows), made_up))
    assert "bank 705.00" in (await here.says(here.carol, "/ledger")).text


@pytest.mark.both_databases
async def test_what_is_closed_stays_closed(here: Desk) -> None:
    """No statement changes, replaces or deletes a closed day, whoever writes it."""
    await posted(here, "before", 12_000)
    passes(here, days=1)
    closing, database = here.app.services.reconciliation.closing, here.app.services.database
    assert "closed; 0" in await closing.close_yesterday(TENANT)
    for statement in (
        "UPDATE closed_days SET balances = '[]'",
        "DELETE FROM closed_days",
        "INSERT OR REPLACE INTO closed_days (tenant, day, until, closed_at, balances, open_mismatches)"
        " SELECT tenant, day, until, closed_at, '[]', 0 FROM closed_days",
    ):
        with pytest.raises(DBAPIError):
            await database.write(lambda tx, statement=statement: tx.run(text(statement)))  # type: ignore[misc]
    assert "was closed before" in await closing.close_yesterday(TENANT)
    by_days, by_lines = await both_ways(here)
    assert by_days == by_lines


async def test_the_first_hour_of_a_day(here: Desk) -> None:
    """In the first hour of a day what began the day before may still be written: it is not closed yet."""
    passes(here, hours=12, minutes=30)
    closing = here.app.services.reconciliation.closing
    assert (await closing.close_yesterday(TENANT)).startswith("2026-11-19 closed")
    passes(here, hours=1)
    assert (await closing.close_yesterday(TENANT)).startswith("2026-11-20 closed")
