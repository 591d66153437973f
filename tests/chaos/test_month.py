"""The short form of the simulated month; `python -m tests.chaos.month` runs the whole one."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.config.cron import REMEMBERED
from bot.messages.kept import kept, sentence
from jobs.catalog import BY_NAME
from jobs.schedule.clock import MISSED, MISSED_MANY
from storage.core.job_runs import Run
from tests.chaos.lives import START, Plan, Stop, fate
from tests.chaos.month import month

HOUR = timedelta(hours=1)


@pytest.mark.timeout(120)
async def test_a_day(tmp_path: Path) -> None:
    """A day of all jobs, with two restarts and 14 hours of nothing: each time has its run, once, and what was missed is
    caught up or recorded as each job says; none fails.
    """
    plan = Plan(seed=7, days=1, restarts=2, down=14 * HOUR, briefs=200, orders=12, hourly=True)
    outcome = await month(plan, tmp_path)
    assert outcome.wrong == []
    assert dict(outcome.failed) == {}
    assert outcome.fates.keys() == BY_NAME.keys()
    assert outcome.fates["daily_report"].caught_up
    assert outcome.fates["janitor"].missed >= 14
    assert outcome.orders
    assert outcome.paid


def run(hour: int, state: str, result: str = "") -> Run:
    at = START + hour * HOUR
    return Run(hour, "main", "heartbeat", at, state, "x", at, at, result)


@pytest.mark.parametrize(
    ("runs", "wrong"),
    [
        ([run(1, "done"), run(2, "missed"), run(3, "missed"), run(4, "failed")], []),
        ([run(1, "done"), run(2, "missed"), run(3, "missed")],
         ["heartbeat at 01 Sep 04:00: nothing, not done or failed"]),
        ([run(1, "waiting"), run(2, "missed"), run(3, "missed"), run(4, "done")],
         ["heartbeat at 01 Sep 01:00: waiting, not done or failed"]),
        ([run(1, "done"), run(2, "done"), run(3, "missed"), run(4, "done")],
         ["heartbeat at 01 Sep 02:00: done, not missed"]),
        ([run(1, "done"), run(2, "missed"), run(3, "done"), run(4, "done"), run(4, "done")],
         ["heartbeat at 01 Sep 03:00: done, not missed", "heartbeat: a time with two runs"]),
    ],
)  # fmt: skip
def test_what_is_wrong(runs: list[Run], wrong: list[str]) -> None:
    """A time without a run, one whose run did not end, one that ran twice, and one whose policy says otherwise."""
    stopped = [Stop(START + HOUR, START + 3.5 * HOUR)]
    times = [START + hour * HOUR for hour in range(1, 5)]
    assert list(fate(BY_NAME["heartbeat"], times, runs, stopped).wrong) == wrong


@pytest.mark.parametrize(("since", "wrong"), [(2, 0), (3, 9)])
def test_what_has_no_row(since: int, wrong: int) -> None:
    """Of a long stop the newest times have a row each, and the oldest of those says of all before since when."""
    times = [START + hour * HOUR for hour in range(1, REMEMBERED + 12)]
    said = kept(sentence(MISSED_MANY, time=START + since * HOUR))
    missed = [run(hour, "missed", said if hour == 11 else MISSED) for hour in range(11, REMEMBERED + 11)]
    runs = [run(1, "done"), *missed, run(REMEMBERED + 11, "done")]
    stopped = [Stop(START + HOUR, times[-1] + timedelta(seconds=30))]
    assert len(fate(BY_NAME["heartbeat"], times, runs, stopped).wrong) == wrong
