"""Queries on the runs of scheduled jobs, and on jobs that a person has paused."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, select, update

from bot.access.model import TENANT
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.upsert import insert_new, upsert
from storage.tables.core import job_pauses, job_runs


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a job: state "waiting", "running", "done", "failed" or "missed"; `commit` is the code that ran it."""

    id: int
    job: str
    scheduled_at: datetime
    state: str
    commit: str
    started_at: datetime | None
    finished_at: datetime | None
    result: str | None


def _run(row: Row[Any]) -> Run:
    return Run(row.id, row.job, row.scheduled_at, row.state, row.commit, row.started_at, row.finished_at, row.result)


async def add(
    tx: Transaction, job: str, scheduled_at: datetime, commit: str, state: str = "waiting", result: str | None = None
) -> int | None:
    """Record that the job is to run for that time; None where it was recorded before, by this clock or another."""
    row = {"tenant": TENANT, "job": job, "scheduled_at": scheduled_at, "state": state, "commit": commit}
    added = await insert_new(tx, job_runs, row | {"result": result}, "job", "scheduled_at")
    return added[0] if added else None


async def get(connection: Connection, run_id: int) -> Run:
    return _run((await connection.execute(select(job_runs).where(job_runs.c.id == run_id))).one())


async def change(tx: Transaction, run_id: int, **values: Any) -> None:
    await tx.run(update(job_runs).where(job_runs.c.id == run_id).values(values))


async def latest(connection: Connection) -> dict[str, Run]:
    """The newest run of every job."""
    newest = select(func.max(job_runs.c.id)).group_by(job_runs.c.job)
    rows = await connection.execute(select(job_runs).where(job_runs.c.id.in_(newest)))
    return {row.job: _run(row) for row in rows}


async def latest_scheduled(connection: Connection) -> dict[str, datetime]:
    """The newest scheduled time of every job that was ever recorded."""
    newest = func.max(job_runs.c.scheduled_at)
    rows = await connection.execute(select(job_runs.c.job, newest).group_by(job_runs.c.job))
    return {job: scheduled_at for job, scheduled_at in rows}


async def history(connection: Connection, job: str, limit: int = 5) -> list[Run]:
    query = select(job_runs).where(job_runs.c.job == job).order_by(job_runs.c.id.desc()).limit(limit)
    return [_run(row) for row in await connection.execute(query)]


async def pauses(connection: Connection) -> dict[str, datetime]:
    """The jobs that were paused, and until when."""
    return {job: until for job, until in await connection.execute(select(job_pauses.c.job, job_pauses.c.until))}


async def pause(tx: Transaction, job: str, until: datetime, person_id: int) -> None:
    await upsert(tx, job_pauses, {"tenant": TENANT, "job": job}, {"until": until, "person_id": person_id})


async def resume(tx: Transaction, job: str) -> None:
    await tx.run(delete(job_pauses).where(job_pauses.c.job == job))


async def forget(tx: Transaction, before: datetime) -> int:
    """Delete the runs scheduled before that time; returns how many rows went."""
    return (await tx.run(delete(job_runs).where(job_runs.c.scheduled_at < before))).rowcount
