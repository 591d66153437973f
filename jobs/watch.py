"""Jobs that watch: what goes wrong becomes alerts, alerts become incidents, and people hear of both."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime

import structlog

from bot.config.cron import trigger
from bot.kernel.translation import gettext_noop as N_
from bot.services import Services
from jobs.job import Job
from jobs.machinery import pauses
from jobs.machinery.lateness import late_since
from storage.core import job_runs
from storage.core.job_runs import Run

log = structlog.get_logger(__name__)
ALERTS = "alerts"
Step = Callable[[str], Awaitable[str]]


async def alerts(services: Services, tenant: str, jobs: Sequence[Job]) -> str:
    """Look for what can be counted in the rows, and see to alerts that are due. jobs: those that should run."""
    look, watch = services.watch.conditions, services.watch

    async def silent(tenant: str) -> str:
        await look.gone_jobs(tenant, [job.name for job in jobs])
        return await look.jobs(tenant, await silent_jobs(services, jobs, tenant))

    async def paused(tenant: str) -> str:
        return await pauses.settle(services, tenant, [job.name for job in jobs if job.vital])

    async def mornings(tenant: str) -> str:
        async with services.database.reading() as connection:
            looked = await job_runs.last_done(connection, tenant, ALERTS)
        return await watch.mornings.look(tenant, looked)

    found = (
        look.webhooks,
        look.payments,
        look.revenue,
        look.refusals,
        look.door,
        look.stopped,
        services.backups.backups.look,
        services.backups.holding.remind,
        silent,
        paused,
        watch.arrivals.look,
    )
    return await _each(tenant, (*found, watch.nagging.look, watch.runbooks.check, mornings))


async def _each(tenant: str, steps: Sequence[Step]) -> str:
    """What the steps say. One that fails keeps none behind it from being done; then its error is raised."""
    said, failed = [], []
    for step in steps:
        try:
            said.append(await step(tenant))
        except Exception as error:
            log.exception("one of the looks failed", look=getattr(step, "__qualname__", ""), tenant=tenant)
            failed.append(error)
    if failed:
        raise failed[0]
    return "; ".join(filter(None, said)) or "nothing is wrong"


async def incident_scan(services: Services, tenant: str, jobs: Sequence[Job]) -> str:
    """Group alerts into incidents; and look whether the job that finds alerts runs itself, or is paused."""
    await pauses.remind(services, tenant, ALERTS)
    silent = await services.watch.conditions.jobs(
        tenant, await silent_jobs(services, [job for job in jobs if job.name == ALERTS], tenant)
    )
    return "; ".join(filter(None, [silent, await services.incidents.scanning.scan(tenant)]))


async def incident_pager(services: Services, tenant: str) -> str:
    """Page whoever can help, rung by rung; and remind of a pause of the job that finds alerts, as `incident_scan` does
    where that is not paused too.
    """
    await pauses.remind(services, tenant, ALERTS)
    return await services.incidents.pager.page(tenant)


async def incident_summary(services: Services, tenant: str) -> str:
    """Sum open incidents up from their own events."""
    return await services.incidents.summaries.write(tenant)


async def ops_digest(services: Services, tenant: str) -> str:
    """Send the digest of the last half day to admins."""
    return await services.incidents.digests.send(tenant)


async def silent_jobs(services: Services, jobs: Collection[Job], tenant: str) -> Mapping[str, bool]:
    """Of each of these jobs that run for the tenant, whether it should have begun and did not.

    A run that was missed while nothing was running, or left out by a pause, was seen: silent is only one of which there
    is no word, and one that is recorded and does not begin.
    """
    now = services.database.clock.now()
    async with services.database.reading() as connection:
        newest = await job_runs.latest(connection, tenant)
    known = [(job, newest[job.name]) for job in jobs if job.runs_for(tenant) and job.name in newest]
    return {job.name: run.state != "running" and _is_late(services, job, run, now) for job, run in known}


def _is_late(services: Services, job: Job, run: Run, now: datetime) -> bool:
    cron = trigger(services.settings.job_times.get(job.name, job.cron))
    return late_since(job, cron, run, now) is not None


def jobs(catalogue: Callable[[], Sequence[Job]]) -> tuple[Job, ...]:
    """The rows. catalogue: all jobs that there are, once they are."""

    async def find(services: Services, tenant: str) -> str:
        return await alerts(services, tenant, catalogue())

    async def scan(services: Services, tenant: str) -> str:
        return await incident_scan(services, tenant, catalogue())

    return (
        Job(
            ALERTS,
            N_("Finds failing webhooks and payments, falling revenue, jobs that do not run, and attacks"),
            "*/5 * * * *",
            "report",
            120,
            find,
            "tenant",
            vital=True,
        ),
        Job(
            "incident_scan",
            N_("Groups alerts into incidents, and closes those that are resolved"),
            "*/5 * * * *",
            "report",
            60,
            scan,
            "tenant",
            vital=True,
        ),
        Job(
            "incident_pager",
            N_("Pages whoever is on duty, and others while nobody has an incident"),
            "*/5 * * * *",
            "report",
            60,
            incident_pager,
            "tenant",
            vital=True,
        ),
        Job(
            "incident_summary",
            N_("Summarises open incidents by a model, from their own events"),
            "*/30 * * * *",
            "report",
            120,
            incident_summary,
            "tenant",
        ),
        Job(
            "ops_digest",
            N_("Sends admins what went wrong in the last 12 hours, with suggestions"),
            "0 6,18 * * *",
            "catch up",
            180,
            ops_digest,
            "tenant",
        ),
    )
