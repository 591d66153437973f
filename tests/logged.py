"""What the program logs, for a while; afterwards logging is as it was before."""

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from bot.ops.logs import logs


@contextmanager
def logged(*secrets: str) -> Iterator[io.StringIO]:
    """All lines from now on, with these secrets known.

    What the tests configured is put back, since structlog's own defaults draw each traceback for seconds.
    """
    root, was = logging.getLogger(), structlog.get_config()
    before, level = root.handlers[:], root.level
    written = io.StringIO()
    logs.configure("debug", secrets, written)
    try:
        yield written
    finally:
        root.handlers[:] = before
        root.setLevel(level)
        structlog.configure(**was)
