"""A circuit breaker: a provider that stops answering is left alone for a while, and is then tried with one call."""

from datetime import datetime, timedelta
from enum import StrEnum

TOLD_AGAIN = timedelta(minutes=1)


class Circuit(StrEnum):
    """CLOSED: calls go through. OPEN: none does. TRYING: one is under way to see whether the provider is back."""

    CLOSED = "closed"
    OPEN = "open"
    TRYING = "trying"


class Breaker:
    """Opens after `failures` in a row within `window`; after `pause`, which doubles up to `longest_pause` with each
    trial that fails, one call is let through, and its success closes it.

    While no call has succeeded within `window`, no more than `failures` calls are let through at a time: a crowd that
    comes while the provider is down would otherwise be on its way before the first failure is back.
    """

    def __init__(
        self,
        *,
        failures: int = 5,
        window: timedelta = timedelta(seconds=60),
        pause: timedelta = timedelta(seconds=30),
        longest_pause: timedelta = timedelta(minutes=2),
    ) -> None:
        self.state = Circuit.CLOSED
        self._limit, self._window = failures, window
        self._first_pause, self._longest_pause = pause, longest_pause
        self._pause = pause
        self._failed_at: list[datetime] = []
        self._succeeded_at: datetime | None = None
        self._open_until: datetime | None = None
        self._told_at: datetime | None = None
        self._under_way = 0

    def shut_for(self, now: datetime) -> float:
        """Seconds until it is worth asking again; 0 where a call may be made, or waits for room only."""
        if self.state is Circuit.CLOSED or self._open_until is None:
            return 0.0
        if self.state is Circuit.TRYING:
            return self._first_pause.total_seconds() / 3
        return max(0.0, (self._open_until - now).total_seconds())

    def has_room(self, now: datetime) -> bool:
        """Whether one more call may be under way."""
        proven = self._succeeded_at is not None and now - self._succeeded_at < self._window
        return proven or self._under_way < self._limit

    def enter(self) -> None:
        """A call begins; only where it is not shut and there is room."""
        self._under_way += 1
        if self.state is Circuit.OPEN:
            self.state = Circuit.TRYING

    def succeeded(self, now: datetime) -> bool:
        """A call was answered; True where that is news: it was open, or nothing was known of the provider yet."""
        self._under_way -= 1
        news = self.state is not Circuit.CLOSED or self._succeeded_at is None
        self.state, self._succeeded_at, self._pause = Circuit.CLOSED, now, self._first_pause
        self._failed_at.clear()
        self._told_at = now if news else self._told_at
        return news

    def failed(self, now: datetime) -> bool:
        """A call was not answered; True where that opened it."""
        self._under_way -= 1
        self._succeeded_at = None
        if self.state is Circuit.TRYING:
            self._pause = min(2 * self._pause, self._longest_pause)
            self._open(now)
            return False
        self._failed_at = [*(at for at in self._failed_at if now - at < self._window), now]
        if self.state is Circuit.CLOSED and len(self._failed_at) >= self._limit:
            self._open(now)
            self._told_at = now
            return True
        return False

    def tells_again(self, now: datetime) -> bool:
        """Whether it is time to say how it stands although that is no news, once a minute: another process that knew
        otherwise may be gone.
        """
        if self._told_at is not None and timedelta() <= now - self._told_at < TOLD_AGAIN:
            return False
        self._told_at = now
        return True

    def left(self) -> None:
        """A call was given up, which says nothing about the provider."""
        self._under_way -= 1
        if self.state is Circuit.TRYING:
            self.state = Circuit.OPEN

    def _open(self, now: datetime) -> None:
        self.state, self._open_until = Circuit.OPEN, now + self._pause
        self._failed_at.clear()
