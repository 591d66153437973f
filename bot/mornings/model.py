"""What people should know of a day as it begins. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

PROBED_FROM = time(7, 55)  # so that there is time to do something before work starts


@dataclass(frozen=True, slots=True)
class Due:
    """A brief that is not delivered, and by when its client was told to have it, or asked for it."""

    brief_id: int
    title: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Board:
    """waiting: drafts that a person has to decide on, the first of them since `oldest`. stopped: by a fault. started:
    of those that waited for this morning. late, today: those that are due, the first of them first.
    """

    day: date
    waiting: int
    oldest: datetime | None
    stopped: int
    started: int
    late: Sequence[Due]
    today: Sequence[Due]

    @property
    def empty(self) -> bool:
        """Whether there is nothing to say."""
        return not (self.waiting or self.stopped or self.started or self.late or self.today)
