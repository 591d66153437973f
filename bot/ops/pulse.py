"""Signs of life of a process: to systemd, which starts anew what falls silent, and in a file, for a health check.

https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html
"""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path

import structlog

from bot.kernel.timing import Timing

log = structlog.get_logger(__name__)
READY = "ready\n"
Problem = Callable[[], Awaitable[str | None]]


def is_watched(path: str | None) -> bool:
    """Whether anybody looks: systemd, or a health check by the file of this path."""
    return path is not None or bool(_systemd())


async def beat(problem: Problem, path: str | None, timing: Timing) -> None:
    """Say at every beat that the event loop goes round, and what keeps the process from its work, until cancelled.

    systemd is told of a problem and leaves the process alone, since a new start mends no database; the file holds the
    problem in place of the word that a health check looks for.
    """
    notify("READY=1")
    try:
        while True:
            found = await problem()
            notify(f"WATCHDOG=1\nSTATUS={found or 'ready'}")
            if path is not None:
                await asyncio.to_thread(_write, Path(path), f"{found}\n" if found else READY)
            await asyncio.sleep(timing.beat)
    finally:
        notify("STOPPING=1")


def notify(words: str) -> None:
    """Tell systemd, where it started this process."""
    address = _systemd()
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as to_systemd:
        to_systemd.setblocking(False)
        try:
            to_systemd.sendto(words.encode(), f"\0{address[1:]}" if address.startswith("@") else address)
        except OSError as error:
            log.warning("systemd does not listen", error=error.strerror)


def _systemd() -> str:
    return os.environ.get("NOTIFY_SOCKET", "") if hasattr(socket, "AF_UNIX") else ""


def _write(file: Path, words: str) -> None:
    new = file.with_name(f"{file.name}.new")
    try:
        new.write_text(words)
        new.replace(file)
    except OSError as error:
        log.warning("the health file cannot be written", file=str(file), error=error.strerror)
