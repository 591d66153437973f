"""Runs one recorded run of a job, and records how it ended and by which code."""

import asyncio
from dataclasses import replace
from typing import Any

import structlog

from bot.access.model import TENANT
from bot.alerts.raising import clear, raise_
from bot.audit.whence import coming_from
from bot.kernel.errors import EchoPilotError
from bot.kernel.translation import gettext_noop as N_
from bot.messages.kept import is_kept, kept, read, sentence
from bot.services import Services
from jobs.catalog import BY_NAME
from jobs.job import JOB_RUN as JOB_RUN
from storage.core import job_runs
from storage.core.job_runs import Run
from storage.engine.database import Transaction

log = structlog.get_logger(__name__)
LONGEST = 500  # characters of what a run says
TOO_LONG = N_("took longer than {seconds} s")
NO_SUCH_JOB = N_("this version has no such job")


async def run_job(services: Services, run_id: int) -> None:
    """Carry a run out unless it ended before. A run that a crash cut off is run once more."""
    async with services.database.reading() as connection:
        run = await job_runs.get(connection, run_id)
    if run.state not in {"waiting", "running"}:
        return
    begun: dict[str, Any] = {
        "state": "running",
        "started_at": services.database.clock.now(),
        "commit": str(services.version),
    }
    await services.database.write(lambda tx: job_runs.change(tx, run, **begun))
    run = replace(run, started_at=begun["started_at"])
    job = BY_NAME.get(run.job)
    if job is None:
        await _ended(services, run, "failed", kept(sentence(NO_SUCH_JOB)))
        return
    try:
        with coming_from("job", f"run:{run.id}"):
            async with asyncio.timeout(job.timeout):
                result = await job.carry_out(services, run.tenant, run.scheduled_at)
    except TimeoutError:
        await _ended(services, run, "failed", kept(sentence(TOO_LONG, seconds=f"{job.timeout:.0f}")))
    except EchoPilotError as error:
        await _ended(services, run, "failed", str(error))
    except Exception as error:  # whatever it is, the run must not stay "running", and the job's next run may mend it
        log.exception("job failed", job=run.job)
        await _ended(services, run, "failed", f"{type(error).__name__}: {error}")
    else:
        await _ended(services, run, "done", result)


async def _ended(services: Services, run: Run, state: str, result: str) -> None:
    async def work(tx: Transaction) -> None:
        await job_runs.change(tx, run, state=state, finished_at=tx.now, result=_short(result))
        await (_failed(tx, run, result) if state == "failed" else _well(tx, run))

    began = run.started_at or run.scheduled_at
    services.metrics.job(run.job, state, (services.database.clock.now() - began).total_seconds())
    log.info("job ended", job=run.job, tenant=run.tenant, state=state, result=read(result))
    await services.database.write(work)


def _short(result: str) -> str:
    """A kept sentence is only whole a sentence."""
    return result if is_kept(result) else result[:LONGEST]


async def _failed(tx: Transaction, run: Run, result: str) -> None:
    """Its tenant hears why; who looks after the installation hears that, since only they can mend what is wrong."""
    await raise_(tx, "job_failed", run.job, tenant=run.tenant, job=run.job, reason=result)
    if run.tenant != TENANT:
        await raise_(tx, "job_failed_for", _of(run), job=run.job, whose=run.tenant)


async def _well(tx: Transaction, run: Run) -> None:
    await clear(tx, "job_failed", run.job, tenant=run.tenant)
    if run.tenant != TENANT:
        await clear(tx, "job_failed_for", _of(run))


def _of(run: Run) -> str:
    return f"{run.job}:{run.tenant}"
