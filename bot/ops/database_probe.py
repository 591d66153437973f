"""Probe of the database: its engine, its settings, and its schema."""

import asyncio
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path

import pysqlite3.dbapi2 as sqlite3
from sqlalchemy import URL, make_url, text

from bot.kernel.probe import Finding
from bot.ops.probes import database_file
from bot.ops.settings import RunSettings
from storage.engine import sessions
from storage.engine.database import Database, Transaction
from storage.engine.sqlite import SAFE_SQLITE
from storage.engine.unusable import check_pages, look_at_file, told
from storage.migrations.migrate import OLDEST_POSTGRESQL, is_newer, newest, ours

SYNCHRONOUS_FULL = 2  # https://sqlite.org/pragma.html#pragma_synchronous


async def probe(settings: RunSettings, opened: Callable[[], Database]) -> Finding:
    """Whether it keeps what is committed, and has the newest schema. opened: the database, which is closed again."""
    path = database_file(settings)
    if path is not None and sqlite3.sqlite_version_info < SAFE_SQLITE:
        least = ".".join(map(str, SAFE_SQLITE))
        words = f"SQLite {sqlite3.sqlite_version} can lose commits; install a pysqlite3 with {least} or newer"
        return Finding("problem", words)
    if path is not None and not path.exists():
        return Finding("fine", f"SQLite {sqlite3.sqlite_version}; {path} is not there yet, the first run makes it")
    if path is not None:
        look_at_file(path)
    database = opened()
    try:
        with told(database.url):
            await ours(database)
            engine = await (_sqlite(database) if database.sqlite else _postgresql(database))
            return await _schema(database, engine) if engine.verdict == "fine" else engine
    finally:
        await database.close()


async def _sqlite(database: Database) -> Finding:
    async def pragmas(tx: Transaction) -> tuple[str, int]:
        mode = (await tx.run(text("PRAGMA journal_mode"))).scalar_one()
        return str(mode), int((await tx.run(text("PRAGMA synchronous"))).scalar_one())

    mode, level = await database.write(pragmas)
    await asyncio.to_thread(_look_through, Path(str(database.url.database)))
    if (mode, level) != ("wal", SYNCHRONOUS_FULL):
        words = f"SQLite runs with journal_mode {mode} and synchronous {level}; a power cut could lose commits"
        return Finding("problem", f"{words}. Is it on a network drive? Move it to a local one.")
    return Finding("fine", f"SQLite {sqlite3.sqlite_version}, WAL, synchronous FULL")


def _look_through(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        check_pages(connection)


async def _postgresql(database: Database) -> Finding:
    async with database.reading() as connection:
        number = int((await connection.execute(text("SHOW server_version_num"))).scalar_one())
        name = str((await connection.execute(text("SHOW server_version"))).scalar_one()).partition(" ")[0]
        unsafe = [
            setting
            for setting in ("fsync", "synchronous_commit")
            if (await connection.execute(text(f"SHOW {setting}"))).scalar_one() == "off"
        ]
    if number < OLDEST_POSTGRESQL[0] * 10_000:
        return Finding("problem", f"PostgreSQL {name} is too old; 13 or newer is needed")
    if unsafe:
        return Finding("problem", f"PostgreSQL {name} has {' and '.join(unsafe)} off and can lose commits; turn it on")
    return Finding("fine", f"PostgreSQL {name}")


async def _schema(database: Database, engine: Finding) -> Finding:
    at = await ours(database)
    if at == newest():
        return Finding("fine", f"{engine.words}, schema {at}")
    if is_newer(at):
        return Finding("fine", f"{engine.words}, schema {at}, a version ahead of this code, which goes on beside it")
    words = f"{engine.words}, schema {at or 'none'}, newest is {newest()}"
    return Finding("problem", f"{words}; run `python -m bot migrate`, or start EchoPilot, which does the same")


async def pooler(database_url: str, pooler_url: str) -> Finding:
    """Whether a pooler leads to the same database, and lends sessions out by the transaction."""
    return await asyncio.to_thread(_pooler, make_url(database_url), make_url(pooler_url))


def _pooler(direct_url: URL, pooler_url: URL) -> Finding:
    engines = [sessions.reaching(url) for url in (direct_url, pooler_url)]
    with told(pooler_url), ExitStack() as stack:
        for engine in engines:
            stack.callback(engine.dispose)
        reached = [stack.enter_context(engine.connect()) for engine in engines]
        if len({sessions.which(connection) for connection in reached}) > 1:
            words = "DATABASE_POOLER_URL leads to another database than DATABASE_URL; see [databases] of the pooler"
            return Finding("problem", words)
        if not sessions.by_transaction(engines[1], reached[1]):
            words = "nothing at DATABASE_POOLER_URL lends sessions out by the transaction, so no connection is saved"
            return Finding("problem", f"{words}; set pool_mode = transaction there, or leave the setting empty")
    return Finding("fine", f"transactions go by {pooler_url.host}, what needs a session goes to PostgreSQL itself")
