"""What is tried on and on, and what is given up after a few tries, on both engines."""

import asyncio

import pytest
from sqlalchemy.exc import DataError, OperationalError

from bot.app import queue_of
from bot.kernel.errors import LeftAlone, ProviderError, Unreadable
from bot.kernel.tasks import RunAgain, Task, TaskQueue
from storage.database import Database
from storage.tries import Tries, after, reason
from tests.storage.test_tasks import SUM, enqueue, worker


@pytest.fixture
def queue(database: Database) -> TaskQueue:
    return queue_of(database)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pauses between tries, in hundredths of a second."""
    monkeypatch.setattr("storage.tries.FIRST_DELAY_SECONDS", 0.01)


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
    attempts, told = 0, []
    done = asyncio.Event()

    async def handler(subject: int) -> None:
        nonlocal attempts
        attempts += 1
        raise fault

    async def give_up(task: Task, reason: str) -> None:
        told.append((task.kind, task.subject, reason))
        done.set()

    async with worker(queue, handler, give_up=give_up):
        await enqueue(database, queue, Task(SUM, 7))
        await asyncio.wait_for(done.wait(), 20)
        await _nothing_waits(database, queue)
    assert attempts == tries
    assert told == [(SUM, 7, reason(fault))]


async def _nothing_waits(database: Database, queue: TaskQueue) -> None:
    async with asyncio.timeout(5):
        while await queue.waiting():
            await database.signals.wait("none", 0.01)


async def test_nobody_could_be_told(database: Database, queue: TaskQueue) -> None:
    """Where telling it fails, the task is kept and tried again."""
    told = asyncio.Event()
    calls = 0

    async def handler(subject: int) -> None:
        raise ProviderError("The model", "refused", permanent=True)

    async def give_up(task: Task, reason: str) -> None:
        nonlocal calls
        calls += 1
        if calls == 1:
            raise ValueError("no room to write it down")
        told.set()

    async with worker(queue, handler, give_up=give_up):
        await enqueue(database, queue, Task(SUM, 7))
        await asyncio.wait_for(told.wait(), 20)
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
        (LeftAlone("The models", 30), None),
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
    told: list[str] = []

    async def give_up(task: Task, why: str) -> None:
        told.append(why)

    tries = Tries()
    for attempt in range(1, 101):
        following = await after(error, Task(SUM, 1), tries, give_up)
        tries = following.tries
        if following.delay is None:
            assert attempt == most
            break
        assert following.delay <= 600 * 1.25 + 30
    assert len(told) == (most is not None)


async def test_a_wait_in_between_forgives_nothing() -> None:
    """Answers that cannot be read are counted together, also where the provider was left alone between them."""
    error, task, tries = Unreadable("The model", "no JSON"), Task(SUM, 1), Tries()

    async def give_up(task: Task, why: str) -> None:
        pass

    for _ in range(2):
        tries = (await after(error, task, tries, give_up)).tries
        tries = (await after(RunAgain(30), task, tries, give_up)).tries
    assert (await after(error, task, tries, give_up)).delay is None
