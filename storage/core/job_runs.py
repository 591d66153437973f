"""Queries on the runs of scheduled jobs, and on jobs that a person has paused."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, func, select, update

from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.types import unindexed
from storage.engine.upsert import insert_new, upsert
from storage.tables.core import job_pauses, job_runs

LOAD = select(job_runs).where(job_runs.c.id == bindparam("run"))


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a job: state "waiting", "running", "done", "failed" or "missed"; `commit` is the code that ran it.

    tenant: for whom; of a job that runs once for all, whose the installation is.
    """

    id: int
    tenant: str
    job: str
    scheduled_at: datetime
    state: str
    commit: str
    started_at: datetime | None
    finished_at: datetime | None
    result: str | None


@dataclass(frozen=True, slots=True)
class Pause:
    """Until when a job is paused, why, by the person of which id, and since when; one from before reasons were asked
    for has none.
    """

    until: datetime
    reason: str
    by: int
    since: datetime | None


def _run(row: Row[Any]) -> Run:
    when = (row.scheduled_at, row.state, row.commit, row.started_at, row.finished_at)
    return Run(row.id, row.tenant, row.job, *when, row.result)


async def add(
    tx: Transaction,
    tenant: str,
    job: str,
    scheduled_at: datetime,
    commit: str,
    state: str = "waiting",
    result: str | None = None,
) -> int | None:
    """Record that the job is to run for that tenant and time; None where it was recorded before, by whichever clock."""
    row = {"tenant": tenant, "job": job, "scheduled_at": scheduled_at, "state": state, "commit": commit}
    added = await insert_new(tx, job_runs, row | {"result": result}, "tenant", "job", "scheduled_at")
    return added[0] if added else None


async def get(connection: Connection, run_id: int) -> Run:
    """The run, which has to be there."""
    return _run((await connection.execute(LOAD, {"run": run_id})).one())


async def left(connection: Connection, after: datetime, before: datetime) -> list[int]:
    """The runs that were to begin between these times and have not ended, of every tenant."""
    when = (job_runs.c.scheduled_at >= after, job_runs.c.scheduled_at < before)
    query = select(job_runs.c.id).where(*when, job_runs.c.state.in_(["waiting", "running"]))
    return list((await connection.execute(query)).scalars())


async def change(tx: Transaction, run: Run, **values: Any) -> None:
    """Change these values of the run."""
    await tx.run(update(job_runs).where(job_runs.c.tenant == run.tenant, job_runs.c.id == run.id).values(values))


async def latest(connection: Connection, tenant: str) -> dict[str, Run]:
    """The tenant's newest run of every job."""
    newest = select(func.max(job_runs.c.id)).where(job_runs.c.tenant == tenant).group_by(job_runs.c.job)
    rows = await connection.execute(select(job_runs).where(job_runs.c.tenant == tenant, job_runs.c.id.in_(newest)))
    return {row.job: _run(row) for row in rows}


async def latest_scheduled(connection: Connection, now: datetime) -> dict[tuple[str, str], datetime]:
    """The newest scheduled time up to now of every job that was recorded, by tenant and job.

    What a clock recorded that was ahead says nothing: else the job would not run until that time has come.
    """
    newest = func.max(job_runs.c.scheduled_at)
    query = select(job_runs.c.tenant, job_runs.c.job, newest).where(unindexed(job_runs.c.scheduled_at) <= now)
    query = query.group_by(job_runs.c.tenant, job_runs.c.job)
    return {(tenant, job): scheduled_at for tenant, job, scheduled_at in await connection.execute(query)}


async def history(connection: Connection, tenant: str, job: str, limit: int = 5) -> list[Run]:
    """The tenant's newest runs of the job, newest first."""
    query = select(job_runs).where(job_runs.c.tenant == tenant, job_runs.c.job == job)
    return [_run(row) for row in await connection.execute(query.order_by(job_runs.c.id.desc()).limit(limit))]


async def last_done(connection: Connection, tenant: str, job: str) -> datetime | None:
    """When the job last ended well; None where it never did."""
    query = select(job_runs.c.finished_at).where(job_runs.c.tenant == tenant, job_runs.c.job == job)
    query = query.where(job_runs.c.state == "done").order_by(job_runs.c.id.desc()).limit(1)
    at: datetime | None = (await connection.execute(query)).scalar_one_or_none()
    return at


async def newest_by_tenant(connection: Connection, job: str) -> list[Run]:
    """The newest run of the job for each tenant that it ran for, for those who look after the installation."""
    newest = select(func.max(job_runs.c.id)).where(job_runs.c.job == job).group_by(job_runs.c.tenant)
    rows = await connection.execute(select(job_runs).where(job_runs.c.id.in_(newest)).order_by(job_runs.c.tenant))
    return [_run(row) for row in rows]


async def pauses(connection: Connection) -> dict[tuple[str, str], Pause]:
    """The jobs that were paused, by tenant and job, also where the pause is over."""
    rows = await connection.execute(select(job_pauses))
    return {(row.tenant, row.job): Pause(row.until, row.reason, row.person_id, row.since) for row in rows}


async def pause(tx: Transaction, tenant: str, job: str, until: datetime, person_id: int, reason: str) -> None:
    """Let the job not run for the tenant until then."""
    values = {"until": until, "person_id": person_id, "reason": reason, "since": tx.now}
    await upsert(tx, job_pauses, {"tenant": tenant, "job": job}, values)


async def resume(tx: Transaction, tenant: str, job: str) -> None:
    """End the pause."""
    await tx.run(delete(job_pauses).where(job_pauses.c.tenant == tenant, job_pauses.c.job == job))


async def forget(tx: Transaction, before: datetime) -> int:
    """Delete the runs scheduled before that time; returns how many rows went."""
    return (await tx.run(delete(job_runs).where(job_runs.c.scheduled_at < before))).rowcount
