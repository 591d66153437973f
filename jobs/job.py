"""What a scheduled job is."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from bot.services import Services

Misfire = Literal["catch up", "report"]


@dataclass(frozen=True, slots=True)
class Job:
    """A scheduled job.

    cron: when, UTC, in five fields; the setting JOB_TIMES may say otherwise.
    misfire: a time that passed while nothing ran is caught up (once, for the latest), or reported as missed.
    timeout: seconds that a run may take. `run` returns a line that says what it did.
    """

    name: str
    summary: str
    cron: str
    misfire: Misfire
    timeout: float
    run: Callable[[Services], Awaitable[str]]
