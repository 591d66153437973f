"""A PostgreSQL database, which several processes may share."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from sqlalchemy import URL
from sqlalchemy.ext.asyncio import create_async_engine

from storage.engine.connection import Connection
from storage.engine.sessions import direct, pooled

T = TypeVar("T")
Work = Callable[[Connection], Awaitable[T]]


class PostgresPool:
    """A pool of connections. Close it.

    pooler: what is behind the address lends sessions out by the transaction, so that a statement that was prepared in
    one of them is not there for the next, or is somebody else's.
    """

    def __init__(self, url: URL, size: int, *, pooler: bool = False) -> None:
        self.engine = create_async_engine(
            pooled(url) if pooler else direct(url, limited=True),
            pool_size=size,
            max_overflow=0,
            pool_pre_ping=True,
            hide_parameters=True,
            connect_args={"prepare_threshold": None} if pooler else {},
        )
        self._reader = self.engine.execution_options(isolation_level="AUTOCOMMIT")

    async def transact(self, work: Work[T], *, urgent: bool = False) -> T:  # noqa: ARG002 - none waits for another
        """Run `work` as one transaction that writes."""
        async with self.engine.begin() as connection:
            return await work(connection)

    async def snapshot(self, work: Work[T]) -> T:
        """Run `work` on one moment's view of the database."""
        async with self.engine.connect() as connection:
            return await work(await connection.execution_options(isolation_level="REPEATABLE READ"))

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Connection]:
        """A connection for reading; each statement sees what is committed by then."""
        async with self._reader.connect() as connection:
            yield connection

    async def close(self) -> None:
        await self.engine.dispose()
