"""What is known of the processes that share a database, on one machine or on several."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

SILENT_AFTER = timedelta(seconds=35)  # three signs of life that did not come
TOLD_FOR = timedelta(hours=1)  # so long it is told that one fell silent; by then another took its place
PARTS = ("chat", "web", "worker", "clock")


@dataclass(frozen=True, slots=True)
class Process:
    """One of them: what it runs, when it gave its last sign of life, and what it alone does since when."""

    name: str
    host: str
    parts: tuple[str, ...]
    version: str
    started_at: datetime
    beat_at: datetime
    roles: Mapping[str, datetime] = field(default_factory=dict)

    def is_silent(self, now: datetime) -> bool:
        """Whether it gave no sign of life for so long that it may be gone."""
        return now - self.beat_at > SILENT_AFTER


@dataclass(frozen=True, slots=True)
class Fleet:
    """All processes as they stand. missing: the parts that none of them runs."""

    alive: Sequence[Process]
    silent: Sequence[Process]
    missing: Sequence[str]


def fleet_of(processes: Sequence[Process], now: datetime) -> Fleet:
    """What lives, what fell silent of late and was not started again in its place, and what nobody runs.

    A part is missing only where some process has run for so long that the others had time to begin.
    """
    alive = [one for one in processes if not one.is_silent(now)]
    replaced = {(one.host, one.parts) for one in alive}
    of_late = [one for one in processes if one.is_silent(now) and now - one.beat_at <= TOLD_FOR]
    silent = [one for one in of_late if (one.host, one.parts) not in replaced]
    settled = any(now - one.started_at > SILENT_AFTER for one in alive)
    running = {part for one in alive for part in one.parts}
    return Fleet(alive, silent, [part for part in PARTS if part not in running] if settled else [])
