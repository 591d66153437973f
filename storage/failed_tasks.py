"""Queries on tasks that were given up."""

from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, select

from bot.kernel.tasks import Crew, Kind, Task
from storage.connection import Connection
from storage.database import Transaction
from storage.inserting import insert_ignoring
from storage.tables import failed_tasks


@dataclass(frozen=True, slots=True)
class FailedTask:
    """A task that nobody tries any more, until a person has it go on."""

    id: int
    tenant: str
    task: Task
    reason: str
    since: datetime


def _failed_task(row: Row[Any]) -> FailedTask:
    task = Task(Kind(row.kind, Crew(row.crew)), row.subject)
    return FailedTask(row.id, row.tenant, task, row.reason, row.since)


async def add(tx: Transaction, tenant: str, task: Task, reason: str) -> FailedTask | None:
    """Keep that the task was given up; None where that is known."""
    row = {"tenant": tenant, "kind": task.kind.name, "crew": task.kind.crew, "subject": task.subject}
    row |= {"reason": reason, "since": tx.now}
    ids = await insert_ignoring(tx, failed_tasks, row, "kind", "subject")
    return FailedTask(ids[0], tenant, Task(task.kind, task.subject), reason, tx.now) if ids else None


async def take(tx: Transaction, tenant: str, failed_id: int) -> FailedTask | None:
    """Forget that it was given up, since it goes on; None where somebody was first."""
    query = delete(failed_tasks).where(failed_tasks.c.tenant == tenant, failed_tasks.c.id == failed_id)
    row = (await tx.run(query.returning(*failed_tasks.c))).first()
    return None if row is None else _failed_task(row)


async def newest(connection: Connection, tenant: str, limit: int) -> list[FailedTask]:
    """The newest of the tenant's."""
    query = select(failed_tasks).where(failed_tasks.c.tenant == tenant).order_by(failed_tasks.c.id.desc())
    return [_failed_task(row) for row in await connection.execute(query.limit(limit))]


async def count(connection: Connection, tenant: str) -> int:
    """How many of the tenant's there are."""
    query = select(func.count()).select_from(failed_tasks).where(failed_tasks.c.tenant == tenant)
    return int((await connection.execute(query)).scalar_one())


async def subjects(connection: Connection, kind: Kind) -> Set[int]:
    """The subjects whose task of that kind was given up, of every tenant."""
    query = select(failed_tasks.c.subject).where(failed_tasks.c.kind == kind.name)
    return set((await connection.execute(query)).scalars())
