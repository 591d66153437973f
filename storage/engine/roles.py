"""What this process alone does, of all that share the database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from bot.kernel.clock import Clock


class Roles:
    """The roles that this process has, each since when; see `storage.engine.locks.exclusively`.

    changed: called whenever one comes or goes.
    """

    def __init__(self, clock: Clock, changed: Callable[[], None]) -> None:
        self.since: dict[str, datetime] = {}
        self._clock = clock
        self._changed = changed

    @contextmanager
    def held(self, role: str) -> Iterator[None]:
        """The process has it within the context."""
        self.since[role] = self._clock.now()
        self._changed()
        try:
            yield
        finally:
            del self.since[role]
            self._changed()
