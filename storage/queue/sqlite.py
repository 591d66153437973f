"""The engine on SQLite: a table of tasks, one row per kind and subject, worked off by this process alone.

`storage.engine.locks` sees to it that no second process opens the file, so what runs is known in memory and starting a
task costs no commit. A row stays until its work is done: after a crash everything that ran simply waits again.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, case, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert

from bot.access.model import TENANT
from bot.kernel.paying import Bill, one_try
from bot.kernel.tasks import Load, Pool, Task, TaskHandler, TaskKind, Watch
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction, despite_faults
from storage.engine.group_commit import GroupCommit
from storage.engine.types import UtcTime, not_among
from storage.queue.tries import Tries, after, succeeded
from storage.tables.core import tasks

LOOK_SECONDS = 1.0
KEYS_AT_ONCE = 500


# Built once: building a statement takes SQLAlchemy several times longer than running it.
_ROW = insert(tasks)
_CHANGES = {"asked": tasks.c.asked + 1, "run_at": func.min(tasks.c.run_at, _ROW.excluded.run_at)}
_ENQUEUE = _ROW.on_conflict_do_update(index_elements=["key"], set_=_CHANGES)
_DUE = select(tasks).where(tasks.c.run_at <= bindparam("now"), tasks.c.kind.in_(bindparam("kinds", expanding=True)))
_DUE = _DUE.where(not_among(tasks.c.id, "running"))
_DUE = _DUE.order_by(tasks.c.priority.desc(), tasks.c.run_at).limit(bindparam("at_most"))
_THIS = tasks.c.id == bindparam("task")
_UNCHANGED = tasks.c.asked == bindparam("times")
_DONE = delete(tasks).where(_THIS, _UNCHANGED)
# What was asked for meanwhile runs when it was asked to, but what was tried in vain stays counted.
_AGAIN = (
    update(tasks)
    .where(_THIS)
    .values(run_at=case((_UNCHANGED, bindparam("again", type_=UtcTime)), else_=tasks.c.run_at))
)
_AGAIN = _AGAIN.values(failures=bindparam("failed"), faults=bindparam("faulty"), waited=bindparam("paused"))
_DROP = delete(tasks).where(tasks.c.key == bindparam("its_key"))


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run of a task ended; `asked` is what the row said when it began. `again`: when to run it once more."""

    row_id: int
    asked: int
    again: datetime | None = None
    tries: Tries = field(default_factory=Tries)


class SqliteTaskQueue:
    """See `bot.kernel.tasks.TaskQueue`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._outcomes: GroupCommit[Outcome] = GroupCommit(database, _finish)
        self._pools: dict[Pool, WorkerPool] = {}
        self._sizes: dict[Pool, int] = {}

    async def enqueue(self, tx: Transaction, *wanted: Task) -> None:
        rows = [
            {
                "tenant": TENANT,
                "key": task.key,
                "kind": task.kind.name,
                "subject": task.subject,
                "priority": task.priority,
                "run_at": task.run_at or tx.now,
            }
            for task in wanted
        ]
        if not rows:
            return
        await tx.run(_ENQUEUE, rows)
        for pool in {task.kind.pool for task in wanted}:
            tx.wake(_signal(pool))

    async def waiting(self) -> int:
        async with self._database.reading() as connection:
            return int((await connection.execute(select(func.count()).select_from(tasks))).scalar_one())

    async def under_way(self, keys: Sequence[str]) -> int:
        count = select(func.count()).select_from(tasks).where(tasks.c.key.in_(keys))
        async with self._database.reading() as connection:
            return int((await connection.execute(count)).scalar_one())

    async def missing(self, connection: Connection, *wanted: Task) -> int:
        keys = sorted({task.key for task in wanted})
        there = 0
        for start in range(0, len(keys), KEYS_AT_ONCE):
            query = select(func.count()).select_from(tasks)
            there += (
                await connection.execute(query.where(tasks.c.key.in_(keys[start : start + KEYS_AT_ONCE])))
            ).scalar_one()
        return len(keys) - there

    async def oldest_seconds(self) -> float:
        async with self._database.reading() as connection:
            at = (await connection.execute(select(func.min(tasks.c.run_at)))).scalar()
        return 0.0 if at is None else max(0.0, (self._database.clock.now() - at).total_seconds())

    async def load(self, pool: Pool) -> Load:
        working = self._pools.get(pool)
        due = select(func.count()).select_from(tasks).where(tasks.c.run_at <= self._database.clock.now())
        if working is not None:
            due = due.where(tasks.c.kind.in_(working.kinds))
        async with self._database.reading() as connection:
            count = int((await connection.execute(due)).scalar_one())
        running = working.running if working is not None else 0
        size = working.size if working is not None else self._sizes.get(pool, 0)
        return Load(max(0, count - running), running, size, running)

    def resize(self, pool: Pool, size: int) -> None:
        self._sizes[pool] = size
        if (working := self._pools.get(pool)) is not None:
            working.resize(size)

    async def drop(self, tx: Transaction, task: Task) -> None:
        await tx.run(_DROP, {"its_key": task.key})

    async def forget(self, tx: Transaction, before: datetime) -> int:  # noqa: ARG002 - none is kept that has ended
        return 0

    async def work(
        self, handlers: Mapping[TaskKind, TaskHandler], at_once: Mapping[Pool, int], watch: Watch | None = None
    ) -> None:
        async with asyncio.TaskGroup() as group:
            for pool, size in at_once.items():
                theirs = {kind.name: handler for kind, handler in handlers.items() if kind.pool is pool}
                at_most = self._sizes.get(pool, size)
                working = WorkerPool(self._database, self._outcomes, pool, theirs, at_most, watch)
                self._pools[pool] = working
                group.create_task(working.work(), name=pool)


class WorkerPool:
    """A pool of workers: `handlers` by the name of their kind, `size` tasks at a time."""

    def __init__(
        self,
        database: Database,
        outcomes: GroupCommit[Outcome],
        pool: Pool,
        handlers: Mapping[str, TaskHandler],
        size: int,
        watch: Watch | None,
    ) -> None:
        self._database = database
        self._outcomes = outcomes
        self._pool = pool
        self._watch = watch
        self._signal = _signal(pool)
        self._handlers = handlers
        self.size = size
        self._running: dict[int, asyncio.Task[None]] = {}
        # How tasks ended that a full disk kept from being written down: they are not run again for that.
        self._unwritten: dict[int, Outcome] = {}
        self._busy = 0

    @property
    def kinds(self) -> Sequence[str]:
        """The kinds of task that it runs, by name."""
        return list(self._handlers)

    @property
    def running(self) -> int:
        """How many it runs."""
        return len(self._running)

    def resize(self, size: int) -> None:
        """Run so many at a time from now on."""
        self.size = size
        self._database.signals.wake(self._signal)

    async def work(self) -> None:
        """Run tasks until cancelled; then finish what is under way."""
        try:
            while True:
                if self._busy < self.size:
                    await despite_faults(self._start_due)
                await self._database.signals.wait(self._signal, LOOK_SECONDS)
        finally:
            if self._running:
                await asyncio.wait(self._running.values())

    async def _start_due(self) -> None:
        due = {"now": self._database.clock.now(), "kinds": list(self._handlers), "at_most": self.size - self._busy}
        async with self._database.reading() as connection:
            rows = (await connection.execute(_DUE, due | {"running": self._running.keys()})).all()
        for row in rows:
            self._busy += 1
            self._running[row.id] = asyncio.create_task(self._carry(self._handlers[row.kind], row), name=row.key)

    async def _carry(self, handler: TaskHandler, row: Row[Any]) -> None:
        try:
            outcome = self._unwritten.get(row.id) or await self._outcome(handler, row)
        finally:
            self._busy -= 1
            self._database.signals.wake(self._signal)
        self._unwritten[row.id] = outcome
        try:
            await despite_faults(lambda: self._written(outcome))
        finally:
            del self._running[row.id]
            self._database.signals.wake(self._signal)

    async def _written(self, outcome: Outcome) -> None:
        await self._outcomes.add(outcome)
        del self._unwritten[outcome.row_id]

    async def _outcome(self, handler: TaskHandler, row: Row[Any]) -> Outcome:
        task = Task(TaskKind(row.kind, self._pool), row.subject, priority=row.priority)
        tries = Tries(row.failures, row.faults, row.waited)
        bill = Bill()
        try:
            with one_try() as bill:
                await handler(row.subject)
            await succeeded(task, tries, self._watch)
        except Exception as error:  # noqa: BLE001 - whatever it is, the work is kept, or somebody is told
            following = await after(error, task, tries, self._watch, bill, self._database.timing)
            if following.delay is not None:
                again = self._database.clock.now() + timedelta(seconds=following.delay)
                return Outcome(row.id, row.asked, again, following.tries)
        return Outcome(row.id, row.asked)


def _signal(pool: Pool) -> str:
    return f"tasks:{pool}"


async def _finish(tx: Transaction, outcomes: Sequence[Outcome]) -> None:
    for outcome in outcomes:
        row = {"task": outcome.row_id, "times": outcome.asked}
        if outcome.again is None:
            await tx.run(_DONE, row)
        else:
            tries = outcome.tries
            counts = {"failed": tries.failures, "faulty": tries.faults, "paused": tries.waited}
            await tx.run(_AGAIN, row | {"again": outcome.again} | counts)
