"""When jobs are due."""

import asyncio
import itertools
from datetime import UTC, datetime, timedelta

import pytest
from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import func, select

from bot.access.model import TENANT
from bot.app import build
from bot.config.cron import REMEMBERED, due_times
from bot.ops.started import PROGRAM
from jobs.catalog import BY_NAME, JOBS
from jobs.schedule.clock import COMPARE_EVERY, Clock, any_of
from storage.core import job_runs
from storage.tables.core import events
from storage.tables.core import job_runs as job_runs_table
from tests.clock import SimulatedClock
from tests.desk import desk
from tests.house import Providers

START = datetime(2026, 3, 29, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
CRONS = (
    "* * * * *",
    "*/5 9-17 * * 1-5",
    "0 9 * * *",
    "40 */12 * * *",
    "0 0 1 * *",
    "*/2 * 1-3 * *",
    "* * * 1 *",
    "0 0 29 2 *",
)


class Counted(CronTrigger):  # type: ignore[misc]
    """A cron trigger that counts how often it was asked."""

    asked = 0

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime | None:
        self.asked += 1
        following: datetime | None = super().get_next_fire_time(previous, now)
        return following


def every(cron: str) -> Counted:
    trigger = Counted.from_crontab(cron, timezone=UTC)
    assert isinstance(trigger, Counted)
    return trigger


def listed(cron: str, last: datetime, now: datetime) -> list[datetime]:
    """Every time after one moment and up to another, one by one."""
    times, at = [], every(cron).get_next_fire_time(None, last + timedelta(microseconds=1))
    while at is not None and at <= now:
        times.append(at)
        at = every(cron).get_next_fire_time(at, at + timedelta(microseconds=1))
    return times


def test_due_times() -> None:
    """The times after the last run and up to now are found, whatever happened in between."""
    trigger = every("*/5 * * * *")
    times = due_times(trigger, START, START + timedelta(hours=1))
    assert times == [START + 5 * number * MINUTE for number in range(1, 13)]
    assert due_times(trigger, START, START) == []


@pytest.mark.parametrize("cron", CRONS)
@pytest.mark.parametrize("days", [0.01, 1, 3.3])
def test_the_newest_after_a_long_stop(cron: str, days: float) -> None:
    """However long nothing ran, and however unevenly a job runs, its newest times are found, the last one included."""
    now = START + timedelta(days=days)
    assert due_times(every(cron), START, now) == listed(cron, START, now)[-REMEMBERED - 1 :]


@pytest.mark.parametrize("cron", CRONS)
def test_what_a_long_stop_costs(cron: str) -> None:
    """After ten years a job's times cost a few hundred looks at its trigger at most, not one for each missed time."""
    trigger = every(cron)
    due_times(trigger, START, START + timedelta(days=3_650))
    assert trigger.asked < 600


def test_one_comparison_a_moment() -> None:
    """Jobs that are due at the same second wake the clock once; no time of any job is left out."""
    wakes, at = [], START
    trigger = any_of([every(job.cron) for job in JOBS])
    while (at := trigger.get_next_fire_time(at, at)) <= START + timedelta(days=1):
        wakes.append(at)
    assert len(set(wakes)) == len(wakes)
    wanted = {time for job in JOBS for time in listed(job.cron, START, START + timedelta(days=1))}
    assert wanted <= set(wakes)
    assert max(later - earlier for earlier, later in itertools.pairwise(wakes)) <= COMPARE_EVERY


async def test_a_clock_that_was_ahead(stand_ins: Providers, database_url: str) -> None:
    """What was recorded while the machine's time was a year ahead for a moment keeps no job from running after it."""
    time = SimulatedClock(START)
    async with desk(stand_ins, database_url, time) as here:
        clock = Clock(here.app.services, (BY_NAME["janitor"], BY_NAME["retention"]))
        await clock.compare()
        for days in (365, -365):
            time.passes(days=days, minutes=5)
            await clock.compare()
        time.passes(minutes=5)
        await clock.compare()
        async with here.app.services.database.reading() as connection:
            newest = (await job_runs.latest(connection, TENANT))["janitor"]
        assert (newest.state, newest.scheduled_at) == ("waiting", START + 15 * MINUTE)


async def test_two_that_start_at_once(stand_ins: Providers, postgres_url: str) -> None:
    """Each job is put on the schedule once, and that the version began is written down once."""
    settings = stand_ins.settings(postgres_url)
    async with build(settings) as one, build(settings) as other:
        clocks = [Clock(app.services) for app in (one, other)]
        await asyncio.gather(*(clock.start() for clock in clocks))
        for clock in clocks:
            clock.stop()
        installed = select(job_runs_table.c.job).where(job_runs_table.c.state == "installed")
        began = select(func.count()).where(events.c.subject == PROGRAM)
        async with one.services.database.reading() as connection:
            names = list((await connection.execute(installed)).scalars())
            assert (await connection.execute(began)).scalar_one() == 1
    assert len(names) == len(set(names)) > 0
