"""A simulated month of everything that happens by itself: whether each time of each job has its run, once.

`python -m tests.chaos.month` runs the whole catalogue against the sandbox, on a clock that is put forward from each
moment at which jobs are due to the next. A business with two years behind it has orders meanwhile. The program is
stopped while runs begin and started anew, and once it is gone for more than a day.
"""

import argparse
import asyncio
import os
import random
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median

from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import select

from benchmarks.programs import free_port
from bot.access.model import TENANT
from bot.config.cron import trigger
from bot.kernel.clock import SystemClock
from bot.kernel.tasks import Pool
from bot.kernel.timing import Timing
from bot.ops.logs import logs
from bot.parts import Part
from bot.services import Services
from jobs.catalog import JOBS
from jobs.schedule.clock import Clock
from sandbox.history.seed import fill
from sandbox.history.studio import ADMIN, CLIENT
from sandbox.stripe.server import StripeStandIn
from storage.core import job_runs
from storage.core.job_runs import Run
from storage.engine.database import Database
from storage.tables.core import events
from tests.chaos.lives import START, Fate, Plan, fate, stops, ticks
from tests.clock import Ticking
from tests.house import BRIEF, House, Providers, house, providers
from tests.postgres import migrated

NO_CLOCK = frozenset(Part) - {Part.CLOCK}
QUICK = Timing(first_retry=0.1, room=(0.1, 0.2), lag=0.0, turn=0.1, canary=30.0, canary_look=0.01)
OPENING_HOURS = range(6, 24)
PAYS = 0.2  # the chance that an open invoice is paid within an hour of the day
WAKES = timedelta(milliseconds=200)  # after a time the clock looks
LONGEST_SECONDS = 300  # by which all that began at one moment has to have ended
HOURLY = "0 * * * *"


@dataclass(frozen=True)
class Outcome:
    """What came of it, by job. alerts: how many each rule raised. seconds: of the wall clock; processor: of this
    process, the stand-ins in it, and the processes that it started.
    """

    fates: Mapping[str, Fate]
    runs: Mapping[str, Sequence[Run]]
    alerts: Mapping[str, int]
    orders: int
    paid: int
    seconds: float
    processor: float

    @property
    def wrong(self) -> Sequence[str]:
        return [line for one in self.fates.values() for line in one.wrong]

    @property
    def failed(self) -> Mapping[str, Counter[str]]:
        """Why runs failed, by job."""
        found = {
            name: Counter(str(one.result) for one in runs if one.state == "failed") for name, runs in self.runs.items()
        }
        return {name: why for name, why in found.items() if why}


@dataclass
class Month:
    """The trial: a program that lives several times, on one database and with the same providers."""

    plan: Plan
    stand_ins: Providers
    url: str
    clock: Ticking
    crons: Mapping[str, CronTrigger]
    chance: random.Random
    orders: int = 0
    port: int = field(default_factory=free_port)

    async def live(self, begin: datetime, stop: datetime | None) -> None:
        """Run from then on, until the stop, which falls into the midst of what begins then; else until all is over."""
        self.clock.to(begin)
        times = "; ".join(f"{name}={HOURLY}" for name in often()) if self.plan.hourly else ""
        settings = {"web_port": self.port, "job_times": times}
        async with house(self.stand_ins, self.url, NO_CLOCK, self.clock, QUICK, **settings) as home:
            services = home.running.app.services
            if begin == START:
                await home.staff()
            idle, fires = Idle(services), Clock(services)
            await fires.start()
            fires.stop()
            await idle.wait()
            for at, _names in ticks(self.crons, begin, stop or self.plan.end):
                self.clock.to(at + WAKES)
                await fires.compare()
                if at == stop:
                    return
                await idle.wait()
                await self._business(home, at, idle)

    async def _business(self, home: House, at: datetime, idle: "Idle") -> None:
        """What clients do, once in each hour of the day."""
        if at.minute or at.hour not in OPENING_HOURS:
            return
        if at.hour == OPENING_HOURS.start:
            home.stripe.settle_charges()
        if self.chance.random() < self.plan.orders / len(OPENING_HOURS):
            self.orders += 1
            await home.brief(f"{BRIEF} It is leaflet number {self.orders}.")
            await idle.wait()
        for invoice in list(home.stripe.invoices.values()):
            if invoice["status"] == "open" and self.chance.random() < PAYS:
                await home.stripe.pay(str(invoice["id"]))
        await home.stripe.delivered()
        await idle.wait()


class Idle:
    """Waits until no task runs, nor could."""

    def __init__(self, services: Services) -> None:
        self._queue = services.queue
        self._news = asyncio.Event()
        for pool in Pool:
            services.database.signals.on(f"tasks:{pool}", self._news.set)

    async def wait(self) -> None:
        async with asyncio.timeout(LONGEST_SECONDS):
            while True:
                self._news.clear()
                loads = [await self._queue.load(pool) for pool in Pool]
                if not any(load.ready or load.running for load in loads):
                    return
                with suppress(TimeoutError):
                    async with asyncio.timeout(1):
                        await self._news.wait()


def often() -> Sequence[str]:
    """The jobs that run more often than hourly."""
    crons = {job.name: trigger(job.cron) for job in JOBS}
    counted = Counter(name for _, names in ticks(crons, START, START + timedelta(hours=1)) for name in names)
    return [name for name, times in counted.items() if times > 1]


async def month(plan: Plan, folder: Path) -> Outcome:
    """Simulate it, on a database in that folder."""
    began, used = time.monotonic(), sum(os.times()[:4])
    url, clock = f"sqlite:///{folder}/echopilot.db", Ticking(START - timedelta(minutes=1))
    crons = {job.name: trigger(HOURLY if plan.hourly and job.name in often() else job.cron) for job in JOBS}
    stopped = stops(plan)
    async with providers(stripe=StripeStandIn(clock=lambda: clock.now().timestamp())) as stand_ins:
        await migrated(url)
        await asyncio.to_thread(fill, url, plan.briefs, START)
        for name, number in (("Customer1", ADMIN), ("Customer2", CLIENT)):
            stand_ins.telegram.person(name, id=number).account.started = True
        trial = Month(plan, stand_ins, url, clock, crons, random.Random(plan.seed))
        begins, ends = [START, *(one.until for one in stopped)], [*(one.at for one in stopped), None]
        for begin, stop in zip(begins, ends, strict=True):
            await trial.live(begin, stop)
        paid = sum(one["status"] == "paid" for one in stand_ins.stripe.invoices.values())
    runs, alerts = await _recorded(url)
    due = defaultdict[str, list[datetime]](list)
    for at, names in ticks(crons, START, plan.end):
        for name in names:
            due[name].append(at)
    return Outcome(
        {job.name: fate(job, due[job.name], runs[job.name], stopped) for job in JOBS},
        runs,
        alerts,
        trial.orders,
        paid,
        time.monotonic() - began,
        sum(os.times()[:4]) - used,
    )


async def _recorded(url: str) -> tuple[Mapping[str, Sequence[Run]], Mapping[str, int]]:
    """The runs of each job, and how many alerts each rule raised."""
    database = Database(url, SystemClock())
    try:
        async with database.reading() as connection:
            runs = {job.name: await job_runs.history(connection, TENANT, job.name, 1_000_000) for job in JOBS}
            raised = select(events.c.data).where(events.c.tenant == TENANT, events.c.name == "raised")
            rules = Counter(str(data["rule"]) for data in (await connection.execute(raised)).scalars())
    finally:
        await database.close()
    return {name: [one for one in of if one.scheduled_at > START] for name, of in runs.items()}, rules


def say(words: str = "") -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def tell(plan: Plan, outcome: Outcome) -> None:
    """Print what came of it."""
    say(f"{plan.days} simulated days, {plan.restarts} restarts, gone once for {plan.down}; seed {plan.seed}")
    say(f"{outcome.orders} orders, {outcome.paid} invoices paid, beside {plan.briefs:,} briefs of before")
    say(
        f"\n{'job':24}{'ran':>8}{'failed':>8}{'caught up':>11}{'missed':>8}{'p50 ms':>9}{'longest':>9}{'in all, s':>11}"
    )
    for name, one in outcome.fates.items():
        took = _seconds(outcome.runs[name])
        failed = sum(outcome.failed.get(name, Counter()).values())
        figures = f"{1000 * median(took or [0.0]):9.1f}{1000 * max(took, default=0.0):9.0f}{sum(took):11.1f}"
        say(f"{name:24}{one.ran:8,}{failed:8,}{one.caught_up:11,}{one.missed:8,}{figures}")
    ran, missed = (sum(getattr(one, what) for one in outcome.fates.values()) for what in ("ran", "missed"))
    share = outcome.processor / (plan.days * 86_400)
    say(f"\n{ran:,} ran in time, {missed:,} missed while nothing ran and were recorded so")
    say(
        f"{outcome.seconds:,.0f} s; {outcome.processor:,.0f} s of a processor with the stand-ins, {share:.2%} of a core"
    )
    for name, why in outcome.failed.items():
        for words, times in why.most_common(3):
            say(f"  failed: {name}, {times} times: {words}")
    say(f"  alerts: {', '.join(f'{rule} {times}' for rule, times in sorted(outcome.alerts.items())) or 'none'}")
    say(f"  wrong: {len(outcome.wrong)}")
    for line in outcome.wrong[:20]:
        say(f"    {line}")


def _seconds(runs: Sequence[Run]) -> Sequence[float]:
    """How long each took that ended."""
    ends = [(one.started_at, one.finished_at) for one in runs]
    return [(end - begin).total_seconds() for begin, end in ends if begin is not None and end is not None]


def main() -> int:
    """Simulate what is named; 1 where a time has no run, two, or another end than its job says."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.month", description=__doc__)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--restarts", type=int, default=20)
    parser.add_argument("--down", type=int, default=26, help="hours of the one long stop")
    parser.add_argument("--briefs", type=int, default=2_000, help="of the two years before")
    parser.add_argument("--hourly", action="store_true", help="what runs more often than hourly runs hourly")
    parser.add_argument("--seed", type=int, default=int(time.time()) % 100_000)
    parser.add_argument("--folder", type=Path, help="for the database; in memory it takes a third less")
    given = parser.parse_args()
    down = timedelta(hours=given.down)
    plan = Plan(given.seed, given.days, given.restarts, down, given.briefs, hourly=given.hourly)
    logs.configure("error", [])
    with tempfile.TemporaryDirectory(prefix="echopilot-month-", dir=given.folder) as folder:
        outcome = asyncio.run(month(plan, Path(folder)))
    tell(plan, outcome)
    return 1 if outcome.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
