"""A clock that goes only when it is told to."""

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
