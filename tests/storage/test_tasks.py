"""Both engines keep the promises of `bot.kernel.tasks`."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from bot.databases import queue_of
from bot.kernel.errors import ProviderError
from bot.kernel.tasks import Pool, RunAgain, Task, TaskHandler, TaskKind, TaskQueue, Watch
from storage.engine.database import Database, Transaction

SUM, ERRAND = TaskKind("sum", Pool.MODELS), TaskKind("errand", Pool.QUICK)


@pytest.fixture
def queue(database: Database) -> TaskQueue:
    return queue_of(database)


@asynccontextmanager
async def worker(
    queue: TaskQueue, handler: TaskHandler, concurrency: int = 10, watch: Watch | None = None
) -> AsyncIterator[asyncio.Task[None]]:
    """Works on the tasks of kind "sum" within the context."""
    task = asyncio.create_task(queue.work({SUM: handler}, {Pool.MODELS: concurrency}, watch))
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def enqueue(database: Database, queue: TaskQueue, *tasks: Task) -> None:
    await database.write(lambda tx: queue.enqueue(tx, *tasks))


async def test_pick_up(database: Database, queue: TaskQueue, measured: Callable[[str], None]) -> None:
    """A task begins as soon as its transaction has committed, and is forgotten once it is done."""
    begun = asyncio.Event()

    async def handler(subject: int) -> None:
        begun.set()

    delays = []
    async with worker(queue, handler):
        await enqueue(database, queue, Task(SUM, 0))
        await asyncio.wait_for(begun.wait(), 5)
        for subject in range(1, 101):
            begun.clear()
            await enqueue(database, queue, Task(SUM, subject))
            committed = time.perf_counter()
            await asyncio.wait_for(begun.wait(), 5)
            delays.append(time.perf_counter() - committed)
    assert await queue.waiting() == 0
    median = sorted(delays)[50] * 1000
    engine = "sqlite" if database.sqlite else "postgresql"
    measured(
        f"{engine}: a task begins {median:.1f} ms after its commit (median of 100, longest {max(delays) * 1000:.1f})"
    )


async def test_rollback(database: Database, queue: TaskQueue) -> None:
    """A transaction that is taken back takes its task with it."""

    async def work(tx: Transaction) -> None:
        await queue.enqueue(tx, Task(SUM, 1))
        raise ValueError("changed its mind")

    with pytest.raises(ValueError, match="changed its mind"):
        await database.write(work)
    assert await queue.waiting() == 0


async def test_waiting_task_is_brought_forward(database: Database, queue: TaskQueue) -> None:
    """A task that waits for later runs at once when it is asked for again, and runs once."""
    ran: list[int] = []
    done = asyncio.Event()

    async def handler(subject: int) -> None:
        ran.append(subject)
        done.set()

    later = database.clock.now() + timedelta(hours=1)
    async with worker(queue, handler):
        await enqueue(database, queue, Task(SUM, 1, run_at=later))
        await enqueue(database, queue, Task(SUM, 1))
        await asyncio.wait_for(done.wait(), 5)
        await enqueue(database, queue, Task(SUM, 1, run_at=later))
        await enqueue(database, queue, Task(SUM, 1, run_at=later + timedelta(hours=1)))
    assert ran == [1]
    assert await queue.waiting() == 1


async def test_asked_for_while_it_runs(database: Database, queue: TaskQueue) -> None:
    """A task asked for while it runs runs once more, even where it wanted to wait, and never twice at a time."""
    first, second, go_on = asyncio.Event(), asyncio.Event(), asyncio.Event()
    at_once = most = 0

    async def handler(subject: int) -> None:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        if not first.is_set():
            first.set()
            await go_on.wait()
            at_once -= 1
            raise RunAgain(3600)
        at_once -= 1
        second.set()

    async with worker(queue, handler):
        await enqueue(database, queue, Task(SUM, 1))
        await first.wait()
        await enqueue(database, queue, Task(SUM, 1), Task(SUM, 1))
        go_on.set()
        await asyncio.wait_for(second.wait(), 5)
    assert most == 1
    assert await queue.waiting() == 0


@pytest.mark.parametrize(
    "fault",
    [RunAgain(0.1), ProviderError("The model", "is busy", retry_after=0.1), ValueError("our own fault")],
    ids=lambda f: type(f).__name__,
)
async def test_failure(database: Database, queue: TaskQueue, fault: Exception) -> None:
    """A task that fails, or asks for it, is run again until it succeeds."""
    attempts = 0
    done = asyncio.Event()

    async def handler(subject: int) -> None:
        nonlocal attempts
        attempts += 1
        if attempts == 1:
            raise fault
        done.set()

    async with worker(queue, handler):
        await enqueue(database, queue, Task(SUM, 1))
        await asyncio.wait_for(done.wait(), 10)
    assert attempts == 2
    assert await queue.waiting() == 0


async def test_stop(database: Database, queue: TaskQueue) -> None:
    """A worker that is stopped finishes what it has begun, begins nothing more, and leaves that waiting."""
    begun, go_on = asyncio.Event(), asyncio.Event()
    ended: list[int] = []

    async def handler(subject: int) -> None:
        begun.set()
        await go_on.wait()
        ended.append(subject)

    async with worker(queue, handler, concurrency=1) as working:
        await enqueue(database, queue, Task(SUM, 1), Task(SUM, 2))
        await begun.wait()
        working.cancel()
        go_on.set()
    assert len(ended) == 1
    assert await queue.waiting() == 1


async def test_crews(database: Database, queue: TaskQueue) -> None:
    """An errand is run while as much waits for models as may, and more stands in line."""
    begun, go_on, ran = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def slow(subject: int) -> None:
        begun.set()
        await go_on.wait()

    async def errand(subject: int) -> None:
        ran.set()

    pools = {Pool.MODELS: 1, Pool.QUICK: 1}
    working = asyncio.create_task(queue.work({SUM: slow, ERRAND: errand}, pools))
    await enqueue(database, queue, *(Task(SUM, subject) for subject in range(5)))
    await asyncio.wait_for(begun.wait(), 5)
    await enqueue(database, queue, Task(ERRAND, 1))
    await asyncio.wait_for(ran.wait(), 5)
    assert await queue.waiting() >= 5
    working.cancel()
    go_on.set()
    await asyncio.gather(working, return_exceptions=True)
