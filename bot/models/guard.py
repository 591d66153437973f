"""Calls to a provider, behind a circuit breaker; what was certainly not served is tried again at once."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

import stamina

from bot.kernel.breaker import Breaker, Circuit
from bot.kernel.clock import Clock
from bot.kernel.errors import CircuitOpen, ProviderError
from bot.kernel.timing import IN_PRODUCTION

T = TypeVar("T")
TRIES = 3
LONGEST_WAIT_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Change:
    """A provider stopped answering (`up` False, and why), or answers; the latter is told at the first answer too.

    refused: it answers, but does not take our key. still: that is no news to this process, and said now and then.
    """

    provider: str
    up: bool
    reason: str = ""
    refused: bool = False
    still: bool = False


@dataclass(frozen=True, slots=True)
class Blocked:
    """A provider answers, but refuses whatever is asked until a person sees to the account; and its words."""

    provider: str
    reason: str


News = Change | Blocked


class Guard:
    """The one way to a provider. `provider` is its name for people; `changes` gets what is worth telling.

    left_alone: seconds that it is not asked for at first once it does not answer.
    """

    def __init__(
        self,
        provider: str,
        clock: Clock,
        changes: "asyncio.Queue[News]",
        left_alone: float = IN_PRODUCTION.left_alone,
    ) -> None:
        self._provider = provider
        self._clock = clock
        self._changes = changes
        self._breaker = Breaker(pause=timedelta(seconds=left_alone))
        self._turns = asyncio.Condition()

    async def call(self, request: Callable[[], Awaitable[T]]) -> T:
        """Make the request, up to three times where it was refused for load or by a fault that served nothing.

        Raises ProviderError: the request's own, or LeftAlone.
        """
        waits = {"attempts": TRIES, "wait_initial": 0.25, "wait_max": LONGEST_WAIT_SECONDS, "timeout": 20.0}
        async for attempt in stamina.retry_context(on=_not_served, **waits):  # type: ignore[arg-type]
            with attempt:
                return await self._try(request)
        raise AssertionError("stamina returns or raises")

    async def _try(self, request: Callable[[], Awaitable[T]]) -> T:
        await self._enter()
        try:
            result = await request()
        except ProviderError as error:
            if error.account:
                self._changes.put_nowait(Blocked(self._provider, str(error)))
            if error.permanent:
                self._succeeded()
            elif self._breaker.failed(self._clock.now()):
                self._changes.put_nowait(Change(self._provider, up=False, reason=str(error)))
            elif self._breaker.state is Circuit.OPEN and self._breaker.tells_again(self._clock.now()):
                self._changes.put_nowait(Change(self._provider, up=False, reason=str(error), still=True))
            error.outage = self._breaker.state is not Circuit.CLOSED
            raise
        except BaseException:
            self._breaker.left()
            raise
        else:
            self._succeeded()
            return result
        finally:
            async with self._turns:
                self._turns.notify_all()

    async def _enter(self) -> None:
        async with self._turns:
            while True:
                now = self._clock.now()
                if seconds := self._breaker.shut_for(now):
                    raise CircuitOpen(self._provider, seconds)
                if self._breaker.has_room(now):
                    return self._breaker.enter()
                await self._turns.wait()

    def _succeeded(self) -> None:
        now = self._clock.now()
        if (news := self._breaker.succeeded(now)) or self._breaker.tells_again(now):
            self._changes.put_nowait(Change(self._provider, up=True, still=not news))


def _not_served(error: Exception) -> bool:
    """Whether the call certainly had no effect and may be repeated at once."""
    return (
        isinstance(error, ProviderError)
        and not isinstance(error, CircuitOpen)
        and not (error.permanent or error.unknown)
        and (error.retry_after or 0) <= LONGEST_WAIT_SECONDS
    )
