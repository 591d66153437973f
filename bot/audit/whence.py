"""Where what is done now came from, for the audit log: a chat, a page, a job; and what it was there."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple


class Whence(NamedTuple):
    """source: chat, group, web or job. reference: the update or the run, "" where it has none."""

    source: str
    reference: str = ""


_whence: ContextVar[Whence | None] = ContextVar("whence", default=None)


@contextmanager
def coming_from(source: str, reference: str = "") -> Iterator[None]:
    """What is done within came from there."""
    before = _whence.set(Whence(source, reference))
    try:
        yield
    finally:
        _whence.reset(before)


def whence() -> Whence | None:
    """Where what is done now came from; None where nobody said."""
    return _whence.get()
