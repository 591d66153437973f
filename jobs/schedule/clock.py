"""The clock: APScheduler says when; the rows say what was already done.

At each time of any job the catalogue's times are compared with the recorded runs; of what is due, in one transaction, a
run is recorded and its task enqueued. A run is unique by tenant, job and scheduled time, so several clocks fire each
once; what passed while no clock ran, or was lost by the scheduler, shows up in the next comparison. A tenant that comes
while a clock runs is seen by the next one. The machine's time may be set: the comparison comes by a clock that nobody
sets, too.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.combining import OrTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bot.access.model import TENANT
from bot.config.cron import REMEMBERED, due_times, next_time, trigger
from bot.kernel.tasks import Task
from bot.kernel.translation import gettext_noop as N_
from bot.messages.kept import kept, read, sentence
from bot.ops.started import note_version
from bot.services import Services
from jobs.catalog import JOBS, cron_of
from jobs.job import Job
from jobs.schedule.runner import JOB_RUN
from storage.core import job_runs
from storage.core.job_runs import Pause
from storage.engine.database import Transaction, despite_faults
from storage.people.tenants import hold

log = structlog.get_logger(__name__)
ON_TIME = timedelta(seconds=90)
COMPARE_EVERY = timedelta(minutes=5)
COMPARISON = "compare"
MISSED = kept(sentence(N_("nothing was running at that time")))
MISSED_MANY = N_("nothing was running at that time, nor at those before it since {time}")
PAUSED = N_("paused until {time}: {reason}")
Of = tuple[str, Job]  # whose run it is, and of what


@dataclass(frozen=True, slots=True)
class Due:
    """A job's newest times that were not recorded; of more than are remembered, since when they were not."""

    times: Sequence[datetime]
    unlisted_since: datetime | None


class Clock:
    """Fires the catalogue's jobs from `start` until `stop`."""

    def __init__(self, services: Services, catalogue: tuple[Job, ...] = JOBS) -> None:
        self._services = services
        self._catalogue = {job: trigger_of(job, services) for job in catalogue}
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._again: asyncio.Task[None] | None = None

    async def start(self) -> None:
        await note_version(self._services.database, str(self._services.version))
        whose = await self._whose()
        await self._services.database.write(lambda tx: self._install(tx, whose))
        await self.compare()
        self._scheduler.add_job(self.compare, any_of(self._catalogue.values()), id=COMPARISON, misfire_grace_time=None)
        self._scheduler.start()
        self._again = asyncio.create_task(self._compare_again())

    async def _compare_again(self) -> None:
        """Compare every few minutes whatever the machine's time says; and wake a scheduler that sleeps until a time
        that a wrong clock named.
        """
        while True:
            await asyncio.sleep(COMPARE_EVERY.total_seconds())
            await despite_faults(self.compare)
            job = self._scheduler.get_job(COMPARISON)
            if job is not None and job.next_run_time - datetime.now(UTC) > COMPARE_EVERY:
                job.reschedule(any_of(self._catalogue.values()))

    def stop(self) -> None:
        if self._again is not None:
            self._again.cancel()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def compare(self) -> None:
        """Record and enqueue every run that is due, whatever woke us."""
        now = self._services.database.clock.now()
        async with self._services.database.reading() as connection:
            latest = await job_runs.latest_scheduled(connection, now)
        whose = await self._whose()
        lost = {of: since for of, since in whose.items() if of[0] == TENANT and (TENANT, of[1].name) not in latest}
        if lost:  # all that is known of it is of a time to come
            await self._services.database.write(lambda tx: self._install(tx, lost))
        due: dict[Of, Due] = {}
        for (tenant, job), since in whose.items():
            found = _due(self._catalogue[job], latest.get((tenant, job.name), since), now)
            due |= {(tenant, job): found} if found.times else {}
        if due:
            await self._services.database.write(lambda tx: self._fire_due(tx, due))

    async def _whose(self) -> dict[Of, datetime]:
        """Every job with whom it runs for, and since when it may have been due for them."""
        since = {tenant.name: tenant.created_at for tenant in await self._services.tenants.active()}
        since |= {TENANT: self._services.database.clock.now()}
        jobs = self._catalogue
        return {(tenant, job): at for job in jobs for tenant, at in since.items() if job.runs_for(tenant)}

    async def _install(self, tx: Transaction, whose: Mapping[Of, datetime]) -> None:
        """A job that was never recorded counts from now on, and for a new tenant from when that came.

        Of clocks that start at once each waits until the one before has done so, whose time may be a little ahead.
        """
        await hold(tx, TENANT)
        known = await job_runs.latest_scheduled(tx.connection, tx.now + ON_TIME)
        tenants = {tenant for tenant, _ in known}
        for (tenant, job), since in whose.items():
            if (tenant, job.name) not in known:
                at = tx.now if tenant in tenants else since
                await job_runs.add(tx, tenant, job.name, at, str(self._services.version), "installed")

    async def _fire_due(self, tx: Transaction, due: Mapping[Of, Due]) -> None:
        pauses = await job_runs.pauses(tx.connection)
        for (tenant, job), found in due.items():
            await self._fire(tx, tenant, job, found, pauses.get((tenant, job.name)))

    async def _fire(self, tx: Transaction, tenant: str, job: Job, due: Due, paused: Pause | None) -> None:
        run, commit = (tenant, job.name), str(self._services.version)
        for number, missed in enumerate(due.times[:-1]):
            await job_runs.add(tx, *run, missed, commit, "missed", MISSED if number else _missed(due))
        for at in due.times[-1:]:
            if paused is not None and at < paused.until:
                why = kept(sentence(PAUSED, time=paused.until, reason=read(paused.reason)))
                await job_runs.add(tx, *run, at, commit, "paused", why)
            elif tx.now - at > ON_TIME and job.misfire == "report":
                await job_runs.add(tx, *run, at, commit, "missed", MISSED)
            elif (run_id := await job_runs.add(tx, *run, at, commit)) is not None:
                await self._services.queue.enqueue(tx, Task(JOB_RUN, run_id))


async def run_now(services: Services, job: Job, tenant: str) -> None:
    """Run a job at once for a tenant, besides its times; one that runs for all runs for all."""
    whose = tenant if job.scope != "system" else TENANT

    async def work(tx: Transaction) -> None:
        run_id = await job_runs.add(tx, whose, job.name, tx.now, str(services.version))
        if run_id is not None:
            await services.queue.enqueue(tx, Task(JOB_RUN, run_id, priority=1))

    await services.database.write(work)


def trigger_of(job: Job, services: Services) -> CronTrigger:
    """When the job runs; raises ValueError where JOB_TIMES has no valid cron for it."""
    return trigger(cron_of(job, services))


def _due(trigger: CronTrigger, last: datetime, now: datetime) -> Due:
    times = due_times(trigger, last, now)
    first = next_time(trigger, last + timedelta(microseconds=1)) if len(times) > REMEMBERED else None
    return Due(times, first if first is not None and first < times[0] else None)


def _missed(due: Due) -> str:
    """What is said of the oldest missed time that has a row; of those before it, that nothing ran then either."""
    since = due.unlisted_since
    return MISSED if since is None else kept(sentence(MISSED_MANY, time=since))


def any_of(triggers: Iterable[CronTrigger]) -> OrTrigger:
    """Fires at each time of any of these, once however many have it, and every few minutes besides."""
    return OrTrigger([*triggers, IntervalTrigger(seconds=COMPARE_EVERY.total_seconds(), timezone=UTC)])
