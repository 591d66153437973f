"""Work that waits to be done: the port that both engines (SQLite and PostgreSQL) implement.

A task says only "carry this subject on from where its rows say it is", so it may run twice without harm.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

TaskHandler = Callable[[int], Awaitable[None]]
DEAD_AFTER_SECONDS = 5.0  # of silence, a worker's tasks are taken over by others


class Pool(StrEnum):
    """Who carries tasks, each pool so many at a time: a receipt does not wait until fifty drafts are written."""

    MODELS = "models"
    QUICK = "errands"


@dataclass(frozen=True, slots=True)
class TaskKind:
    """A kind of task: the name that its rows bear, and whose work it is."""

    name: str
    pool: Pool


@dataclass(frozen=True, slots=True)
class Task:
    """Carry `subject` (a row's id) on, by the handler of that `kind`, not before `run_at` (None: now).

    Two tasks of the same kind and subject never run at the same time.
    """

    kind: TaskKind
    subject: int
    run_at: datetime | None = None
    priority: int = 0

    @property
    def key(self) -> str:
        return f"{self.kind.name}:{self.subject}"


@dataclass(frozen=True, slots=True)
class Load:
    """How busy a pool is. ready: tasks that could run now and wait for room; running: those that this process runs, of
    `size` that it may; everywhere: those that all processes run.
    """

    ready: int
    running: int
    size: int
    everywhere: int


class Watch(Protocol):
    """Hears of tasks that do not succeed, and tells whoever can do something. What it raises keeps the task."""

    async def given_up(self, task: Task, reason: str, *, passing: bool) -> None:
        """It is tried no more. passing: what stood in its way passes by itself, so that it may be tried again later."""
        ...

    async def late(self, task: Task, reason: str, *, told: bool) -> bool:
        """It is still tried, although it has not moved for long; False where a person gave it up meanwhile.

        told: people know of what stands in its way, an outage.
        """
        ...

    async def over(self, task: Task) -> None:
        """One that was late is done."""
        ...


class TaskQueue(Protocol):
    """Where tasks wait. Enqueueing happens in the transaction of the change that calls for it."""

    async def enqueue(self, tx: Any, *tasks: Task) -> None:
        """Add tasks, durable once `tx` (a storage.engine.database.Transaction) commits."""
        ...

    async def work(
        self, handlers: Mapping[TaskKind, TaskHandler], at_once: Mapping[Pool, int], watch: Watch | None = None
    ) -> None:
        """Run tasks, up to so many of each pool at a time, until cancelled; then finish what is under way.

        watch: None where every task is tried until it succeeds.
        """
        ...

    async def drop(self, tx: Any, task: Task) -> None:
        """Forget the task where it waits; one that runs at this moment goes on."""
        ...

    async def forget(self, tx: Any, before: datetime) -> int:
        """Delete what is left of tasks that ended before then; returns how many went."""
        ...

    async def waiting(self) -> int:
        """How many tasks wait or run."""
        ...

    async def under_way(self, keys: Sequence[str]) -> int:
        """How many of these tasks, by their keys, wait or run."""
        ...

    async def missing(self, connection: Any, *tasks: Task) -> int:
        """How many of these neither wait nor run."""
        ...

    async def oldest_seconds(self) -> float:
        """How long the task that is due the longest has been; 0 where none waits."""
        ...

    async def load(self, pool: Pool) -> Load:
        """How busy the pool is."""
        ...

    def resize(self, pool: Pool, size: int) -> None:
        """Have this process run so many of the pool's tasks at a time from now on; what runs is finished first."""
        ...


class RunAgain(Exception):
    """Raised by a handler: the same task again in `delay` seconds."""

    def __init__(self, delay: float) -> None:
        super().__init__(f"again in {delay:.1f} s")
        self.delay = delay
