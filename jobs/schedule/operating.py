"""Jobs as people operate them: how each stands, and running, pausing and resuming it. All raise Forbidden."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.access.model import TENANT, Permission, Person
from bot.services import Services
from jobs.catalog import JOBS
from jobs.job import Job
from jobs.schedule.clock import next_time, run_now, trigger_of
from storage.core import job_runs
from storage.core.job_runs import Run as Run


@dataclass(frozen=True, slots=True)
class Standing:
    """How a job stands: its newest run, when it runs next, and until when it is paused, if it is."""

    job: Job
    last: Run | None
    following: datetime | None
    paused_until: datetime | None


async def all_of(who: Person, services: Services) -> Sequence[Standing]:
    """Every job that runs for them."""
    who.require(Permission.RUN_JOBS)
    async with services.database.reading() as connection:
        latest = await job_runs.latest(connection, who.tenant)
        pauses = await job_runs.pauses(connection)
    theirs = [job for job in JOBS if job.runs_for(who.tenant)]
    return [_standing(who, job, latest.get(job.name), pauses, services) for job in theirs]


async def one(who: Person, services: Services, job: Job) -> tuple[Standing, Sequence[Run], Sequence[Run]]:
    """A job, its newest runs, and for whom looks after the installation the newest of each other tenant."""
    who.require(Permission.RUN_JOBS)
    async with services.database.reading() as connection:
        runs = await job_runs.history(connection, who.tenant, job.name)
        pauses = await job_runs.pauses(connection)
        newest = await job_runs.newest_by_tenant(connection, job.name) if who.tenant == TENANT else []
    others = [run for run in newest if run.tenant != who.tenant]
    return _standing(who, job, next(iter(runs), None), pauses, services), runs, others


def _standing(
    who: Person, job: Job, last: Run | None, pauses: Mapping[tuple[str, str], datetime], services: Services
) -> Standing:
    now = services.database.clock.now()
    paused = pauses.get((who.tenant, job.name), now)
    return Standing(job, last, next_time(trigger_of(job, services), now), paused if paused > now else None)


async def run(who: Person, services: Services, job: Job) -> None:
    """Run the job now, besides its times."""
    who.require(Permission.RUN_JOBS)
    await run_now(services, job, who.tenant)


async def pause(who: Person, services: Services, job: Job, hours: int) -> None:
    """Leave its times out for so long."""
    who.require(Permission.RUN_JOBS)
    until = services.database.clock.now() + timedelta(hours=hours)
    await services.database.write(lambda tx: job_runs.pause(tx, who.tenant, job.name, until, who.id))


async def resume(who: Person, services: Services, job: Job) -> None:
    """End the pause."""
    who.require(Permission.RUN_JOBS)
    await services.database.write(lambda tx: job_runs.resume(tx, who.tenant, job.name))
