"""Two transactions at the same time, of which the one waits for the other."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from sqlalchemy import text

from storage.engine.database import Database

T = TypeVar("T")
_WAITS = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")


async def meanwhile(database: Database, other: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
    """Begin another transaction within one on PostgreSQL; returns once it is over, or waits for this one."""
    begun = asyncio.create_task(other)
    async with asyncio.timeout(10):
        while not begun.done():
            async with database.reading() as connection:
                if (await connection.execute(_WAITS)).scalar_one():
                    break
    return begun
