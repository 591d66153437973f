"""The clock: APScheduler says when; the rows say what was already done.

Each tick compares the catalogue's times with the recorded runs and, in one transaction, records a run and enqueues its
task. A run is unique by job and scheduled time, so several clocks fire each job once; what passed while no clock ran,
or was lost by the scheduler, shows up in the next comparison.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bot.config.cron import trigger
from bot.kernel.tasks import Task
from bot.services import Services
from jobs.catalog import JOBS, cron_of
from jobs.job import Job
from jobs.runner import JOB_RUN
from storage.core import job_runs
from storage.engine.database import Transaction

log = structlog.get_logger(__name__)
ON_TIME = timedelta(seconds=90)
COMPARE_EVERY = timedelta(minutes=5)
REMEMBERED = 20  # missed times recorded per job after a long stop: enough to see the gap


class Clock:
    """Fires the catalogue's jobs from `start` until `stop`."""

    def __init__(self, services: Services, catalogue: tuple[Job, ...] = JOBS) -> None:
        self._services = services
        self._catalogue = catalogue
        self._scheduler = AsyncIOScheduler(timezone=UTC)

    async def start(self) -> None:
        await self._services.database.write(self._install)
        await self.compare()
        for job in self._catalogue:
            self._scheduler.add_job(self.compare, trigger_of(job, self._services), misfire_grace_time=None)
        self._scheduler.add_job(self.compare, IntervalTrigger(seconds=COMPARE_EVERY.total_seconds()))
        self._scheduler.start()

    def stop(self) -> None:
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def compare(self) -> None:
        """Record and enqueue every run that is due, whatever woke us."""
        await self._services.database.write(self._fire_due)

    async def _install(self, tx: Transaction) -> None:
        """A job that was never recorded counts from now on, not from the beginning of time."""
        known = await job_runs.latest_scheduled(tx.connection)
        for job in self._catalogue:
            if job.name not in known:
                await job_runs.add(tx, job.name, tx.now, str(self._services.version), "installed")

    async def _fire_due(self, tx: Transaction) -> None:
        latest = await job_runs.latest_scheduled(tx.connection)
        pauses = await job_runs.pauses(tx.connection)
        for job in self._catalogue:
            if job.name in latest:
                await self._fire(tx, job, latest[job.name], pauses)

    async def _fire(self, tx: Transaction, job: Job, last: datetime, pauses: Mapping[str, datetime]) -> None:
        times = due_times(trigger_of(job, self._services), last, tx.now)
        commit = str(self._services.version)
        for missed in times[:-1][-REMEMBERED:]:
            await job_runs.add(tx, job.name, missed, commit, "missed", "nothing was running at that time")
        for at in times[-1:]:
            if at < pauses.get(job.name, at):
                await job_runs.add(
                    tx, job.name, at, commit, "paused", f"paused until {pauses[job.name]:%d %b %H:%M} UTC"
                )
            elif tx.now - at > ON_TIME and job.misfire == "report":
                await job_runs.add(tx, job.name, at, commit, "missed", "nothing was running at that time")
            elif (run_id := await job_runs.add(tx, job.name, at, commit)) is not None:
                await self._services.queue.enqueue(tx, Task(JOB_RUN, run_id))


async def run_now(services: Services, job: Job) -> None:
    """Run a job at once, besides its times."""

    async def work(tx: Transaction) -> None:
        run_id = await job_runs.add(tx, job.name, tx.now, str(services.version))
        if run_id is not None:
            await services.queue.enqueue(tx, Task(JOB_RUN, run_id, priority=1))

    await services.database.write(work)


def trigger_of(job: Job, services: Services) -> CronTrigger:
    """When the job runs; raises ValueError where JOB_TIMES has no valid cron for it."""
    return trigger(cron_of(job, services))


def due_times(trigger: CronTrigger, last: datetime, now: datetime) -> list[datetime]:
    """The trigger's times after `last`, up to and including `now`."""
    times: list[datetime] = []
    at = trigger.get_next_fire_time(None, last + timedelta(microseconds=1))
    while at is not None and at <= now:
        times.append(at)
        at = trigger.get_next_fire_time(at, at + timedelta(microseconds=1))
    return times


def next_time(trigger: CronTrigger, now: datetime) -> datetime | None:
    """The next time that the trigger fires."""
    following: datetime | None = trigger.get_next_fire_time(None, now)
    return following
