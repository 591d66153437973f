"""The circuit breaker: who does not answer is left alone, and comes back by one trial."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kernel.breaker import Breaker, Circuit
from bot.kernel.errors import CircuitOpen, ProviderError
from bot.models.guard import Change, Guard, News

START = datetime(2026, 11, 23, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.at = START

    def now(self) -> datetime:
        return self.at


def _opened() -> Breaker:
    breaker = Breaker(failures=3)
    for _ in range(3):
        breaker.enter()
    assert [breaker.failed(START) for _ in range(3)] == [False, False, True]
    return breaker


def test_it_opens_once() -> None:
    """So many failures in a row open it, which is news once, and nobody gets through for a while."""
    breaker = _opened()
    assert breaker.state is Circuit.OPEN
    assert breaker.shut_for(START) == 30.0
    assert breaker.shut_for(START + timedelta(seconds=29)) == 1.0
    assert breaker.shut_for(START + timedelta(seconds=30)) == 0.0


def test_one_trial() -> None:
    """After the pause one call goes through, and nobody else until it is answered; its success closes the circuit."""
    breaker = _opened()
    later = START + timedelta(seconds=30)
    breaker.enter()
    assert breaker.shut_for(later) > 0
    assert breaker.succeeded(later)
    assert breaker.state is Circuit.CLOSED
    assert breaker.shut_for(later) == 0.0


def test_a_trial_that_fails() -> None:
    """Each trial that fails doubles the pause, up to the longest, and is no news."""
    breaker, at, pauses = _opened(), START, []
    for _ in range(4):
        at += timedelta(seconds=breaker.shut_for(at))
        breaker.enter()
        assert not breaker.failed(at)
        pauses.append(breaker.shut_for(at))
    assert pauses == [60.0, 120.0, 120.0, 120.0]


def test_a_trial_that_is_given_up() -> None:
    """A trial that was cancelled says nothing: the next call is the trial."""
    breaker = _opened()
    breaker.enter()
    breaker.left()
    assert breaker.state is Circuit.OPEN
    assert breaker.shut_for(START + timedelta(seconds=30)) == 0.0


def test_successes_between() -> None:
    """Failures with successes between them, or far apart, do not open it."""
    breaker = Breaker(failures=3)
    for second in range(20):
        at = START + timedelta(seconds=second)
        breaker.enter()
        assert not breaker.failed(at)
        if second % 2:
            breaker.enter()
            breaker.succeeded(at)
    rare = Breaker(failures=3)
    for minute in range(0, 20, 2):
        rare.enter()
        assert not rare.failed(START + timedelta(minutes=minute))


@given(st.integers(min_value=1, max_value=200))
async def test_a_crowd_at_a_silent_provider(crowd: int) -> None:
    """However many come at once while the provider is down, five calls reach it, and all others are told to wait."""
    changes: asyncio.Queue[News] = asyncio.Queue()
    guard, calls = Guard("The model", Clock(), changes), 0

    async def down() -> None:
        nonlocal calls
        calls += 1
        await asyncio.sleep(0)
        raise ProviderError("The model", "no answer", unknown=True)

    ended = await asyncio.gather(*(guard.call(down) for _ in range(crowd)), return_exceptions=True)
    assert calls == min(crowd, 5)
    assert sum(isinstance(error, CircuitOpen) for error in ended) == crowd - calls
    assert changes.qsize() == (1 if crowd >= 5 else 0)


async def test_what_was_not_served_is_repeated() -> None:
    """A refusal for load is repeated at once, up to three tries; a call that may have been served is not."""
    guard, tries = Guard("The model", Clock(), asyncio.Queue()), 0

    async def refused() -> str:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise ProviderError("The model", "too many requests")
        return "served"

    assert await guard.call(refused) == "served"
    assert tries == 3

    async def lost() -> None:
        nonlocal tries
        tries += 1
        raise ProviderError("The model", "no answer in time", unknown=True)

    with pytest.raises(ProviderError):
        await guard.call(lost)
    assert tries == 4


async def test_a_refusal_is_an_answer() -> None:
    """A provider that refuses for good is there: that never opens the circuit."""
    changes: asyncio.Queue[News] = asyncio.Queue()
    guard = Guard("The model", Clock(), changes)

    async def refused() -> None:
        raise ProviderError("The model", "refused (401)", permanent=True)

    for _ in range(20):
        with pytest.raises(ProviderError, match="401"):
            await guard.call(refused)
    assert [changes.get_nowait() for _ in range(changes.qsize())] == [Change("The model", up=True)]
