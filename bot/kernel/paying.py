"""Whether a try of a task was paid for: that belongs to the try, whatever error ended it.

A task may make several calls in a try. Where the first is answered, and paid for, and a later one fails in a way that
passes, its error says nothing of the first, and the next try pays anew.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(slots=True)
class Bill:
    """answered: a call that is paid for was answered within the try."""

    answered: bool = False


_bill: ContextVar[Bill | None] = ContextVar("bill", default=None)


@contextmanager
def one_try() -> Iterator[Bill]:
    """What is answered within, also in tasks of asyncio that begin there, is noted on this bill."""
    bill = Bill()
    token = _bill.set(bill)
    try:
        yield bill
    finally:
        _bill.reset(token)


def answered() -> None:
    """Note that a call which is paid for was answered."""
    if (bill := _bill.get()) is not None:
        bill.answered = True
