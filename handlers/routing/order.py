"""Updates in the order in which they happened, also where a webhook brings many at a time.

Telegram numbers updates one by one, and keeps order for the messages of a chat and for the taps of a person, not
between the two: a text may come before the tap that it follows. So an update waits a moment for the ones before it.
"""

from collections.abc import Callable, Sequence

from storage.core.inbox import InboxRow

PATIENCE_SECONDS = 1.0  # what comes later than that is dealt with when it comes
WIDEST_GAP = 100  # Telegram begins anew with another number after a week without updates


class Order:
    """Remembers which numbers have come, and for how long those between are waited for; `now` in seconds."""

    def __init__(self, now: Callable[[], float], patience: float = PATIENCE_SECONDS) -> None:
        self._now = now
        self._patience = patience
        self._highest = 0
        self._missing: dict[int, float] = {}

    @property
    def waits(self) -> bool:
        """Whether a number is waited for."""
        return bool(self._missing)

    def ready(self, arrivals: Sequence[InboxRow]) -> list[InboxRow]:
        """Those that may be dealt with, in the order in which they happened; the others are to be read again."""
        ordered = sorted(arrivals, key=_number)
        for arrival in ordered:
            self._note(_number(arrival))
        now = self._now()
        self._missing = {number: until for number, until in self._missing.items() if until > now}
        first = min(self._missing, default=None)
        return [arrival for arrival in ordered if first is None or _number(arrival) < first]

    def _note(self, number: int) -> None:
        self._missing.pop(number, None)
        if self._highest and self._highest < number <= self._highest + WIDEST_GAP:
            until = self._now() + self._patience
            self._missing |= dict.fromkeys(range(self._highest + 1, number), until)
        self._highest = max(self._highest, number)


def _number(arrival: InboxRow) -> int:
    """0 for what came without a number: nothing follows it."""
    return int(arrival.external_id) if arrival.external_id.isdecimal() else 0
