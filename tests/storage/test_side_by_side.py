"""Old and new code on one database, for one migration: what is ahead of the code, and made so that it goes on."""

import asyncio
from typing import Any

import psycopg
import pytest
from sqlalchemy import text, update

from bot.access.model import TENANT
from bot.kernel.clock import SystemClock
from bot.ops.database_probe import probe
from bot.ops.settings import RunSettings
from storage.core.installation import installation_code
from storage.engine.database import Database
from storage.engine.unusable import Unusable
from storage.migrations import migrate as migrating
from storage.migrations.migrate import current, migrate, newest
from storage.tables.core import installation
from tests.postgres import Cluster

AHEAD = "9001"


async def put_ahead(database: Database, oldest_code: str | None) -> None:
    """Let the schema be of a migration that is not known here, with which code from `oldest_code` on goes on."""
    await installation_code(database, TENANT)
    mine = update(installation).where(installation.c.tenant == TENANT)
    await database.write(lambda tx: tx.run(mine.values(oldest_code=oldest_code)))
    await database.write(lambda tx: tx.run(text(f"UPDATE alembic_version SET version_num = '{AHEAD}'")))


@pytest.mark.both_databases
async def test_goes_on_beside_newer_code(database_url: str) -> None:
    """Code that newer code's schema says it leaves room for starts on it, and leaves it alone."""
    database = Database(database_url, SystemClock())
    try:
        await put_ahead(database, newest())
        assert await migrate(database) == newest()
        assert await current(database) == AHEAD
    finally:
        await database.close()


async def test_the_doctor_of_older_code(sqlite_url: str) -> None:
    """The doctor says that the schema is ahead, and that this is no fault."""
    database = Database(sqlite_url, SystemClock())
    try:
        await put_ahead(database, newest())
    finally:
        await database.close()
    settings: Any = RunSettings(database_url=sqlite_url)
    found = await probe(settings, lambda: Database(sqlite_url, SystemClock()))
    assert found.verdict == "fine"
    assert "a version ahead of this code, which goes on beside it" in found.words


@pytest.mark.parametrize("oldest", [None, AHEAD])
async def test_is_refused_where_newer_code_leaves_no_room(database_url: str, oldest: str | None) -> None:
    """A schema that says nothing, or that older code is done with, is not started on."""
    database = Database(database_url, SystemClock())
    try:
        await put_ahead(database, oldest)
        with pytest.raises(Unusable, match="made by a newer EchoPilot"):
            await migrate(database)
    finally:
        await database.close()


async def test_a_migration_holds_nobody_up(postgres: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """A migration that needs a table that somebody uses for long lets others go on with it, and is made afterwards."""
    monkeypatch.setattr(migrating, "LOCK_SECONDS", 1)
    monkeypatch.setattr(migrating, "LOCK_PAUSE_SECONDS", 0.2)
    with postgres.empty_database() as url:
        database = Database(url, SystemClock())
        try:
            await migrate(database, "0044")
            async with await psycopg.AsyncConnection.connect(url) as long_reader:
                await long_reader.execute("SELECT count(*) FROM installation")
                migration = asyncio.create_task(migrate(database))
                await _waits_for_a_table(url)
                async with asyncio.timeout(5), await psycopg.AsyncConnection.connect(url) as other:
                    await other.execute("SELECT count(*) FROM installation")
                assert not migration.done()
            assert await asyncio.wait_for(migration, 20) == newest()
        finally:
            await database.close()


async def _waits_for_a_table(url: str) -> None:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        while True:
            found = await connection.execute("SELECT 1 FROM pg_locks WHERE NOT granted AND locktype = 'relation'")
            if await found.fetchone() is not None:
                return
            await asyncio.sleep(0.01)
