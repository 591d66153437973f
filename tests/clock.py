"""Clocks that tests can put forward."""

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
