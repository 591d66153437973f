"""When the program runs, in a simulated month: when each of its jobs is due, when it is stopped, and what then has to
have become of each time.
"""

import heapq
import random
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from apscheduler.triggers.cron import CronTrigger

from bot.config.cron import REMEMBERED, next_time
from bot.messages.kept import kept, sentence
from jobs.job import Job
from jobs.schedule.clock import MISSED_MANY, ON_TIME
from storage.core.job_runs import Run

START = datetime(2026, 9, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
LATEST_START = timedelta(seconds=30)  # after so long it has compared for the first time
RAN = frozenset({"done", "failed"})


@dataclass(frozen=True, slots=True)
class Plan:
    """What is simulated. restarts: short ones; down: one long stop.

    briefs: of the two years before; orders: a day. hourly: what runs more often than hourly runs hourly, which keeps
    every kind of job and leaves out nine tenths of the runs.
    """

    seed: int
    days: int = 30
    restarts: int = 20
    down: timedelta = 26 * HOUR
    briefs: int = 2_000
    orders: int = 3
    hourly: bool = False

    @property
    def end(self) -> datetime:
        return START + timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class Stop:
    """The program is told to stop at the one moment, while runs begin, and is started anew at the other."""

    at: datetime
    until: datetime


def stops(plan: Plan) -> Sequence[Stop]:
    """The long stop and the restarts, each at a full hour, when most jobs begin; in order."""
    chance, hours = random.Random(plan.seed), plan.days * 24
    long = round(plan.down / HOUR)
    down = chance.randrange(hours // 10, (hours - long) // 2)
    free = [hour for hour in range(1, hours - 1) if not down - 1 <= hour <= down + long + 1]
    short = [(hour, timedelta(minutes=chance.randrange(1, 30))) for hour in chance.sample(free, plan.restarts)]
    found = []
    for hour, gone in sorted([(down, plan.down + timedelta(minutes=chance.randrange(1, 30))), *short]):
        at = START + hour * HOUR
        found.append(Stop(at, at + gone + timedelta(seconds=chance.randrange(5, 20))))
    return found


def ticks(crons: Mapping[str, CronTrigger], start: datetime, end: datetime) -> Iterator[tuple[datetime, list[str]]]:
    """Each moment after the start, up to the end, at which jobs are due, with their names."""
    coming = [(at, name) for name, cron in crons.items() if (at := next_time(cron, start + timedelta(microseconds=1)))]
    heapq.heapify(coming)
    while coming and coming[0][0] <= end:
        at, names = coming[0][0], list[str]()
        while coming and coming[0][0] == at:
            names.append(heapq.heappop(coming)[1])
        yield at, names
        for name in names:
            if following := next_time(crons[name], at + timedelta(microseconds=1)):
                heapq.heappush(coming, (following, name))


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a job's times.

    wrong: each that has no run, two, one that did not end, or one that is not what its policy says.
    """

    ran: int
    caught_up: int
    missed: int
    wrong: Sequence[str]


def fate(job: Job, times: Sequence[datetime], runs: Sequence[Run], stopped: Sequence[Stop]) -> Fate:
    """Hold a job's times against its runs, by what its row says of a time that passed while nothing ran."""
    by_time = {run.scheduled_at: run for run in runs if run.state != "installed"}
    wrong = [f"{job.name}: a run at {at}, when none is due" for at in by_time.keys() - set(times)]
    found = {"missed": 0, "caught up": 0, "ran": 0}
    passed = [[at for at in times if stop.at < at <= stop.until] for stop in stopped]
    for stop, gone in zip(stopped, passed, strict=True):
        for at in gone[:-1]:
            found["missed"] += 1
            wrong += _if_not(job, at, by_time.get(at), {"missed"}, _listed(at, gone, by_time))
        for at in gone[-1:]:
            wanted = _of_the_last(job, stop.until - at)
            wrong += _if_not(job, at, by_time.get(at), wanted)
            run = by_time.get(at)
            found["missed" if run is not None and run.state == "missed" else "caught up"] += 1
    meanwhile = {at for gone in passed for at in gone}
    for at in times:
        if at not in meanwhile:
            found["ran"] += 1
            wrong += _if_not(job, at, by_time.get(at), RAN)
    if len(by_time) != sum(run.state != "installed" for run in runs):
        wrong.append(f"{job.name}: a time with two runs")
    return Fate(found["ran"], found["caught up"], found["missed"], wrong)


def _of_the_last(job: Job, ago: timedelta) -> Collection[str]:
    """How the run of the newest time that passed may stand; where a slow start decides, both ways are right."""
    if job.misfire == "catch up" or ago + LATEST_START <= ON_TIME:
        return RAN
    return {"missed"} if ago > ON_TIME else RAN | {"missed"}


def _listed(at: datetime, gone: Sequence[datetime], by_time: Mapping[datetime, Run]) -> bool:
    """Whether a missed time has to have a row of its own; else the oldest that has one has to say since when."""
    oldest = gone[-REMEMBERED - 1 :][0]
    if at >= oldest:
        return True
    row = by_time.get(oldest)
    return row is None or row.result != kept(sentence(MISSED_MANY, time=gone[0]))


def _if_not(job: Job, at: datetime, run: Run | None, wanted: Collection[str], listed: bool = True) -> Iterator[str]:
    state = run.state if run is not None else "nothing"
    if state not in wanted and (listed or run is not None):
        yield f"{job.name} at {at:%d %b %H:%M}: {state}, not {' or '.join(sorted(wanted))}"
