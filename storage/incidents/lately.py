"""Queries on what happened lately, for digests: counts of a tenant's rows."""

from datetime import datetime

from sqlalchemy import ColumnElement, Table, func, select

from storage.engine.connection import Connection
from storage.engine.types import unindexed
from storage.tables.core import failed_tasks, job_runs
from storage.tables.watch.incidents import incidents


async def runs_by_job(connection: Connection, tenant: str, since: datetime, state: str) -> list[tuple[str, int]]:
    """How many runs of each job ended so since then, the most first."""
    number = func.count().label("number")
    job = unindexed(job_runs.c.job)  # in the order of its index all runs that there ever were would be walked
    query = select(job.label("job"), number).where(job_runs.c.scheduled_at >= since)
    query = query.where(unindexed(job_runs.c.tenant) == tenant, unindexed(job_runs.c.state) == state)
    rows = await connection.execute(query.group_by(job).order_by(number.desc(), job))
    return [(row.job, row.number) for row in rows]


async def incidents_opened(connection: Connection, tenant: str, since: datetime) -> int:
    """How many incidents opened since then."""
    return await _count(connection, incidents, incidents.c.tenant == tenant, incidents.c.opened_at >= since)


async def work_waiting(connection: Connection, tenant: str) -> int:
    """How many tasks wait for a person."""
    trying = failed_tasks.c.trying == False  # noqa: E712 - in SQL
    return await _count(connection, failed_tasks, failed_tasks.c.tenant == tenant, trying)


async def _count(connection: Connection, table: Table, *where: ColumnElement[bool]) -> int:
    return int((await connection.execute(select(func.count()).select_from(table).where(*where))).scalar_one())
