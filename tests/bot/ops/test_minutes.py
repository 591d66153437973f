"""Counts by the minute: what a process counted is in the database, once, whatever happens in between."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from bot.ops.minutes import Minutes
from bot.ops.series import Count
from bot.slo.model import HOUR
from bot.slo.rollup import RollUp
from storage.engine.database import Database
from storage.slo import counts
from tests.clock import SimulatedClock
from tests.storage.conftest import opened

NOW = datetime(2026, 11, 28, 12, 0, 50, tzinfo=UTC)


async def counted(database: Database, now: datetime) -> Count:
    async with database.reading() as connection:
        return (await counts.within(connection, ["web"], now, [HOUR]))[HOUR]


@pytest.mark.both_databases
async def test_two_processes_and_a_restart(database_url: str) -> None:
    """Two processes that count the same minute, and one that comes after a restart within it, lose nothing."""
    clock = SimulatedClock(NOW)
    async with opened(database_url) as database:
        one, other, later = Minutes(clock), Minutes(clock), Minutes(clock)
        one.note("web", good=True, times=3)
        other.note("web", good=False)
        await one.write(database)
        await other.write(database)
        one.note("web", good=True)
        clock.passes(seconds=20)
        one.note("web", good=False)
        for process in (one, one, other):
            await process.write(database)
        later.note("web", good=True)
        await later.write(database)
        assert await counted(database, clock.now()) == Count(5, 2)


async def test_a_database_that_takes_nothing(sqlite_url: str) -> None:
    """What the database did not take is written the next time, once."""
    clock = SimulatedClock(NOW)
    async with opened(sqlite_url) as database:
        minutes = Minutes(clock)
        minutes.note("web", good=True)

        await database.write(lambda tx: tx.run(text("ALTER TABLE metric_counts RENAME TO away")))
        with pytest.raises(OperationalError):
            await minutes.write(database)
        await database.write(lambda tx: tx.run(text("ALTER TABLE away RENAME TO metric_counts")))
        clock.passes(minutes=5)
        await minutes.write(database)
        await minutes.write(database)
        assert await counted(database, clock.now()) == Count(1, 0)


async def test_time_that_goes_back(sqlite_url: str) -> None:
    """Where the machine's time is set back into a minute that was written, what was counted in it before stays."""
    clock = SimulatedClock(NOW)
    async with opened(sqlite_url) as database:
        minutes = Minutes(clock)
        minutes.note("web", good=True, times=5)
        await minutes.write(database)
        clock.passes(minutes=5)
        minutes.note("web", good=True)
        await minutes.write(database)
        clock.passes(minutes=-5)
        minutes.note("web", good=False)
        await minutes.write(database)
        clock.passes(minutes=5)
        assert await counted(database, clock.now()) == Count(6, 1)


async def test_time_that_was_ahead(sqlite_url: str) -> None:
    """What was counted while the machine's time was a year ahead counts in no window of now, and is deleted."""
    clock = SimulatedClock(NOW)
    async with opened(sqlite_url) as database:
        database.clock, minutes = clock, Minutes(clock)
        clock.passes(days=365)
        minutes.note("web", good=False)
        await minutes.write(database)
        clock.passes(days=-365)
        assert await counted(database, clock.now()) == Count()
        await RollUp(database).roll()
        clock.passes(days=365)
        assert await counted(database, clock.now()) == Count()
