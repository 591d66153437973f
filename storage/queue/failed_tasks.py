"""Queries on tasks that were given up, and on those that have not moved for long and are still tried."""

from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, func, literal, select, update

from bot.kernel.tasks import Pool, Task, TaskKind
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.types import Bool
from storage.engine.upsert import insert_new
from storage.tables.core import failed_tasks

_TRYING = failed_tasks.c.trying == literal(value=True, type_=Bool)


@dataclass(frozen=True, slots=True)
class FailedTask:
    """A task that nobody tries any more, until a person has it go on; or one that is still tried (`trying`)."""

    id: int
    tenant: str
    task: Task
    reason: str
    since: datetime
    trying: bool = False


def _failed_task(row: Row[Any]) -> FailedTask:
    task = Task(TaskKind(row.kind, Pool(row.crew)), row.subject)
    return FailedTask(row.id, row.tenant, task, row.reason, row.since, row.trying)


async def add(tx: Transaction, tenant: str, task: Task, reason: str, *, trying: bool = False) -> FailedTask | None:
    """Keep that the task was given up, or is still tried; None where that is known."""
    row = {"tenant": tenant, "kind": task.kind.name, "crew": task.kind.pool, "subject": task.subject}
    row |= {"reason": reason, "since": tx.now, "trying": trying}
    if await insert_new(tx, failed_tasks, row, "kind", "subject"):
        return await of(tx.connection, task)
    change = update(failed_tasks).where(*_is(task), _TRYING)
    if trying:
        await tx.run(change.values(reason=reason))
        return None
    changed = await tx.run(change.values(reason=reason, since=tx.now, trying=False))
    return await of(tx.connection, task) if changed.rowcount else None


async def of(connection: Connection, task: Task) -> FailedTask | None:
    """What is kept of the task."""
    row = (await connection.execute(select(failed_tasks).where(*_is(task)))).first()
    return None if row is None else _failed_task(row)


def _is(task: Task) -> tuple[ColumnElement[bool], ...]:
    return failed_tasks.c.kind == task.kind.name, failed_tasks.c.subject == task.subject


async def take(tx: Transaction, tenant: str, failed_id: int) -> FailedTask | None:
    """Forget that it was given up, since it goes on; None where somebody was first."""
    query = delete(failed_tasks).where(failed_tasks.c.tenant == tenant, failed_tasks.c.id == failed_id)
    row = (await tx.run(query.where(~_TRYING).returning(*failed_tasks.c))).first()
    return None if row is None else _failed_task(row)


async def tried(tx: Transaction, tenant: str, failed_id: int) -> FailedTask | None:
    """One that is still tried, by its number; None where it is not any more."""
    query = select(failed_tasks).where(failed_tasks.c.tenant == tenant, failed_tasks.c.id == failed_id)
    row = (await tx.run(query.where(_TRYING))).first()
    return None if row is None else _failed_task(row)


async def end(tx: Transaction, task: Task) -> FailedTask | None:
    """The task is not tried any more, since it succeeded or a person gave it up; None where that was known."""
    query = delete(failed_tasks).where(*_is(task), _TRYING)
    row = (await tx.run(query.returning(*failed_tasks.c))).first()
    return None if row is None else _failed_task(row)


async def newest(connection: Connection, tenant: str, limit: int, *, trying: bool = False) -> list[FailedTask]:
    """The newest of the tenant's that were given up, or that are still tried."""
    query = select(failed_tasks).where(failed_tasks.c.tenant == tenant, failed_tasks.c.trying == trying)
    query = query.order_by(failed_tasks.c.id.desc()).limit(limit)
    return [_failed_task(row) for row in await connection.execute(query)]


async def count(connection: Connection, tenant: str, *, trying: bool = False) -> int:
    """How many of the tenant's there are, given up or still tried."""
    query = select(func.count()).select_from(failed_tasks).where(failed_tasks.c.tenant == tenant)
    return int((await connection.execute(query.where(failed_tasks.c.trying == trying))).scalar_one())


async def subjects(connection: Connection, kind: TaskKind) -> Set[int]:
    """The subjects whose task of that kind was given up, or is still tried, of every tenant."""
    query = select(failed_tasks.c.subject).where(failed_tasks.c.kind == kind.name)
    return set((await connection.execute(query)).scalars())
