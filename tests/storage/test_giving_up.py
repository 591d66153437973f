"""What is tried on and on, and what is given up after a few tries, on both engines."""

import asyncio

import pytest
from sqlalchemy.exc import DataError, OperationalError

from bot.databases import queue_of
from bot.kernel.errors import CircuitOpen, ProviderError, Unreadable
from bot.kernel.tasks import RunAgain, Task, TaskQueue
from bot.kernel.timing import Timing
from storage.engine.database import Database
from storage.queue.tries import Tries, after, reason
from tests.eventually import eventually, nothing
from tests.storage.test_tasks import SUM, enqueue, worker
from tests.storage.watching import Heard


@pytest.fixture
def queue(database: Database) -> TaskQueue:
    """One with pauses between tries in hundredths of a second."""
    database.timing = Timing(first_retry=0.01)
    return queue_of(database)


@pytest.mark.parametrize(
    ("fault", "tries"),
    [
        (Unreadable("The model", "an answer that cannot be read"), 3),
        (ValueError("our own fault"), 5),
        (ProviderError("The model", "refused", permanent=True), 1),
    ],
    ids=["unreadable", "ours", "refused"],
)
async def test_given_up(database: Database, queue: TaskQueue, fault: Exception, tries: int) -> None:
    """What does not pass by itself is tried a few times and given up, and that is told with its reason."""
    attempts, heard = 0, Heard()

    async def handler(subject: int) -> None:
        nonlocal attempts
        attempts += 1
        raise fault

    async with worker(queue, handler, watch=heard):
        await enqueue(database, queue, Task(SUM, 7))
        await asyncio.wait_for(heard.news.wait(), 20)
        await _nothing_waits(database, queue)
    assert attempts == tries
    assert heard.given_up_tasks == [(Task(SUM, 7), reason(fault))]


async def _nothing_waits(database: Database, queue: TaskQueue) -> None:
    await eventually(queue.waiting, nothing)


async def test_nobody_could_be_told(database: Database, queue: TaskQueue) -> None:
    """Where telling it fails, the task is kept and tried again."""
    heard = Heard(deaf=1)

    async def handler(subject: int) -> None:
        raise ProviderError("The model", "refused", permanent=True)

    async with worker(queue, handler, watch=heard):
        await enqueue(database, queue, Task(SUM, 7))
        await asyncio.wait_for(heard.news.wait(), 20)
        await _nothing_waits(database, queue)


def passing(*, paid: bool = False, outage: bool = False) -> ProviderError:
    """A provider's error that is not final."""
    error = ProviderError("The model", "no answer in time", unknown=True)
    error.paid, error.outage = paid, outage
    return error


@pytest.mark.parametrize(
    ("error", "most"),
    [
        (ProviderError("The model", "too many requests", retry_after=1), None),
        (CircuitOpen("The models", 30), None),
        (passing(), None),
        (passing(paid=True), 10),
        (passing(paid=True, outage=True), None),
        (OperationalError("INSERT", {}, Exception("database or disk is full")), None),
        (DataError("INSERT", {}, Exception("cannot contain NUL")), 5),
    ],
)  # fmt: skip
async def test_what_passes_is_never_given_up(error: Exception, most: int | None) -> None:
    """A provider that is down, busy or left alone, and a database that does not answer, are waited for without end; a
    call that is perhaps paid each time is not, unless the provider answers nobody.
    """
    heard, tries = Heard(), Tries()
    for attempt in range(1, 101):
        following = await after(error, Task(SUM, 1), tries, heard)
        tries = following.tries
        if following.delay is None:
            assert attempt == most
            break
        assert following.delay <= 600 * 1.25 + 30
    assert len(heard.given_up_tasks) == (most is not None)


async def test_a_wait_in_between_forgives_nothing() -> None:
    """Answers that cannot be read are counted together, also where the provider was left alone between them."""
    error, task, tries, heard = Unreadable("The model", "no JSON"), Task(SUM, 1), Tries(), Heard()
    for _ in range(2):
        tries = (await after(error, task, tries, heard)).tries
        tries = (await after(RunAgain(30), task, tries, heard)).tries
    assert (await after(error, task, tries, heard)).delay is None


async def test_asked_for_while_it_fails(database: Database, queue: TaskQueue) -> None:
    """A task that somebody asks for during each of its tries is given up after as many all the same."""
    attempts, heard = 0, Heard()

    async def handler(subject: int) -> None:
        nonlocal attempts
        attempts += 1
        if attempts < 10:
            await enqueue(database, queue, Task(SUM, 7))
        raise ValueError("our own fault")

    async with worker(queue, handler, watch=heard):
        await enqueue(database, queue, Task(SUM, 7))
        await asyncio.wait_for(heard.news.wait(), 20)
    assert attempts == 5
