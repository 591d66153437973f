"""Bring a database to the newest schema. Migrations go forwards only, with a copy of a SQLite file taken before."""

import asyncio
from contextlib import closing
from pathlib import Path
from typing import Any

import pysqlite3.dbapi2 as sqlite3
import structlog
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, make_url, text

from storage.database import Database
from storage.sqlite import WRITER_PRAGMAS

log = structlog.get_logger(__name__)
SCRIPTS = Path(__file__).with_name("migrations")
LOCK = 716_253  # any number that nothing else locks: one process migrates, the others wait and find it done


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["connection"] = connection
    return config


def newest() -> str:
    """The revision of the newest migration."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    assert head is not None
    return head


async def current(database: Database) -> str | None:
    """The revision of the database's schema; None where it has none yet."""
    return await asyncio.to_thread(_current, database.url.render_as_string(hide_password=False))


def _current(url: str) -> str | None:
    engine = engine_of(url)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()


async def migrate(database: Database, revision: str | None = None) -> str:
    """Bring the database to the newest schema, or up to `revision`, making it where there is none; returns it."""
    return await asyncio.to_thread(_migrate, database.url.render_as_string(hide_password=False), revision or newest())


def _migrate(url: str, target: str) -> str:
    engine = engine_of(url)
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_lock(:n)"), {"n": LOCK})
                connection.commit()
            current = MigrationContext.configure(connection).get_current_revision()
            if current != target:
                if engine.dialect.name == "sqlite" and current is not None:
                    _copy(url, current)
                connection.commit()
                command.upgrade(_config(connection), target)
                connection.commit()
                log.info("database migrated", before=current, after=target)
            return target
    finally:
        engine.dispose()


def engine_of(url: str) -> Engine:
    """An engine for migrations and what looks at the schema, which work in threads. Dispose of it."""
    if not url.startswith("sqlite"):
        return create_engine(url)
    path = str(make_url(url).database)

    def connect() -> Any:
        connection = sqlite3.connect(path)
        for pragma in WRITER_PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        return connection

    return create_engine("sqlite://", creator=connect)


def _copy(url: str, revision: str) -> None:
    path = str(make_url(url).database)
    copy = f"{path}.before-{revision}"
    Path(copy).unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("VACUUM INTO ?", (copy,))
    log.info("database copied before its migration", copy=copy)
