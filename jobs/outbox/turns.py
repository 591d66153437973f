"""Whose turn it is among messages of one chat, which somebody reads as they come (docs/adr/0016)."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.kernel.clock import Clock
from storage.core.outbox import OutboxRow

CHANGE_SECONDS = 0.1  # one state often follows another at once: then only the last is shown, and no eye misses it
GIVES_WAY = timedelta(seconds=2)  # so long a change lets new messages of its chat pass
HOLDING_TRIES = 3  # that a message failed in passing so often has those behind it wait; then they overtake it
READ_LATER = timedelta(seconds=2)  # by so much the one that failed may come later than it is due
LOOK_AGAIN = timedelta(seconds=0.5)


class Turns:
    """behind: what waits for an item that is being served, the next first."""

    def __init__(self, clock: Clock, behind: Callable[[OutboxRow], Sequence[OutboxRow]]) -> None:
        self._clock = clock
        self._behind = behind
        self._changes: set[int] = set()
        self._failed: dict[str, tuple[OutboxRow, datetime]] = {}

    def after_failed(self, item: OutboxRow) -> datetime | None:
        """When a message before it is to be tried again, which it is not to overtake; None where there is none.

        One that did not come again by then was withdrawn.
        """
        failed, run_at = self._failed.get(item.destination, (item, self._clock.now()))
        newer = item.slot is not None and item.slot == failed.slot  # which took its place
        if item.id <= failed.id or newer:
            return None
        if self._clock.now() >= run_at + READ_LATER:
            del self._failed[item.destination]
            return None
        self._changes.discard(item.id)
        return run_at if run_at > self._clock.now() else self._clock.now() + LOOK_AGAIN

    def gives_way(self, item: OutboxRow) -> float | None:
        """For how many seconds a change of what is shown lets others pass; None where it is its turn.

        First for a moment, since the next may follow at once, then as long as anything new waits, but not for ever.
        """
        if item.id not in self._changes:
            self._changes.add(item.id)
            return CHANGE_SECONDS
        new = any(other.id not in self._changes for other in self._behind(item))
        return 0.0 if new and self._clock.now() - item.created_at < GIVES_WAY else None

    def leaves(self, item: OutboxRow) -> None:
        """Note that it is being sent, or waits here no more."""
        self._changes.discard(item.id)
        failed = self._failed.get(item.destination)
        if failed is not None and item.id >= failed[0].id:
            del self._failed[item.destination]

    def failed(self, item: OutboxRow, run_at: datetime) -> None:
        """Note that something new failed in passing: those behind it wait for it, unless it goes on failing."""
        if item.attempts < HOLDING_TRIES:
            self._failed[item.destination] = (item, run_at)
