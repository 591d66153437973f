"""The one door to the database: whole transactions for writers, connections that cannot write for readers."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import stamina
import structlog
from sqlalchemy import URL, Executable, make_url, text
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.kernel.clock import Clock
from bot.kernel.events import NO_REACTIONS, Reactions
from bot.kernel.timing import IN_PRODUCTION, Timing
from storage.engine.connection import Connection
from storage.engine.sessions import conninfo, direct
from storage.engine.signals import Signals, listen
from storage.engine.sqlite import FORGET_SEARCH, SqliteFile, fold_log
from storage.engine.unusable import told

if TYPE_CHECKING:
    from storage.engine.postgresql import PostgresPool

T = TypeVar("T")
log = structlog.get_logger(__name__)
FAULT_PAUSE_SECONDS = 1.0
LEARN = tuple(map(text, ("PRAGMA optimize", *FORGET_SEARCH)))
ROLES = "roles"  # the signal of this process's own
NOTIFY = text("SELECT pg_notify('echopilot', :s)")
POSTGRESQL = "postgresql+psycopg"
PASSING = (
    "database is locked",
    "database table is locked",
    "deadlock detected",
    "could not serialize",
    "due to lock timeout",
)
UNIQUE_VIOLATION = "23505"
# It refuses, or all connections to it are busy with waiting for an answer.
NO_ANSWER = (DBAPIError, PoolTimeout)


class Roles:
    """The roles that this process has, each since when; see `storage.engine.locks.exclusively`.

    changed: called whenever one comes or goes.
    """

    def __init__(self, clock: Clock, changed: Callable[[], None]) -> None:
        self.since: dict[str, datetime] = {}
        self._clock = clock
        self._changed = changed

    @contextmanager
    def held(self, role: str) -> Iterator[None]:
        """The process has it within the context."""
        self.since[role] = self._clock.now()
        self._changed()
        try:
            yield
        finally:
            del self.since[role]
            self._changed()


class Transaction:
    """One transaction: the connection, its time, whom to wake once it has committed, and what follows from an event."""

    def __init__(self, connection: Connection, now: datetime, reactions: Reactions = NO_REACTIONS) -> None:
        self.connection = connection
        self.now = now
        self.reactions = reactions
        self._wakes: set[str] = set()
        self._afterwards: list[Callable[[], None]] = []
        self._seen: dict[Hashable, Any] = {}

    async def run(self, statement: Executable, values: Any = None) -> CursorResult[*tuple[Any, ...]]:
        return await self.connection.execute(statement, values)

    async def once(self, what: Hashable, read: Callable[[], Awaitable[T]]) -> T:
        """What `read` returned when `what` was first asked for in this transaction."""
        if what not in self._seen:
            self._seen[what] = await read()
        seen: T = self._seen[what]
        return seen

    def wake(self, signal: str) -> None:
        """Wake whoever waits for the signal, after the commit, in every process."""
        self._wakes.add(signal)

    def afterwards(self, call: Callable[[], None]) -> None:
        """Have it called after the commit, in this process alone. A try that does not commit calls nothing."""
        self._afterwards.append(call)

    @property
    def wakes(self) -> frozenset[str]:
        return frozenset(self._wakes)

    def committed(self) -> None:
        """Call what was to be called."""
        for call in self._afterwards:
            call()


class Database:
    """SQLite (one writer, several readers) or PostgreSQL, by the URL. Close it, or the process never ends.

    reactions: what follows from an event, in its transaction; set once the areas are built, before anything happens.
    pooler: where transactions go in place of `url`; what needs a session of its own goes there all the same.

    Raises Unusable where the folder of a file cannot be made.
    """

    def __init__(
        self, url: str, clock: Clock, *, pool_size: int = 8, timing: Timing = IN_PRODUCTION, pooler: str | None = None
    ) -> None:
        self.url = make_url(url)
        self.sqlite = self.url.get_backend_name() == "sqlite"
        self.clock = clock
        self.timing = timing
        self.signals = Signals()
        self.roles = Roles(clock, lambda: self.signals.wake(ROLES))
        self.reactions = NO_REACTIONS
        self._under_way: set[asyncio.Task[Any]] = set()
        self._listener: asyncio.Task[None] | None = None
        if self.sqlite:
            path = str(self.url.database)
            with told(self.url):
                Path(path).parent.mkdir(parents=True, exist_ok=True)
            self._engine: SqliteFile | PostgresPool = SqliteFile(path)
        else:
            self.url = self.url.set(drivername=POSTGRESQL)
            by = self.url if pooler is None else make_url(pooler).set(drivername=POSTGRESQL)
            self._engine = _postgres_pool(by, pool_size, pooler is not None)

    async def start(self) -> None:
        """Begin to hear of other processes' commits (PostgreSQL; in SQLite there is only this process)."""
        if not self.sqlite:
            ready = asyncio.Event()
            self._listener = asyncio.create_task(listen(self.session_dsn, self.signals, ready), name="listen")
            await ready.wait()

    @property
    def session_dsn(self) -> str:
        """The address of PostgreSQL itself as libpq wants it, for what needs a session of its own."""
        return conninfo(direct(self.url))

    async def write(self, work: Callable[[Transaction], Awaitable[T]], *, urgent: bool = False) -> T:
        """Run `work` as one transaction and return what it returns.

        It commits as a whole or not at all, and is not broken off when the caller is cancelled. It may be run again
        after a deadlock, a locked file, or where another added the same row after it had looked for it, so it must have
        no effect outside the database; and it awaits nothing but its own statements, since on SQLite it runs outside
        the event loop. urgent: before all others that wait, for
        what was done outside and is to be written down before anything else is.
        """
        task = asyncio.create_task(self._write(work, urgent))
        self._under_way.add(task)
        task.add_done_callback(self._ended)
        return await asyncio.shield(task)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        """A caller that was cancelled meanwhile does not hear how it ended."""
        self._under_way.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.debug("a transaction failed", error=why(error))

    async def _write(self, work: Callable[[Transaction], Awaitable[T]], urgent: bool) -> T:
        try:
            return await self._transact(work, urgent)
        except DBAPIError as error:
            if not _passes(error):
                raise
        async for attempt in stamina.retry_context(on=_passes, attempts=3, timeout=20, wait_initial=0.02, wait_max=1):
            with attempt:
                return await self._transact(work, urgent)
        raise AssertionError("stamina returns or raises")

    async def _transact(self, work: Callable[[Transaction], Awaitable[T]], urgent: bool) -> T:
        done: list[Transaction] = []

        async def transaction(connection: Connection) -> T:
            tx = Transaction(connection, self.clock.now(), self.reactions)
            result = await work(tx)
            done[:] = [tx]
            if not self.sqlite:
                for signal in tx.wakes:
                    await connection.execute(NOTIFY, {"s": signal})
            return result

        result = await self._engine.transact(transaction, urgent=urgent)
        for tx in done:
            tx.committed()
            for signal in tx.wakes:
                self.signals.wake(signal)
        return result

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Connection]:
        """A connection for bounded reads: a row by its key, a page, a count over an index.

        Each statement sees what is committed by then. On SQLite they run on the event loop.
        """
        if isinstance(self._engine, SqliteFile):
            yield self._engine.reader
        else:
            async with self._engine.reading() as connection:
                yield connection

    async def snapshot(self, work: Callable[[Connection], Awaitable[T]]) -> T:
        """Run `work`, which only reads, on one moment's view: for figures that must fit together, or take long.

        Like a transaction's work it awaits nothing but its own statements.
        """
        return await self._engine.snapshot(work)

    async def learn_sizes(self) -> None:
        """Let SQLite look at what has grown much since it last did, so that it chooses well between indexes.

        PostgreSQL does so by itself.
        """

        async def work(tx: Transaction) -> None:
            for statement in LEARN:
                await tx.run(statement)

        if self.sqlite:
            await self.write(work)

    async def fold_log(self) -> bool:
        """Have what is committed stand in SQLite's file alone: until then its log still has what was overwritten.

        Says whether it does; somebody who reads just now may keep it from that.
        """
        return not self.sqlite or await asyncio.to_thread(fold_log, str(self.url.database))

    async def close(self) -> None:
        """Finish the transactions under way, then let go."""
        if self._under_way:
            await asyncio.wait(self._under_way)
        if self._listener is not None:
            self._listener.cancel()
            await asyncio.gather(self._listener, return_exceptions=True)
        await self._engine.close()


async def despite_faults(step: Callable[[], Awaitable[None]]) -> None:
    """One step of a loop that must go on although the database does not answer, is locked, or has no room left."""
    try:
        await step()
    except NO_ANSWER as error:
        log.warning("the database refuses; trying again", error=why(error), seconds=FAULT_PAUSE_SECONDS)
        await asyncio.sleep(FAULT_PAUSE_SECONDS)


def _passes(error: Exception) -> bool:
    """Whether it may well go when run again; SQLite has one writer, so a row there twice is a fault of ours.

    https://www.postgresql.org/docs/current/mvcc-serialization-failure-handling.html
    """
    if isinstance(error, IntegrityError):
        return getattr(error.orig, "sqlstate", None) == UNIQUE_VIOLATION
    return isinstance(error, OperationalError) and any(words in str(error) for words in PASSING)


def why(error: BaseException) -> str:
    """In a line, what the database or its driver said."""
    return str(getattr(error, "orig", None) or error).partition("\n")[0]


def _postgres_pool(url: URL, size: int, pooler: bool) -> "PostgresPool":
    from storage.engine.postgresql import PostgresPool  # with it comes all of SQLAlchemy's asyncio and ORM

    return PostgresPool(url, size, pooler=pooler)
