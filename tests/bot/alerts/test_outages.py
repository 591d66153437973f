"""Outages that several processes see differently: none is told for ever, and none is told never."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import Any

import pytest

from bot.alerts.model import Alert
from bot.invoices.watched import WatchedPayments
from bot.kernel.errors import ProviderError
from bot.models.guard import Guard, News
from bot.ops.metrics import Metrics
from tests.alerting import alert_of, runs
from tests.clock import SimulatedClock
from tests.desk import Desk, desk
from tests.house import Providers

Call = Callable[[Callable[[], Awaitable[None]]], Awaitable[object]]
MODELS, STRIPE = "The models", "Stripe"


class Payments:
    """Payments of which one verb is called."""

    def __init__(self) -> None:
        self.ask: Callable[[], Awaitable[None]]

    async def place(self) -> None:
        await self.ask()


class Worker:
    """A process of which the way to the provider may be lost."""

    def __init__(self, here: Desk, clock: SimulatedClock, provider: str) -> None:
        self._changes: asyncio.Queue[News] = asyncio.Queue()
        self._provider = provider
        self._call: Call = Guard(MODELS, clock, self._changes, left_alone=5).call
        if provider == STRIPE:
            payments: Any = Payments()
            watched = WatchedPayments(payments, clock, self._changes, Metrics(clock))

            async def place(ask: Callable[[], Awaitable[None]]) -> None:
                payments.ask = ask
                await watched.place()

            self._call = place
        self._here = here

    async def asks(self, *, answered: bool) -> None:
        """It makes a call, and tells what it has to."""

        async def call() -> None:
            if not answered:
                raise ProviderError(self._provider, "does not answer", unknown=True)

        with suppress(ProviderError):
            await self._call(call)
        while not self._changes.empty():
            await self._here.app.outages._note(self._changes.get_nowait())

    async def is_cut_off(self) -> None:
        """It makes calls in vain until it takes the provider for down."""
        for _ in range(5):
            await self.asks(answered=False)


@pytest.fixture(params=[MODELS, STRIPE])
def provider(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock()


@pytest.fixture
async def here(stand_ins: Providers, database_url: str, clock: SimulatedClock) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url, clock=clock) as made:
        yield made


@pytest.fixture
async def workers(here: Desk, clock: SimulatedClock, provider: str) -> tuple[Worker, Worker]:
    """One that is answered, and one that is not, which is told."""
    well, cut_off = Worker(here, clock, provider), Worker(here, clock, provider)
    await well.asks(answered=True)
    await cut_off.is_cut_off()
    assert (await alert(here, provider)).open
    return well, cut_off


async def alert(here: Desk, provider: str) -> Alert:
    found = await alert_of(here.app, "provider_down", provider)
    assert found is not None
    return found


async def test_the_process_that_saw_it_is_gone(
    here: Desk, clock: SimulatedClock, provider: str, workers: tuple[Worker, Worker]
) -> None:
    """Once nothing is heard of the process that was not answered, the answers that others get end the alert."""
    well, _gone = workers
    for _ in range(3):
        clock.passes(minutes=3)
        await well.asks(answered=True)
        await runs(here.app, "alerts")
    assert not (await alert(here, provider)).open


async def test_a_process_that_is_cut_off_for_long(
    here: Desk, clock: SimulatedClock, provider: str, workers: tuple[Worker, Worker]
) -> None:
    """While a process is not answered, that others are does not end the alert."""
    well, cut_off = workers
    for _ in range(10):
        clock.passes(minutes=3)
        await cut_off.asks(answered=False)
        await well.asks(answered=True)
    assert (await alert(here, provider)).open


async def test_cut_off_still_after_it_was_idle(
    here: Desk, clock: SimulatedClock, provider: str, workers: tuple[Worker, Worker]
) -> None:
    """A process that had nothing to ask, and is not answered still as it has, opens the alert again."""
    well, cut_off = workers
    clock.passes(minutes=10)
    await well.asks(answered=True)
    assert not (await alert(here, provider)).open
    clock.passes(minutes=10)
    await cut_off.asks(answered=False)
    assert (await alert(here, provider)).open


async def test_a_call_that_was_under_way_as_it_ended(
    here: Desk, clock: SimulatedClock, provider: str, workers: tuple[Worker, Worker]
) -> None:
    """A call that fails a moment after the provider answers again does not open the alert anew."""
    back, cut_off = workers
    await back.is_cut_off()
    clock.passes(minutes=3)
    await back.asks(answered=True)
    assert not (await alert(here, provider)).open
    await cut_off.asks(answered=False)
    assert not (await alert(here, provider)).open
