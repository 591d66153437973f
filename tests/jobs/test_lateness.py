"""Whether a job runs at its times, by its rows."""

from datetime import UTC, datetime, timedelta

import pytest
from apscheduler.triggers.cron import CronTrigger

from bot.config.cron import trigger
from bot.services import Services
from jobs.job import Job
from jobs.machinery.lateness import late_since
from storage.core.job_runs import Run

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


async def nothing(services: Services) -> str:
    return "done"


JOB = Job("sample", "Does nothing", "*/5 * * * *", "report", 60, nothing)
EVERY_FIVE: CronTrigger = trigger(JOB.cron)


def run(state: str, begun: bool = True, recorded: datetime | None = None) -> Run:
    return Run(1, "main", JOB.name, NOON, state, "x", NOON if begun else None, None, None, recorded)


@pytest.mark.parametrize(
    ("newest", "after", "since"),
    [
        (run("done"), 5.5 * MINUTE, None),
        (run("done"), 8 * MINUTE, NOON + 5 * MINUTE),
        (run("failed"), 8 * MINUTE, NOON + 5 * MINUTE),
        (run("missed", begun=False), 5.5 * MINUTE, None),
        (run("installed", begun=False), 8 * MINUTE, NOON + 5 * MINUTE),
        (run("waiting", begun=False), MINUTE / 2, None),
        (run("waiting", begun=False), 3 * MINUTE, NOON),
        (run("waiting", begun=False, recorded=NOON + 90 * MINUTE), 90.5 * MINUTE, None),  # caught up after a stop
        (run("waiting", begun=False, recorded=NOON + 90 * MINUTE), 93 * MINUTE, NOON + 90 * MINUTE),
        (run("running"), 1.5 * MINUTE, None),
        (run("running"), 4 * MINUTE, NOON + MINUTE),
        (None, 60 * MINUTE, None),
        (run("done"), -60 * MINUTE, None),  # by a clock that was ahead
    ],
)
def test_late(newest: Run | None, after: timedelta, since: datetime | None) -> None:
    """A run that was not recorded, does not begin or does not end is missing from then on, a minute later."""
    assert late_since(JOB, EVERY_FIVE, newest, NOON + after) == since
