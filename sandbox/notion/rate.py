"""Notion's two budgets of requests, each per 60 seconds: one of a connection, one that a workspace's connections share.

Source: https://developers.notion.com/reference/request-limits
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

WINDOW_SECONDS = 60.0
CONNECTION_BUDGET = 180  # how many each plan has was not to be read; three a second is what Notion said for years
WORKSPACE_BUDGET = 900  # a number of ours: what matters is that several connections share it


@dataclass
class Window:
    """One budget: as many requests as `budget` from the first one on, at any pace, until the window's end."""

    budget: int
    begun: float = -math.inf
    spent: int = 0

    def left(self, now: float) -> float:
        """Seconds until the window ends, where the budget is spent; else 0."""
        if now - self.begun >= WINDOW_SECONDS:
            self.begun, self.spent = now, 0
        return self.begun + WINDOW_SECONDS - now if self.spent >= self.budget else 0.0


class RateLimit:
    """Both budgets; every request over one of them is counted in `violations`. `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.violations = 0
        self.connection, self.workspace = Window(CONNECTION_BUDGET), Window(WORKSPACE_BUDGET)
        self._clock = clock

    def take(self) -> tuple[int, str] | None:
        """None if there is room for the request, else the whole seconds to wait and which budget is spent."""
        now = self._clock()
        for reason, window in (("connection", self.connection), ("workspace", self.workspace)):
            if left := window.left(now):
                self.violations += 1
                return math.ceil(left), reason
        self.connection.spent += 1
        self.workspace.spent += 1
        return None
