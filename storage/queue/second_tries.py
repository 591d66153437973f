"""Queries on tasks that were given up for what passes by itself: how often each was tried once more since."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select, update

from bot.kernel.tasks import Pool, Task, TaskKind
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.upsert import upsert
from storage.tables.core import second_tries


@dataclass(frozen=True, slots=True)
class SecondTry:
    """A task that was given up. tries: how often it was tried again by itself."""

    tenant: str
    task: Task
    tries: int


async def note(tx: Transaction, tenant: str, task: Task, *, passing: bool) -> None:
    """The task was given up; only what passes by itself is kept, with the tries that it had before."""
    if not passing:
        await forget(tx, task)
        return
    key = {"tenant": tenant, "kind": task.kind.name, "subject": task.subject}
    await upsert(tx, second_tries, key, {"crew": task.kind.pool, "since": tx.now, "waits": 1})


async def due(connection: Connection, before: datetime, most: int, limit: int) -> list[SecondTry]:
    """Those given up before that time, and tried again fewer than so many times, of every tenant; oldest first."""
    waiting = (second_tries.c.waits == 1, second_tries.c.tries < most, second_tries.c.since <= before)
    query = select(second_tries).where(*waiting).order_by(second_tries.c.since, second_tries.c.id).limit(limit)
    rows = await connection.execute(query)
    return [SecondTry(row.tenant, Task(TaskKind(row.kind, Pool(row.crew)), row.subject), row.tries) for row in rows]


async def tried(tx: Transaction, task: Task) -> None:
    """The task is tried again; it waits no more until it is given up anew."""
    await tx.run(update(second_tries).where(*_is(task)).values(tries=second_tries.c.tries + 1, waits=0))


async def forget(tx: Transaction, task: Task) -> None:
    """The task is none of these any more."""
    await tx.run(delete(second_tries).where(*_is(task)))


async def forget_before(tx: Transaction, before: datetime) -> int:
    """Delete what was given up before that time; returns how many rows went."""
    return (await tx.run(delete(second_tries).where(second_tries.c.since < before))).rowcount


def _is(task: Task) -> tuple[ColumnElement[bool], ...]:
    return second_tries.c.kind == task.kind.name, second_tries.c.subject == task.subject
