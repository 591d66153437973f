"""Rows that are kept in memory until a commit changes them."""

from datetime import datetime, timedelta

from bot.kernel.clock import SystemClock
from storage.core.cache import AGE, TenantCache
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction

SIGNAL = "something"


class Later(SystemClock):
    """A clock that can be put forward."""

    ahead = timedelta()

    def now(self) -> datetime:
        return super().now() + self.ahead


async def wake(tx: Transaction) -> None:
    tx.wake(SIGNAL)


async def test_read_once(database: Database) -> None:
    """A hundred questions read once per tenant; after a commit that changes the rows, once more."""
    read = []

    async def find(_: Connection, tenant: str) -> str:
        read.append(tenant)
        return f"rows of {tenant}"

    remembered = TenantCache(database, SIGNAL, find)
    for _ in range(100):
        assert await remembered.of("main") == "rows of main"
    assert await remembered.of("elsewhere") == "rows of elsewhere"
    assert read == ["main", "elsewhere"]
    await database.write(wake)
    await remembered.of("main")
    assert read == ["main", "elsewhere", "main"]


async def test_changed_while_it_was_read(database: Database) -> None:
    """What was read while a change was committed serves that question alone and is not remembered."""
    found = ["before", "after"]

    async def find(_: Connection, tenant: str) -> str:
        if len(found) == 2:
            await database.write(wake)
        return found.pop(0)

    remembered = TenantCache(database, SIGNAL, find)
    assert [await remembered.of("main"), await remembered.of("main")] == ["before", "after"]


async def test_a_wake_up_that_is_lost(sqlite_url: str) -> None:
    """Without any wake-up, what is remembered is read anew after half a minute, and not before."""
    clock = Later()
    database = Database(sqlite_url, clock)
    times = []

    async def find(_: Connection, tenant: str) -> int:
        times.append(tenant)
        return len(times)

    try:
        remembered = TenantCache(database, SIGNAL, find)
        assert await remembered.of("main") == 1
        clock.ahead = AGE / 2
        assert await remembered.of("main") == 1
        clock.ahead = AGE
        assert await remembered.of("main") == 2
    finally:
        await database.close()
