"""Clocks that tests can put forward."""

import time
from datetime import UTC, datetime, timedelta


class SimulatedClock:
    """See `bot.kernel.clock.Clock`; stands still at `start`, by default now, until `passes`."""

    def __init__(self, start: datetime | None = None) -> None:
        self._now = start or datetime.now(UTC)

    def now(self) -> datetime:
        return self._now

    def passes(self, **span: float) -> None:
        """So much time passes at once: keywords of `timedelta`."""
        self._now += timedelta(**span)


class Hands:
    """The same, but it goes on by itself, `ahead` of the machine's time."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


class Ticking:
    """The same, put forward `to` a moment, from where it goes on by itself, by LONGEST at most."""

    LONGEST = timedelta(seconds=30)

    def __init__(self, start: datetime) -> None:
        self._at = start
        self._since = time.perf_counter()

    def now(self) -> datetime:
        return self._at + min(timedelta(seconds=time.perf_counter() - self._since), self.LONGEST)

    def to(self, at: datetime) -> None:
        """It is that moment, which lies ahead."""
        assert at >= self.now(), f"{at} is over"
        self._at, self._since = at, time.perf_counter()
