"""How often a task is tried that does not succeed: on and on where nothing is lost by it, else a few times.

A provider that is down, busy or left alone was not paid, and it passes. An answer that was paid for and cannot be read,
and a fault of ours, do not pass by themselves: such a task is given up, and whoever can have it go on is told.
"""

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.kernel.errors import ProviderError, Unreadable
from bot.kernel.tasks import GiveUp, RunAgain, Task

log = structlog.get_logger(__name__)
FIRST_DELAY_SECONDS = 2.0
LONGEST_DELAY_SECONDS = 600.0
UNREADABLE_TRIES = 3  # answers that came, and were paid for, and are of no use
FAULT_TRIES = 5  # of ours
FILE_TRIES = 2  # of reading a file whose reader did not come to an end: it was ended, or the program was (`readings`)
PAID_TRIES = 10  # calls without an answer that were perhaps paid for, while the provider answers others
# The database does not answer, is locked, or has no room left.
PASSING = (OperationalError, InterfaceError, PoolTimeout)


def backoff(failures: int) -> float:
    """Seconds until the next try after this many failures: doubling from 2 s to 10 min, with a quarter of jitter."""
    delay: float = min(LONGEST_DELAY_SECONDS, FIRST_DELAY_SECONDS * 2.0 ** (min(failures, 30) - 1))
    return delay * random.uniform(0.75, 1.25)  # noqa: S311 - spreads load, guards nothing


@dataclass(frozen=True, slots=True)
class Tries:
    """failures: in a row, which make the pauses longer. faults: those of them that do not pass by themselves."""

    failures: int = 0
    faults: int = 0


@dataclass(frozen=True, slots=True)
class Next:
    """What becomes of a task that did not end well; `delay` None: it was given up."""

    delay: float | None
    tries: Tries


def most_tries(error: Exception) -> int | None:
    """After how many such errors a task is given up; None: never."""
    match error:
        case Unreadable():
            return UNREADABLE_TRIES
        case ProviderError() if error.permanent:
            return 1
        case ProviderError():
            return PAID_TRIES if error.paid and not error.outage else None
        case _ if isinstance(error, PASSING):
            return None
    return FAULT_TRIES


async def after(error: Exception, task: Task, tries: Tries, give_up: GiveUp | None) -> Next:
    """What becomes of the task after this error."""
    if isinstance(error, RunAgain):
        return Next(error.delay, replace(tries, failures=0))
    most = most_tries(error)
    tries = Tries(tries.failures + 1, tries.faults + (most is not None))
    _note(error, task, tries)
    if give_up is not None and most is not None and tries.faults >= most and await _given_up(error, task, give_up):
        return Next(None, tries)
    asked_for = error.retry_after or 0.0 if isinstance(error, ProviderError) else 0.0
    return Next(max(asked_for, backoff(tries.failures)), tries)


async def _given_up(error: Exception, task: Task, give_up: Callable[[Task, str], Awaitable[None]]) -> bool:
    try:
        await give_up(task, reason(error))
    except Exception:  # nobody was told, so it is not given up
        log.exception("a task cannot be given up", key=task.key)
        return False
    log.warning("a task was given up", key=task.key)
    return True


def reason(error: Exception) -> str:
    """Why, for people. Errors of ours may hold what clients wrote, so their words stay in the log."""
    if isinstance(error, ProviderError):
        return str(error)
    return f"a fault in the program ({type(error).__name__}); its log says more"


def _note(error: Exception, task: Task, tries: Tries) -> None:
    counts = {"key": task.key, "failures": tries.failures, "faults": tries.faults}
    if isinstance(error, ProviderError):
        log.warning("task waits for a provider", error=str(error), **counts)
    else:
        log.error("task failed", exc_info=error, **counts)
