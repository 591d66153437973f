"""Rows that are read far more often than they change, kept in memory until a commit changes them."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from storage.engine.connection import Connection
from storage.engine.database import Database

T = TypeVar("T")
AGE = timedelta(seconds=30)  # a wake-up from another process may be lost


class TenantCache(Generic[T]):
    """What `read` finds for a tenant; read anew once a commit has woken `signal`, in whichever process, or is old."""

    def __init__(self, database: Database, signal: str, read: Callable[[Connection, str], Awaitable[T]]) -> None:
        self._database = database
        self._read = read
        self._kept: dict[str, tuple[datetime, T]] = {}
        self._changes = 0
        database.signals.on(signal, self._forget)

    async def of(self, tenant: str) -> T:
        now = self._database.clock.now()
        since, value = self._kept.get(tenant, (None, None))
        if since is not None and value is not None and since <= now < since + AGE:
            return value
        changes = self._changes
        async with self._database.reading() as connection:
            found = await self._read(connection, tenant)
        if changes == self._changes:  # otherwise it may be from before the change
            self._kept[tenant] = (now, found)
        return found

    def _forget(self) -> None:
        self._changes += 1
        self._kept.clear()
