"""Outages that several processes see differently: none is told for ever, and none is told never."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest

from bot.alerts.model import Alert
from bot.kernel.errors import ProviderError
from bot.models.guard import Guard, News
from tests.alerting import alert_of, runs
from tests.clock import SimulatedClock
from tests.desk import Desk, desk
from tests.house import Providers

MODELS = "The models"


class Worker:
    """A process of which the way to the models may be lost."""

    def __init__(self, here: Desk, clock: SimulatedClock) -> None:
        self._changes: asyncio.Queue[News] = asyncio.Queue()
        self._guard = Guard(MODELS, clock, self._changes, left_alone=5)
        self._here = here

    async def asks(self, *, answered: bool) -> None:
        """It makes a call, and tells what it has to."""

        async def call() -> None:
            if not answered:
                raise ProviderError(MODELS, "does not answer", unknown=True)

        with suppress(ProviderError):
            await self._guard.call(call)
        while not self._changes.empty():
            await self._here.app.outages._note(self._changes.get_nowait())


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock()


@pytest.fixture
async def here(stand_ins: Providers, database_url: str, clock: SimulatedClock) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url, clock=clock) as made:
        yield made


@pytest.fixture
async def workers(here: Desk, clock: SimulatedClock) -> tuple[Worker, Worker]:
    """One that is answered, and one that is not, which is told."""
    well, cut_off = Worker(here, clock), Worker(here, clock)
    await well.asks(answered=True)
    for _ in range(5):
        await cut_off.asks(answered=False)
    assert (await alert(here)).open
    return well, cut_off


async def alert(here: Desk) -> Alert:
    found = await alert_of(here.app, "provider_down", MODELS)
    assert found is not None
    return found


async def test_the_process_that_saw_it_is_gone(
    here: Desk, clock: SimulatedClock, workers: tuple[Worker, Worker]
) -> None:
    """Once nothing is heard of the process that was not answered, the answers that others get end the alert."""
    well, _gone = workers
    for _ in range(3):
        clock.passes(minutes=3)
        await well.asks(answered=True)
        await runs(here.app, "alerts")
    assert not (await alert(here)).open


async def test_a_process_that_is_cut_off_for_long(
    here: Desk, clock: SimulatedClock, workers: tuple[Worker, Worker]
) -> None:
    """While a process is not answered, that others are does not end the alert."""
    well, cut_off = workers
    for _ in range(10):
        clock.passes(minutes=3)
        await cut_off.asks(answered=False)
        await well.asks(answered=True)
    assert (await alert(here)).open


async def test_cut_off_still_after_it_was_idle(
    here: Desk, clock: SimulatedClock, workers: tuple[Worker, Worker]
) -> None:
    """A process that had nothing to ask, and is not answered still as it has, opens the alert again."""
    well, cut_off = workers
    clock.passes(minutes=10)
    await well.asks(answered=True)
    assert not (await alert(here)).open
    clock.passes(minutes=10)
    await cut_off.asks(answered=False)
    assert (await alert(here)).open


async def test_a_call_that_was_under_way_as_it_ended(
    here: Desk, clock: SimulatedClock, workers: tuple[Worker, Worker]
) -> None:
    """A call that fails a moment after the provider answers again does not open the alert anew."""
    _well, cut_off = workers
    clock.passes(minutes=3)
    await Worker(here, clock).asks(answered=True)
    assert not (await alert(here)).open
    await cut_off.asks(answered=False)
    assert not (await alert(here)).open
