"""How often somebody may ask within a minute, counted in the memory of this process: what is only read costs little.

Who tries to sign in is counted in the database (`bot.sessions`), whichever process they reach.
"""

import math
from collections.abc import Callable

MINUTE = 60.0
MOST_KNOWN = 10_000  # callers; of more, those whose minute is over are forgotten, and then all


def whole_seconds(seconds: float) -> int:
    """As Retry-After has them, never none."""
    return max(1, math.ceil(seconds))


class Rate:
    """So many in a minute for each caller. clock: seconds that only grow."""

    def __init__(self, most: int, clock: Callable[[], float]) -> None:
        self._most = most
        self._clock = clock
        self._seen: dict[str, tuple[float, int]] = {}

    def wait(self, caller: str) -> int:
        """Count one more of the caller's; returns 0, or after how many seconds they may come again."""
        now = self._clock()
        since, count = self._seen.get(caller, (now, 0))
        if now - since >= MINUTE:
            since, count = now, 0
        if count >= self._most:
            return whole_seconds(since + MINUTE - now)
        if len(self._seen) >= MOST_KNOWN:
            self._forget(now)
        self._seen[caller] = since, count + 1
        return 0

    def _forget(self, now: float) -> None:
        self._seen = {name: seen for name, seen in self._seen.items() if now - seen[0] < MINUTE}
        if len(self._seen) >= MOST_KNOWN:
            self._seen.clear()
