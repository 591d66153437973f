"""Times that passed while nothing ran: each is recorded, or named by the row of the oldest that is."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.access.model import TENANT
from bot.config.cron import REMEMBERED
from bot.messages.kept import read
from jobs.schedule.clock import MISSED, Clock
from storage.core import job_runs
from storage.core.job_runs import Run
from tests.clock import SimulatedClock
from tests.desk import Desk, desk
from tests.house import Providers

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(MONDAY)


@pytest.fixture
async def here(stand_ins: Providers, database_url: str, clock: SimulatedClock) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url, clock, job_times="") as made:
        yield made


async def after(here: Desk, clock: SimulatedClock, span: timedelta, job: str) -> list[Run]:
    """The clock begins, is gone for so long, and begins anew; the runs of the job, oldest first."""
    for gone in (timedelta(), span):
        clock.passes(seconds=gone.total_seconds())
        fires = Clock(here.app.services)
        await fires.start()
        fires.stop()
    async with here.app.services.database.reading() as connection:
        return (await job_runs.history(connection, TENANT, job, 100))[::-1]


async def test_a_long_stop(here: Desk, clock: SimulatedClock) -> None:
    """Of a minute's job the newest times have rows after 26 hours, and the oldest of these says since when none has."""
    installed, *missed, newest = await after(here, clock, timedelta(hours=26), "uptime")
    assert (installed.state, newest.state, len(missed)) == ("installed", "waiting", REMEMBERED)
    assert read(missed[0].result or "") == (
        "nothing was running at that time, nor at those before it since Mon 23 Nov, 08:01 UTC"
    )
    assert {run.result for run in missed[1:]} == {MISSED}


async def test_a_short_stop(here: Desk, clock: SimulatedClock) -> None:
    """As many as have rows are missed, and no others are spoken of."""
    span = timedelta(minutes=REMEMBERED + 1)
    _, *missed, newest = await after(here, clock, span, "uptime")
    assert [run.scheduled_at for run in missed] == [MONDAY + timedelta(minutes=n + 1) for n in range(REMEMBERED)]
    assert ({run.result for run in missed}, newest.scheduled_at) == ({MISSED}, MONDAY + span)


async def test_a_job_that_is_rarer_than_runs_are_kept(here: Desk, clock: SimulatedClock) -> None:
    """The newest run of each job outlives RETENTION_DAYS: a weekly job goes on where runs are kept for a day."""
    runs = await after(here, clock, timedelta(days=5, hours=17, seconds=1), "dr_drill")  # Sunday, 1:00:01
    assert [run.state for run in runs] == ["installed", "waiting"]
    database = here.app.services.database
    clock.passes(days=6)
    await database.write(lambda tx: job_runs.forget(tx, tx.now - timedelta(days=1)))
    assert [run.scheduled_at.day for run in await after(here, clock, timedelta(days=1), "dr_drill")] == [29, 6]
