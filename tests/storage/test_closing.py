"""What is left of readers that are sent home, when the database is closed right after them."""

import asyncio
from functools import partial
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url, text

from bot.kernel.clock import SystemClock
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.engine.sessions import conninfo
from tests.eventually import eventually, nothing

READERS, STEPS = 8, 120
OTHERS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


@pytest.mark.parametrize("way", ["reading", "snapshot"])
async def test_no_session_is_left(postgres_url: str, way: str) -> None:
    """Whenever a reader is cancelled, also while its connection is being opened, no session stays open behind it."""

    async def ask(connection: Connection) -> None:
        await connection.execute(text("SELECT 1"))

    async def read(database: Database) -> None:
        if way == "snapshot":
            await database.snapshot(ask)
        else:
            async with database.reading() as connection:
                await ask(connection)

    with psycopg.connect(conninfo(make_url(postgres_url)), autocommit=True) as looking:
        for steps in range(0, STEPS, STEPS // 10):
            database = Database(postgres_url, SystemClock())
            readers = [asyncio.create_task(read(database)) for _ in range(READERS)]
            for _ in range(steps):  # each time a little further on
                await asyncio.sleep(0)
            for reader in readers:
                reader.cancel()
            await asyncio.wait(readers)
            await database.close()
            await eventually(partial(_others, looking), nothing)  # a session that was closed ends a moment later


def _others(looking: psycopg.Connection[Any]) -> int:
    [(number,)] = looking.execute(OTHERS).fetchall()
    return int(number)
