"""Queries on the runs of scheduled jobs, and on jobs that a person has paused."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CTE,
    BindParameter,
    ColumnElement,
    Row,
    ScalarSelect,
    Select,
    bindparam,
    delete,
    func,
    select,
    update,
)

from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.types import constant
from storage.engine.upsert import insert_new, upsert
from storage.tables.core import job_pauses, job_runs

LOAD = select(job_runs).where(job_runs.c.id == bindparam("run"))


def _of(column: ColumnElement[Any], *where: ColumnElement[bool], within: CTE) -> ScalarSelect[Any]:
    return select(column).where(*where).correlate(within).scalar_subquery()


def _tenants(*of: ColumnElement[bool]) -> CTE:
    """The tenants that have runs, between "" and null: each is looked up behind the one before, as runs are many."""
    known = select(constant("").label("tenant")).cte("of_tenants", recursive=True)
    following = _of(func.min(job_runs.c.tenant), *of, job_runs.c.tenant > known.c.tenant, within=known)
    return known.union_all(select(following).where(known.c.tenant >= ""))


def _names(tenants: Select[str]) -> CTE:
    """The jobs of these tenants that have runs, found in the same way."""
    known = tenants.add_columns(constant("").label("job")).cte("names", recursive=True)
    behind = (job_runs.c.tenant == known.c.tenant, job_runs.c.job > known.c.job)
    following = _of(func.min(job_runs.c.job), *behind, within=known)
    return known.union_all(select(known.c.tenant, following).where(known.c.job >= ""))


def _newest_of_tenant() -> Select[Any]:
    tenant: BindParameter[str] = bindparam("whose", type_=job_runs.c.tenant.type)
    names = _names(select(tenant.label("tenant")))
    newest = _of(func.max(job_runs.c.id), job_runs.c.tenant == tenant, job_runs.c.job == names.c.job, within=names)
    ids = select(newest).where(names.c.job > "")
    return select(job_runs).where(job_runs.c.tenant == tenant, job_runs.c.id.in_(ids))


def _newest_times() -> Select[Any]:
    of = _tenants()
    names = _names(select(of.c.tenant).where(of.c.tenant > ""))
    theirs = (job_runs.c.tenant == names.c.tenant, job_runs.c.job == names.c.job)
    past = job_runs.c.scheduled_at <= bindparam("until", type_=job_runs.c.scheduled_at.type)
    newest = _of(func.max(job_runs.c.scheduled_at), *theirs, past, within=names)
    return select(names.c.tenant, names.c.job, newest).where(names.c.job > "")


def _newest_of_all() -> Select[int]:
    of = _tenants()
    names = _names(select(of.c.tenant).where(of.c.tenant > ""))
    theirs = (job_runs.c.tenant == names.c.tenant, job_runs.c.job == names.c.job)
    return select(_of(func.max(job_runs.c.id), *theirs, within=names)).where(names.c.job > "")


def _newest_of_each() -> Select[Any]:
    this = job_runs.c.job == bindparam("name")
    of = _tenants(this)
    newest = _of(func.max(job_runs.c.id), this, job_runs.c.tenant == of.c.tenant, within=of)
    ids = select(newest).where(of.c.tenant > "")
    return select(job_runs).where(job_runs.c.id.in_(ids)).order_by(job_runs.c.tenant)


_NEWEST_OF_TENANT, _NEWEST_TIMES, _NEWEST_OF_EACH = _newest_of_tenant(), _newest_times(), _newest_of_each()
_OLD = job_runs.c.scheduled_at < bindparam("before")
_FORGET = delete(job_runs).where(_OLD, job_runs.c.id.not_in(_newest_of_all()))


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a job: state "waiting", "running", "done", "failed" or "missed"; `commit` is the code that ran it.

    tenant: for whom; of a job that runs once for all, whose the installation is. recorded_at: when it was written down,
    which is later than it was scheduled where it is caught up; None where that is not known.
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
    recorded_at: datetime | None = None


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
    return Run(row.id, row.tenant, row.job, *when, row.result, row.recorded_at)


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
    row = {"tenant": tenant, "job": job, "scheduled_at": scheduled_at, "recorded_at": tx.now, "state": state}
    row |= {"commit": commit, "result": result}
    added = await insert_new(tx, job_runs, row, "tenant", "job", "scheduled_at")
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
    rows = await connection.execute(_NEWEST_OF_TENANT, {"whose": tenant})
    return {row.job: _run(row) for row in rows}


async def latest_scheduled(connection: Connection, now: datetime) -> dict[tuple[str, str], datetime]:
    """The newest scheduled time up to now of every job that was recorded, by tenant and job.

    What a clock recorded that was ahead says nothing: else the job would not run until that time has come.
    """
    rows = await connection.execute(_NEWEST_TIMES, {"until": now})
    return {(tenant, job): scheduled_at for tenant, job, scheduled_at in rows if scheduled_at is not None}


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
    return [_run(row) for row in await connection.execute(_NEWEST_OF_EACH, {"name": job})]


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
    """Delete the runs scheduled before that time, but for the newest of each job, which says up to when its times are
    recorded; returns how many rows went.
    """
    return (await tx.run(_FORGET, {"before": before})).rowcount
