"""Notion's limit of three requests a second on average. Source: https://developers.notion.com/reference/request-limits"""

import math
from collections.abc import Callable

PER_SECOND = 3.0
BURST = 10  # Notion allows "some bursts" and gives no number


class RateLimit:
    """A token bucket that counts every request that came too soon; `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.violations = 0
        self._clock = clock
        self._tokens, self._at = float(BURST), clock()

    def take(self) -> int | None:
        """None if the request is in time, else the whole seconds to wait."""
        now = self._clock()
        self._tokens = min(BURST, self._tokens + (now - self._at) * PER_SECOND)
        self._at = now
        if self._tokens >= 1:
            self._tokens -= 1
            return None
        self.violations += 1
        return math.ceil((1 - self._tokens) / PER_SECOND)
