"""SQLite through aiosqlite on pysqlite3, with one trip to the connection's thread per statement.

aiosqlite goes to its thread for the cursor, the statement, the rows and the closing of the cursor; under load each trip
waits for the interpreter's lock. Ours does all four in one.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Self

import aiosqlite
import pysqlite3.dbapi2 as sqlite3
from sqlalchemy import event
from sqlalchemy.dialects.sqlite.aiosqlite import AsyncAdapt_aiosqlite_dbapi
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

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
READERS = 4
# SQLAlchemy wraps only the errors of the module that it knows, and that is not pysqlite3.
ERRORS = ("Error", "DatabaseError", "IntegrityError", "NotSupportedError", "OperationalError", "ProgrammingError")


class OneTripCursor:
    """A cursor as SQLAlchemy uses aiosqlite's: the rows are all there once a statement was executed."""

    def __init__(self, connection: "OneTripConnection") -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, statement: str, values: Sequence[Any] = ()) -> Self:
        return self._keep(await self._connection.in_thread(self._run, statement, values))

    async def executemany(self, statement: str, many: Iterable[Sequence[Any]]) -> Self:
        return self._keep(await self._connection.in_thread(self._run_many, statement, many))

    async def fetchall(self) -> list[Any]:
        return self._rows

    async def close(self) -> None:
        """Was closed in the trip that filled it."""

    def _run(self, statement: str, values: Sequence[Any]) -> tuple[Any, ...]:
        cursor = self._connection.raw.execute(statement, values)
        return self._taken(cursor)

    def _run_many(self, statement: str, many: Iterable[Sequence[Any]]) -> tuple[Any, ...]:
        cursor = self._connection.raw.executemany(statement, many)
        return self._taken(cursor)

    def _taken(self, cursor: Any) -> tuple[Any, ...]:
        rows = cursor.fetchall() if cursor.description else []
        taken = rows, cursor.description, cursor.rowcount, cursor.lastrowid
        cursor.close()
        return taken

    def _keep(self, taken: tuple[Any, ...]) -> Self:
        self._rows, self.description, self.rowcount, self.lastrowid = taken
        return self


class OneTripConnection(aiosqlite.Connection):
    """aiosqlite's connection, whose cursors make one trip to its thread."""

    def cursor(self) -> OneTripCursor:  # type: ignore[override]
        return OneTripCursor(self)

    async def in_thread(self, work: Any, *arguments: Any) -> Any:
        """Run `work` in the connection's thread."""
        return await self._execute(work, *arguments)  # type: ignore[no-untyped-call]

    @property
    def raw(self) -> Any:
        """The connection itself; only for its own thread."""
        return self._conn


def writer(path: str) -> AsyncEngine:
    """The engine that alone writes: one connection, so that writers wait their turn here and not in the file's lock."""
    engine = _engine(path, WRITER_PRAGMAS, pool_size=1)

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def reader(path: str) -> AsyncEngine:
    """The engine for reading: several connections that cannot write, and no transaction around a statement."""
    options = {"isolation_level": "AUTOCOMMIT", "skip_autocommit_rollback": True}
    return _engine(path, READER_PRAGMAS, pool_size=READERS, **options)


def _engine(path: str, pragmas: tuple[str, ...], **options: Any) -> AsyncEngine:
    def connect() -> Any:
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")
        return connection

    async def creator() -> aiosqlite.Connection:
        return await OneTripConnection(connect, iter_chunk_size=64)

    return create_async_engine(
        "sqlite+aiosqlite://",
        module=_dbapi(),
        async_creator=creator,
        poolclass=AsyncAdaptedQueuePool,
        max_overflow=0,
        **options,
    )


def _dbapi() -> Any:
    module: Any = AsyncAdapt_aiosqlite_dbapi(aiosqlite, sqlite3)
    for name in ERRORS:
        setattr(module, name, getattr(sqlite3, name))
    return module
