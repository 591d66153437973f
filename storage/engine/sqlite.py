"""A SQLite file: one writer that runs whole transactions in a thread of its own, and a reader on the event loop.

A transaction is one trip to the writer's thread. Its work is a coroutine that awaits nothing but its own statements,
and those are answered at once there, so it does not come back to the event loop before it has ended. A trip per
statement costs several times more than the statement: under load each waits for the interpreter's lock, twice.

Transactions that wait are committed together, so that the disk is waited for once (docs/adr/0005). Each still stands
alone: where one fails all are undone, and each is run again by itself.

Bounded reads (a row by its id, a page of a list) run on the event loop itself: they take less time than the trip would.
What adds up many rows is read in a thread (`SqliteFile.snapshot`).
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import closing
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Generic, TypeVar, cast

import aiosqlite
import pysqlite3.dbapi2 as sqlite3
import sqlalchemy
from sqlalchemy import Dialect, Engine, Executable, PoolProxiedConnection, StaticPool, create_engine
from sqlalchemy.engine import CursorResult

from storage.engine.connection import Connection

T = TypeVar("T")
Work = Callable[[Connection], Awaitable[T]]

SAFE_SQLITE = (3, 51, 3)  # earlier versions can lose commits in WAL mode: https://sqlite.org/wal.html#walresetbug
BUSY_TIMEOUT_MS = 5_000
WRITER_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",
    f"busy_timeout={BUSY_TIMEOUT_MS}",
)
READER_PRAGMAS = ("query_only=ON", "foreign_keys=ON", f"busy_timeout={BUSY_TIMEOUT_MS}")
# What is learned of FTS5's own tables while they are nearly empty has it walk all of them for each part that it
# deletes, seconds in a gigabyte; what is assumed of a table of unknown size is right for them.
FORGET_SEARCH = ("DELETE FROM sqlite_stat1 WHERE tbl LIKE 'search%'", "ANALYZE sqlite_schema")
COMPILED_STATEMENTS = 1_000
AT_ONE_COMMIT = 16  # the first waits for the last: a millisecond each
BEGIN = "begin"


def _engine() -> Engine:
    """What compiles the statements of every connection, each once in a process; it opens none itself."""
    engine = create_engine("sqlite://", module=sqlite3, query_cache_size=COMPILED_STATEMENTS, hide_parameters=True)
    with engine.connect():  # the dialect looks at the library once
        pass
    engine.dispose()
    dialect: Any = engine.dialect
    dialect.do_begin = _begin
    return engine


def _begin(connection: PoolProxiedConnection) -> None:
    begin = connection.info[BEGIN]
    if begin:
        connection.cursor().execute(begin)


ENGINE = _engine()


class DirectConnection:
    """See `storage.engine.connection.Connection`: statements are run where they stand, and never suspend."""

    def __init__(self, connection: sqlalchemy.Connection) -> None:
        self._connection = connection

    @property
    def dialect(self) -> Dialect:
        return self._connection.dialect

    async def execute(self, statement: Executable, parameters: Any = None, /) -> CursorResult[*tuple[Any, ...]]:
        return self._connection.execute(statement, parameters)


class SqliteConnection:
    """An open connection to the file, used by one thread. `begin`: the statement that begins a transaction, if any."""

    def __init__(self, path: str, pragmas: tuple[str, ...], begin: str) -> None:
        raw = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        for pragma in pragmas:
            raw.execute(f"PRAGMA {pragma}")
        self._pool = StaticPool(lambda: raw, dialect=ENGINE.dialect)
        pooled = self._pool.connect()
        pooled.info[BEGIN] = begin
        self._connection = sqlalchemy.Connection(ENGINE, pooled)
        self.at_once = DirectConnection(self._connection)

    def run(self, works: Sequence[Callable[[Connection], Any]]) -> list[Any]:
        """Run all as one transaction, one after the other, and return what each returns."""
        with self._connection.begin():
            return [work(self.at_once) for work in works]

    def close(self) -> None:
        self._connection.close()
        self._pool.dispose()


class SqliteFile:
    """One file, in one process. Close it, or the process never ends."""

    def __init__(self, path: str) -> None:
        self._writer = ConnectionThread(
            lambda: SqliteConnection(path, WRITER_PRAGMAS, "BEGIN IMMEDIATE"), AT_ONE_COMMIT
        )
        # Two, so that a file of all decisions does not hold up whoever looks at the queue.
        self._figures = tuple(
            ConnectionThread(lambda: SqliteConnection(path, READER_PRAGMAS, "BEGIN")) for _ in range(2)
        )
        self._path = path
        self._reader: SqliteConnection | None = None

    async def transact(self, work: Work[T], *, urgent: bool = False) -> T:
        """Run `work` as one transaction that writes; an urgent one before those that wait."""
        return await self._writer.run(work, urgent=urgent)

    async def snapshot(self, work: Work[T]) -> T:
        """Run `work` on one moment's view of the file, without holding anybody up."""
        return await min(self._figures, key=lambda thread: thread.under_way).run(work)

    @property
    def reader(self) -> Connection:
        """A connection that cannot write, for bounded reads on the event loop; each sees what is committed."""
        if self._reader is None:
            self._reader = SqliteConnection(self._path, READER_PRAGMAS, "")
        return self._reader.at_once

    async def close(self) -> None:
        if self._reader is not None:
            self._reader.close()
            self._reader = None
        for thread in self._figures:
            await thread.close()
        await self._writer.close()


@dataclass(frozen=True, slots=True)
class Turn(Generic[T]):
    """A transaction that waits for the thread, and who waits for it. context: whose words it speaks, for one."""

    work: Work[T]
    future: asyncio.Future[T]
    context: Context = field(default_factory=copy_context)

    def run(self, connection: Connection) -> T:
        """In the thread: what the work returns."""
        return self.context.run(lambda: _ended(self.work(connection)))

    def settle(self, settle: Callable[[], None]) -> None:
        """In the thread: hand over how it ended, unless nobody waits any more."""

        def unless_cancelled() -> None:
            if not self.future.done():
                settle()

        self.future.get_loop().call_soon_threadsafe(unless_cancelled)


class ConnectionThread:
    """A connection in a thread of its own, which aiosqlite keeps; it is opened when it is first needed.

    together: how many transactions that wait may be run as one.
    """

    def __init__(self, opener: Callable[[], SqliteConnection], together: int = 1) -> None:
        self._opener = opener
        self._together = together
        # The thread takes its turns in order, and with each the transactions that come next: the urgent, if any.
        self._urgent: deque[Turn[Any]] = deque()
        self._waiting: deque[Turn[Any]] = deque()
        self._opening: asyncio.Task[aiosqlite.Connection] | None = None
        self.under_way = 0

    async def run(self, work: Work[T], *, urgent: bool = False) -> T:
        """Run `work` as one transaction, after those that were given before; an urgent one after other urgent ones."""
        self.under_way += 1
        try:
            return await self._run(work, urgent)
        finally:
            self.under_way -= 1

    async def _run(self, work: Work[T], urgent: bool) -> T:
        if self._opening is None or _failed(self._opening):
            self._opening = asyncio.create_task(self._open())
        thread = await asyncio.shield(self._opening)
        opened = cast(SqliteConnection, thread._conn)  # what our opener returned
        turn = Turn(work, asyncio.get_running_loop().create_future())
        (self._urgent if urgent else self._waiting).append(turn)
        thread._tx.put_nowait((None, partial(self._take_turn, opened)))
        result: T = await turn.future
        return result

    def _take_turn(self, opened: SqliteConnection) -> None:
        """In the thread: run what comes next, if no turn before took it along. Each that waits has given a turn."""
        queue = self._urgent or self._waiting
        turns = [queue.popleft() for _ in range(min(len(queue), self._together))]
        if turns:
            _run(opened, turns)

    async def _open(self) -> aiosqlite.Connection:
        return await aiosqlite.Connection(cast(Any, self._opener), iter_chunk_size=64)

    async def close(self) -> None:
        if self._opening is not None and not _failed(self._opening):
            await (await self._opening).close()
        self._opening = None


def _run(opened: SqliteConnection, turns: Sequence[Turn[Any]]) -> None:
    """Run them as one transaction, or each by itself where that fails."""
    try:
        results = opened.run([turn.run for turn in turns])
    except BaseException as error:  # noqa: BLE001 - handed to whoever waits for it
        if len(turns) > 1:
            for turn in turns:
                _run(opened, [turn])
        else:
            turns[0].settle(partial(turns[0].future.set_exception, error))
    else:
        for turn, result in zip(turns, results, strict=True):
            turn.settle(partial(turn.future.set_result, result))


def fold_log(path: str) -> bool:
    """Write the log into the file, and empty it: https://sqlite.org/pragma.html#pragma_wal_checkpoint"""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


def _failed(opening: asyncio.Task[aiosqlite.Connection]) -> bool:
    return opening.done() and (opening.cancelled() or opening.exception() is not None)


def _ended(work: Awaitable[T]) -> T:
    """What a coroutine returns that awaits nothing but statements that are answered at once.

    Raises RuntimeError where it awaits anything else: a transaction must not wait for the world.
    """
    coroutine = cast(Coroutine[Any, Any, T], work)
    try:
        coroutine.send(None)
    except StopIteration as end:
        return cast(T, end.value)
    coroutine.close()
    raise RuntimeError("a transaction may await nothing but its own statements")
