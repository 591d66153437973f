"""How many tasks run at a time can be changed while they run, on both engines."""

import asyncio

import pytest

from bot.databases import queue_of
from bot.kernel.tasks import Pool, Task
from storage.engine.database import Database
from tests.eventually import eventually
from tests.storage.test_tasks import SUM, enqueue, worker


@pytest.mark.both_databases
async def test_more_and_fewer_at_once(database: Database) -> None:
    """A larger size begins more at once; a smaller one breaks nothing off, and begins nothing until there is room."""
    queue, begun, ended, may_end = queue_of(database), 0, 0, asyncio.Semaphore(0)

    async def handler(subject: int) -> None:
        nonlocal begun, ended
        begun += 1
        await may_end.acquire()
        ended += 1

    async def end(number: int) -> None:
        for _ in range(number):
            may_end.release()
        await eventually(lambda: may_end.locked())

    async with worker(queue, handler, 2):
        await enqueue(database, queue, *[Task(SUM, number) for number in range(12)])
        await eventually(lambda: begun == 2)
        load = await queue.load(Pool.MODELS)
        assert (load.ready, load.running, load.size) == (10, 2, 2)
        queue.resize(Pool.MODELS, 5)
        await eventually(lambda: begun == 5)
        queue.resize(Pool.MODELS, 1)
        await end(4)
        await eventually(queue.waiting, lambda waiting: waiting == 8)
        assert (begun, ended) == (5, 4)
        await end(1)
        await eventually(lambda: begun == 6)
        assert ended == 5
        for _ in range(7):
            may_end.release()
        await eventually(lambda: ended == 12)


@pytest.mark.both_databases
async def test_a_size_before_the_work_begins(database: Database) -> None:
    """What was decided before a worker starts holds for it."""
    queue, running, go_on = queue_of(database), 0, asyncio.Event()

    async def handler(subject: int) -> None:
        nonlocal running
        running += 1
        await go_on.wait()

    queue.resize(Pool.MODELS, 3)
    async with worker(queue, handler, 10):
        await enqueue(database, queue, *[Task(SUM, number) for number in range(6)])
        await eventually(lambda: running == 3)
        assert (await queue.load(Pool.MODELS)).ready == 3
        go_on.set()
