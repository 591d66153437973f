"""A database without the rest of EchoPilot around it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.kernel.clock import SystemClock
from bot.kernel.timing import IN_PRODUCTION, Timing
from storage.engine.database import Database
from storage.migrations.migrate import migrate


@asynccontextmanager
async def opened(url: str, timing: Timing = IN_PRODUCTION) -> AsyncIterator[Database]:
    database = Database(url, SystemClock(), timing=timing)
    try:
        await migrate(database)
        await database.start()
        yield database
    finally:
        await database.close()


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A migrated database, on each engine in turn."""
    async with opened(database_url) as made:
        yield made


@pytest.fixture
async def sqlite(sqlite_url: str) -> AsyncIterator[Database]:
    """A migrated SQLite file."""
    async with opened(sqlite_url) as made:
        yield made


@pytest.fixture
async def postgresql(postgres_url: str) -> AsyncIterator[Database]:
    """A migrated PostgreSQL database."""
    async with opened(postgres_url) as made:
        yield made
