"""Roles that only one process may have at a time: who writes the SQLite file, polls Telegram, empties an outbox."""

import asyncio
import zlib
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from filelock import FileLock, Timeout
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.kernel.errors import EchoPilotError
from storage.engine.database import Database, why
from storage.engine.unusable import look_at_file, told

if TYPE_CHECKING:
    from psycopg import AsyncConnection

log = structlog.get_logger(__name__)
ASK_AGAIN_SECONDS = 1.0
# Together less than `sessions.VANISHED_SECONDS`, so that a holder that is cut off has stopped before another begins.
CHECK_SECONDS = 3.0
ANSWER_SECONDS = 4.0
LOST = (OperationalError, InterfaceError, PoolTimeout, TimeoutError)


class AlreadyRunning(EchoPilotError):
    """Another process has the SQLite file."""


@contextmanager
def only_process(database: Database) -> Iterator[None]:
    """Keep other EchoPilot processes off a SQLite file for the time of the context (PostgreSQL takes many).

    Raises AlreadyRunning, or Unusable where nothing can be written there. The kernel lets go of the lock when the
    process ends, however it ends.
    """
    if not database.sqlite:
        yield
        return
    # a lock that a file stands for would outlive a process that is killed
    lock = FileLock(f"{database.url.database}.lock", timeout=0, fallback_to_soft=False)
    with told(database.url):
        look_at_file(Path(str(database.url.database)))
        try:
            held = lock.acquire()
        except Timeout:
            raise AlreadyRunning(
                f"Another EchoPilot already runs on {database.url.database}. Stop it first, or use PostgreSQL, "
                "which several processes may share."
            ) from None
    with held:
        yield


async def exclusively(database: Database, role: str, work: Callable[[], Awaitable[None]]) -> None:
    """Wait until no other process has the role, then run `work`; begin anew if the role is lost.

    On PostgreSQL the role is an advisory lock of a session: a process that dies lets go at once. One that loses its
    connection begins to stop within CHECK_SECONDS and ANSWER_SECONDS, and the server lets go of what a vanished one
    held after `sessions.VANISHED_SECONDS`. On SQLite there is only one process.
    """
    if database.sqlite:
        with database.roles.held(role):
            await work()
        return
    import psycopg

    while True:
        try:
            async with await psycopg.AsyncConnection.connect(database.session_dsn, autocommit=True) as connection:
                await _acquire(connection, role)
                log.info("role taken", role=role)
                with database.roles.held(role):
                    await _while_connected(connection, work)
                return
        except (psycopg.OperationalError, *LOST) as error:
            log.warning("role lost", role=role, error=why(error))
            await asyncio.sleep(ASK_AGAIN_SECONDS)


async def _acquire(connection: "AsyncConnection", role: str) -> None:
    number = zlib.crc32(role.encode())
    while True:
        row = await (await connection.execute("SELECT pg_try_advisory_lock(%s)", (number,))).fetchone()
        if row is not None and row[0]:
            return
        await asyncio.sleep(ASK_AGAIN_SECONDS)


async def _while_connected(connection: "AsyncConnection", work: Callable[[], Awaitable[None]]) -> None:
    task = asyncio.ensure_future(work())
    try:
        while not task.done():
            await asyncio.wait([task], timeout=CHECK_SECONDS)
            await _answers(connection)
        await task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _answers(connection: "AsyncConnection") -> None:
    """Raise TimeoutError where the server does not answer. Psycopg spends another ten seconds on breaking the question
    off, which is not waited for: whoever has the role is to stop at once.
    """
    asking = asyncio.ensure_future(connection.execute("SELECT 1"))
    await asyncio.wait([asking], timeout=ANSWER_SECONDS)
    if not asking.done():
        asking.cancel()
        raise TimeoutError("the database does not answer")
    await asking
