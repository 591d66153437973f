"""How often a task is tried that does not succeed: on and on where nothing is lost by it, else a few times.

A provider that is down, busy or left alone was not paid, and it passes: the task is tried without end, but what has not
moved for long is heard of. An answer that was paid for and cannot be read, and a fault of ours, do not pass by
themselves: such a task is given up, and whoever can have it go on is told. So is one that pays with every try for what
leads to nothing, whatever its tries end with.
"""

import math
import random
from dataclasses import dataclass, replace

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.kernel.errors import CircuitOpen, ProviderError, Unreadable
from bot.kernel.paying import Bill
from bot.kernel.tasks import RunAgain, Task, Watch
from bot.kernel.timing import IN_PRODUCTION, Timing

log = structlog.get_logger(__name__)
UNREADABLE_TRIES = 3  # answers that came, and were paid for, and are of no use
FAULT_TRIES = 5  # of ours
LATE_SECONDS = 600.0  # of pauses between tries; with those that `backoff` makes it is told at the tenth failure
FILE_TRIES = 2  # of reading a file whose reader did not come to an end: it was ended, or the program was (`readings`)
PAID_TRIES = 10  # with nothing to show for what was, or may have been, paid, while the provider answers others
# The database does not answer, is locked, or has no room left.
PASSING = (OperationalError, InterfaceError, PoolTimeout)


def backoff(failures: int, timing: Timing) -> float:
    """Seconds until the next try after this many failures: doubling from 2 s to 10 min, with a quarter of jitter."""
    delay: float = min(timing.longest_retry, timing.first_retry * 2.0 ** (max(1, min(failures, 30)) - 1))
    return delay * random.uniform(0.75, 1.25)  # noqa: S311 - spreads load, guards nothing


@dataclass(frozen=True, slots=True)
class Tries:
    """failures: in a row, which make the pauses longer; those of an outage are left out, since all tasks have them.

    faults: those of them that do not pass by themselves. waited: seconds of the pauses after failures, in all.
    """

    failures: int = 0
    faults: int = 0
    waited: int = 0

    @property
    def late(self) -> bool:
        """Whether the task has not moved for so long that somebody should hear of it."""
        return self.waited >= LATE_SECONDS

    def paused(self, delay: float) -> "Next":
        """Try again after this pause."""
        return Next(delay, replace(self, waited=self.waited + math.ceil(delay)))


@dataclass(frozen=True, slots=True)
class Next:
    """What becomes of a task that did not end well; `delay` None: it was given up."""

    delay: float | None
    tries: Tries


def most_tries(error: Exception, bill: Bill | None = None) -> int | None:
    """After how many such tries a task is given up; None: never. `bill`: of the try that the error ended."""
    match error:
        case Unreadable():
            return UNREADABLE_TRIES
        case ProviderError() if error.permanent:
            return 1
        case ProviderError():
            return PAID_TRIES if _answered(bill) or (error.paid and not error.outage) else None
        case RunAgain():
            return PAID_TRIES if _answered(bill) else None
        case _ if isinstance(error, PASSING):
            return PAID_TRIES if _answered(bill) else None
    return FAULT_TRIES


def _answered(bill: Bill | None) -> bool:
    return bill is not None and bill.answered


async def after(
    error: Exception,
    task: Task,
    tries: Tries,
    watch: Watch | None,
    bill: Bill | None = None,
    timing: Timing = IN_PRODUCTION,
) -> Next:
    """What becomes of the task after this error; bill: what was paid for in the try."""
    most = most_tries(error, bill)
    if isinstance(error, RunAgain | CircuitOpen) and not _answered(bill):
        return _no_failure(error, tries)
    outage = isinstance(error, ProviderError) and error.outage
    tries = replace(tries, failures=tries.failures + (not outage), faults=tries.faults + (most is not None))
    if isinstance(error, RunAgain | CircuitOpen):
        if watch is not None and tries.faults >= PAID_TRIES and await _ended(error, task, tries, watch, most):
            return Next(None, tries)
        return _no_failure(error, tries)
    _note(error, task, tries)
    if watch is not None and await _ended(error, task, tries, watch, most):
        return Next(None, tries)
    asked_for = error.retry_after or 0.0 if isinstance(error, ProviderError) else 0.0
    return tries.paused(max(asked_for, backoff(tries.failures, timing)))


def _no_failure(error: RunAgain | CircuitOpen, tries: Tries) -> Next:
    if isinstance(error, RunAgain):
        return Next(error.delay, replace(tries, failures=0))
    # Its next try comes soon after the provider is asked again, and not in a crowd.
    return tries.paused(error.seconds * random.uniform(1, 1.25))  # noqa: S311 - spreads load


async def succeeded(task: Task, tries: Tries, watch: Watch | None) -> None:
    """The task is done; to be called before that is written down, since only so it is certain to be told."""
    if watch is not None and tries.late:
        await watch.over(task)


async def _ended(error: Exception, task: Task, tries: Tries, watch: Watch, most: int | None) -> bool:
    """Whether the task is tried no more: it was tried often enough, or a person gave it up."""
    try:
        if most is not None and tries.faults >= most:
            await watch.given_up(task, reason(error), passing=passes(error))
            log.warning("a task was given up", key=task.key)
            return True
        if tries.late:
            outage = isinstance(error, ProviderError) and error.outage
            return not await watch.late(task, reason(error), told=outage)
    except Exception:  # nobody was told, so it is not given up
        log.exception("nobody can be told of a task", key=task.key)
    return False


def passes(error: Exception) -> bool:
    """Whether what went wrong passes by itself: a provider that did not answer, or a database without room. An answer
    that is of no use, a ceiling and a fault of ours do not.
    """
    if isinstance(error, ProviderError):
        return not (error.permanent or isinstance(error, Unreadable))
    return isinstance(error, PASSING)


def reason(error: Exception) -> str:
    """Why, for people. Errors of ours may hold what clients wrote, so their words stay in the log."""
    if isinstance(error, ProviderError):
        return str(error)
    if isinstance(error, RunAgain):
        return "what it paid for led to nothing, since no ceiling had room for all that it needs"
    return f"a fault in the program ({type(error).__name__}); its log says more"


def _note(error: Exception, task: Task, tries: Tries) -> None:
    counts = {"key": task.key, "failures": tries.failures, "faults": tries.faults}
    if isinstance(error, ProviderError):
        log.warning("task waits for a provider", error=str(error), **counts)
    else:
        log.error("task failed", exc_info=error, **counts)
