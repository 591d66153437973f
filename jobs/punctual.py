"""Whether each job ran when it should have, for whoever looks after that.

A run that was missed while nothing was running, or left out by a pause, was seen: only one of which there is no word is
silent, and one that is recorded and does not begin.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from bot.config.cron import trigger
from bot.services import Services
from bot.watch.model import GRACE, Duty
from jobs.job import Job
from jobs.times import due_times
from storage.core import job_runs
from storage.core.job_runs import Run


async def duties(services: Services, jobs: Collection[Job], tenant: str) -> Sequence[Duty]:
    """When each of these jobs that run for the tenant was to run last, and what became of it."""
    now = services.database.clock.now()
    async with services.database.reading() as connection:
        newest = await job_runs.latest(connection, tenant)
    known = [(job, newest[job.name]) for job in jobs if job.runs_for(tenant) and job.name in newest]
    return [_duty(services, job, run, now) for job, run in known]


def _duty(services: Services, job: Job, run: Run, now: datetime) -> Duty:
    cron = trigger(services.settings.job_times.get(job.name, job.cron))
    times = due_times(cron, run.scheduled_at, now - GRACE)
    return Duty(job.name, times[-1] if times else run.scheduled_at, run.scheduled_at, began=run.state != "waiting")
