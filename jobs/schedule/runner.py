"""Runs one recorded run of a job, and records how it ended and by which code."""

import asyncio
from functools import partial

import structlog

from bot.access.model import TENANT
from bot.kernel.card import Card, Lines, escape, first_lines
from bot.kernel.errors import EchoPilotError
from bot.kernel.translation import gettext as _
from bot.messages.service import ADMINS, notify_roles
from bot.messages.topics import Topic
from bot.services import Services
from jobs.catalog import BY_NAME
from jobs.job import JOB_RUN as JOB_RUN
from storage.core import job_runs
from storage.core.job_runs import Run
from storage.engine.database import Transaction

log = structlog.get_logger(__name__)


async def run_job(services: Services, run_id: int) -> None:
    """Carry a run out unless it ended before. A run that a crash cut off is run once more."""
    async with services.database.reading() as connection:
        run = await job_runs.get(connection, run_id)
    if run.state not in {"waiting", "running"}:
        return
    begun = {"state": "running", "started_at": services.database.clock.now(), "commit": str(services.version)}
    await services.database.write(lambda tx: job_runs.change(tx, run, **begun))
    job = BY_NAME.get(run.job)
    if job is None:
        await _ended(services, run, "failed", "this version has no such job")
        return
    try:
        async with asyncio.timeout(job.timeout):
            result = await job.carry_out(services, run.tenant)
    except TimeoutError:
        await _ended(services, run, "failed", f"took longer than {job.timeout:.0f} s")
    except EchoPilotError as error:
        await _ended(services, run, "failed", str(error))
    except Exception as error:  # whatever it is, the run must not stay "running", and the job's next run may mend it
        log.exception("job failed", job=run.job)
        await _ended(services, run, "failed", f"{type(error).__name__}: {error}")
    else:
        await _ended(services, run, "done", result)


async def _ended(services: Services, run: Run, state: str, result: str) -> None:
    async def work(tx: Transaction) -> None:
        await job_runs.change(tx, run, state=state, finished_at=tx.now, result=result[:500])
        if state == "failed":
            failed = partial(_failed, run.job, result)
            await notify_roles(tx, run.tenant, ADMINS, Topic.JOBS, failed, slot=f"job:{run.job}")
            if run.tenant != TENANT:  # only who looks after the installation can mend what is wrong with it
                failed = partial(_failed_for, run.job, run.tenant)
                await notify_roles(tx, TENANT, ADMINS, Topic.JOBS, failed, slot=f"job:{run.job}:{run.tenant}")

    log.info("job ended", job=run.job, tenant=run.tenant, state=state, result=result)
    await services.database.write(work)


def _failed(job: str, result: str) -> Card:
    return Card(str(Lines(_("Job {job} · failed", job=job)).add(first_lines(result, 300)).add(f"/job_{job}")))


def _failed_for(job: str, tenant: str) -> Card:
    """The same, to those who look after the installation; why is the tenant's business."""
    return Card(str(Lines(_("Job {job} · failed for {tenant}", job=job, tenant=escape(tenant))).add(f"/job_{job}")))
