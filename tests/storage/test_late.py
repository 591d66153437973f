"""What has not moved for long is heard of, on both engines, and goes on all the same."""

import asyncio
from math import ceil

import pytest

from bot.databases import queue_of
from bot.kernel.errors import CircuitOpen, ProviderError
from bot.kernel.tasks import RunAgain, Task, TaskQueue
from bot.kernel.timing import Timing
from storage.engine.database import Database
from storage.queue.tries import LATE_SECONDS, Tries, after
from tests.storage.test_tasks import SUM, enqueue, worker
from tests.storage.watching import Heard

BUSY = ProviderError("Stripe", "an error of its own (500)")


def away() -> ProviderError:
    """An error of a provider that serves nobody."""
    error = ProviderError("The models", "no answer")
    error.outage = True
    return error


@pytest.fixture
def queue(database: Database) -> TaskQueue:
    return queue_of(database)


async def test_heard_of_and_done(database: Database, queue: TaskQueue, monkeypatch: pytest.MonkeyPatch) -> None:
    """A task that fails for long is heard of with its last words, is tried on, and its end is heard of too."""
    database.timing = Timing(first_retry=0.01)
    monkeypatch.setattr("storage.queue.tries.LATE_SECONDS", 2)
    heard, served = Heard(), asyncio.Event()

    async def handler(subject: int) -> None:
        if not served.is_set():
            raise BUSY

    async with worker(queue, handler, watch=heard):
        await enqueue(database, queue, Task(SUM, 7))
        await asyncio.wait_for(heard.news.wait(), 20)
        assert heard.late_tasks[0] == (Task(SUM, 7), str(BUSY), False)
        heard.news.clear()
        served.set()
        async with asyncio.timeout(20):
            while not heard.over_tasks or await queue.waiting():
                await database.signals.wait("none", 0.01)
    assert heard.over_tasks == [Task(SUM, 7)]
    assert heard.given_up_tasks == []


async def test_given_up_by_a_person(database: Database, queue: TaskQueue, monkeypatch: pytest.MonkeyPatch) -> None:
    """A task that a person gave up while it ran is not tried again; one that waits is dropped."""
    database.timing = Timing(first_retry=0.01)
    monkeypatch.setattr("storage.queue.tries.LATE_SECONDS", 1)
    heard = Heard(wanted=False)

    async def handler(subject: int) -> None:
        raise BUSY

    async with worker(queue, handler, watch=heard):
        await enqueue(database, queue, Task(SUM, 7))
        async with asyncio.timeout(20):
            while not heard.late_tasks or await queue.waiting():
                await database.signals.wait("none", 0.01)
    assert len(heard.late_tasks) == 1
    await enqueue(database, queue, Task(SUM, 7))
    await database.write(lambda tx: queue.drop(tx, Task(SUM, 7)))
    assert await queue.waiting() == 0


async def _walk(*errors: Exception) -> tuple[Heard, int]:
    """Have a task fail so, one after another; who heard of it, and the seconds that went by until then, of each pause
    whole ones, as they are counted.
    """
    heard, tries, waited = Heard(), Tries(), 0
    for error in errors:
        following = await after(error, Task(SUM, 1), tries, heard)
        if heard.late_tasks:
            break
        assert following.delay is not None
        tries, waited = following.tries, waited + ceil(following.delay)
    return heard, waited


async def test_within_the_hour() -> None:
    """Failures are heard of between 10 and 30 minutes after the first; a provider that wants to be left alone for an
    hour, when it fails once more.
    """
    heard, waited = await _walk(*[BUSY] * 20)
    assert heard.late_tasks
    assert LATE_SECONDS <= waited <= 1800
    heard, waited = await _walk(*[ProviderError("Stripe", "too many requests", retry_after=3600)] * 2)
    assert len(heard.late_tasks) == 1


async def test_an_outage_is_told_as_such() -> None:
    """What waits because its provider serves nobody is kept as late, and known to have been told already; once the
    provider serves others, it is told of.
    """
    heard, _ = await _walk(*[CircuitOpen("The models", 60), away()] * 20)
    assert [told for _, _, told in heard.late_tasks] == [True]
    heard, _ = await _walk(*[CircuitOpen("The models", 120)] * 10, BUSY)
    assert [told for _, _, told in heard.late_tasks] == [False]


async def test_what_waits_for_something_of_ours() -> None:
    """A task that only waits for its time or for room is not late."""
    heard, _ = await _walk(*[RunAgain(3600)] * 100, BUSY)
    assert heard.late_tasks == []


async def test_one_that_fails_alone_keeps_its_distance() -> None:
    """Its pauses grow although the provider is left alone between its tries, so that it soon opens no breaker alone."""
    tries = Tries()
    for _ in range(6):
        tries = (await after(BUSY, Task(SUM, 1), tries, None)).tries
        tries = (await after(CircuitOpen("The models", 30), Task(SUM, 1), tries, None)).tries
    following = await after(BUSY, Task(SUM, 1), tries, None)
    assert following.delay is not None
    assert following.delay > 60
