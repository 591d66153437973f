"""A PostgreSQL database, which several processes may share."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

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
        self._under_way: set[asyncio.Task[Any]] = set()

    async def transact(self, work: Work[T], *, urgent: bool = False) -> T:  # noqa: ARG002 - none waits for another
        """Run `work` as one transaction that writes."""
        async with self.engine.begin() as connection:
            return await work(connection)

    async def snapshot(self, work: Work[T]) -> T:
        """Run `work` on one moment's view of the database."""
        async with self._lent(self.engine) as connection:
            return await work(await connection.execution_options(isolation_level="REPEATABLE READ"))

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Connection]:
        """A connection for reading; each statement sees what is committed by then."""
        async with self._lent(self._reader) as connection:
            yield connection

    @asynccontextmanager
    async def _lent(self, engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
        """A connection for a reader, who may be cancelled at any moment: what is broken off while it is opened, or
        looked at before it is lent out, SQLAlchemy neither closes nor takes back.
        """
        opening = self._whole(engine.connect().start())
        try:
            connection = await asyncio.shield(opening)
        except asyncio.CancelledError:
            opening.add_done_callback(self._not_wanted)
            raise
        try:
            yield connection
        finally:
            await asyncio.shield(self._whole(connection.close()))

    def _whole(self, step: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """The step as a task that its caller does not take along."""
        task = asyncio.create_task(step)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return task

    def _not_wanted(self, opened: asyncio.Task[AsyncConnection]) -> None:
        if not opened.cancelled() and opened.exception() is None:
            self._whole(opened.result().close())

    async def close(self) -> None:
        """Close every connection, once those that were just lent or given back are there."""
        while self._under_way:
            await asyncio.wait(self._under_way)
        await self.engine.dispose()
