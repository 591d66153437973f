"""On PostgreSQL, work comes back from whoever cannot end it."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.databases import queue_of
from bot.kernel.tasks import RunAgain, Task, TaskHandler, TaskQueue
from storage.engine.database import Database
from tests.eventually import eventually, nothing
from tests.storage.test_tasks import SUM, enqueue, worker


@pytest.fixture
def queue(postgresql: Database) -> TaskQueue:
    return queue_of(postgresql)


def hearing() -> tuple[TaskHandler, asyncio.Queue[int]]:
    """A handler, and the subjects that it was called with."""
    subjects: asyncio.Queue[int] = asyncio.Queue()
    return subjects.put, subjects


async def run_sql(database: Database, statement: str) -> None:
    await database.write(lambda tx: tx.run(text(statement)))


async def test_taken_for_dead(postgresql: Database, queue: TaskQueue) -> None:
    """A worker that the others have struck off, after a long sleep of its machine, joins again by itself."""
    handler, subjects = hearing()
    async with worker(queue, handler):
        await enqueue(postgresql, queue, Task(SUM, 1))
        assert await asyncio.wait_for(subjects.get(), 5) == 1
        await run_sql(postgresql, "DELETE FROM procrastinate_workers")
        await enqueue(postgresql, queue, Task(SUM, 2))
        assert await asyncio.wait_for(subjects.get(), 10) == 2


async def test_end_not_written_down(postgresql: Database, queue: TaskQueue) -> None:
    """A task whose end its living worker could not write down is run again, not left running for ever."""
    handler, subjects = hearing()
    async with worker(queue, handler):
        await enqueue(postgresql, queue, Task(SUM, 1))
        assert await asyncio.wait_for(subjects.get(), 5) == 1
        await enqueue(postgresql, queue, Task(SUM, 2, postgresql.clock.now() + timedelta(hours=1)))
        owner = "(SELECT id FROM procrastinate_workers)"
        await run_sql(postgresql, f"UPDATE procrastinate_jobs SET status = 'doing', worker_id = {owner}")
        assert await asyncio.wait_for(subjects.get(), 10) == 2


async def test_taken_over_while_it_runs(postgresql: Database, queue: TaskQueue) -> None:
    """Whoever was taken for dead ends no task that was put back meanwhile: what is to be tried again, is."""
    subjects: asyncio.Queue[int] = asyncio.Queue()

    async def handler(subject: int) -> None:
        subjects.put_nowait(subject)
        if subjects.qsize() == 1:
            later = "now() + interval '1 hour', NULL, NULL, NULL"
            await run_sql(postgresql, f"SELECT procrastinate_retry_job_v2(id, {later}) FROM procrastinate_jobs")
            raise RunAgain(0.2)

    async with worker(queue, handler):
        await enqueue(postgresql, queue, Task(SUM, 1))
        assert await eventually(subjects.qsize, lambda found: found == 2, within=10)
        await eventually(queue.waiting, nothing, within=10)


async def test_two_rescuers(postgresql: Database) -> None:
    """Where several workers find a dead one's tasks at the same time, each task is run, and the workers go on.

    A task that one of them has put back and another has begun may be put back once more: at least once, never less.
    """
    handler, subjects = hearing()
    first, second = queue_of(postgresql), queue_of(postgresql)
    await enqueue(postgresql, first, *(Task(SUM, subject) for subject in range(20)))
    await run_sql(postgresql, "UPDATE procrastinate_jobs SET status = 'doing'")
    async with worker(first, handler), worker(second, handler):
        async with asyncio.timeout(10):
            run: set[int] = set()
            while run != set(range(20)):
                run.add(await subjects.get())
        await enqueue(postgresql, first, Task(SUM, 20))
        async with asyncio.timeout(5):
            while await subjects.get() != 20:
                continue
    assert await first.waiting() == 0


async def test_stopped_while_it_opens(postgresql: Database, queue: TaskQueue) -> None:
    """A worker that is stopped at any step of its start leaves nothing running that would keep the program alive."""
    before = asyncio.all_tasks()
    for steps in range(0, 60, 3):
        async with worker(queue, hearing()[0]):
            for _ in range(steps):
                await asyncio.sleep(0)
        assert asyncio.all_tasks() == before, steps


async def test_ended_jobs_go(postgresql: Database, queue: TaskQueue) -> None:
    """What ended long ago and was not deleted then is forgotten; what ended of late, or still waits, stays."""
    await enqueue(postgresql, queue, *(Task(SUM, subject) for subject in range(3)))
    await run_sql(postgresql, "UPDATE procrastinate_jobs SET status = 'doing' WHERE args->>'subject' <> '2'")
    await run_sql(postgresql, "UPDATE procrastinate_jobs SET status = 'failed' WHERE status = 'doing'")
    of_first = "job_id = (SELECT id FROM procrastinate_jobs WHERE args->>'subject' = '0')"
    await run_sql(postgresql, f"UPDATE procrastinate_events SET at = now() - interval '40 days' WHERE {of_first}")
    before = postgresql.clock.now() - timedelta(days=30)
    assert await postgresql.write(lambda tx: queue.forget(tx, before)) == 1
    async with postgresql.reading() as connection:
        left = await connection.execute(text("SELECT args->>'subject', status FROM procrastinate_jobs ORDER BY 1"))
        assert [tuple(row) for row in left] == [("1", "failed"), ("2", "todo")]
