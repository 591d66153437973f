"""Bring a database to the newest schema. Migrations go forwards only, with a copy of a SQLite file taken before."""

import asyncio
from collections.abc import Sequence
from contextlib import closing
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pysqlite3.dbapi2 as sqlite3
import structlog
from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text

from storage.engine import structure
from storage.engine.database import Database
from storage.engine.sqlite import WRITER_PRAGMAS
from storage.engine.unusable import Unusable, look_at_file, look_through, named, told

log = structlog.get_logger(__name__)
SCRIPTS = Path(__file__).parents[1] / "migrations"
OLDEST_POSTGRESQL = (13,)  # what Procrastinate supports: https://procrastinate.readthedocs.io
NOBODYS = frozenset(["spatial_ref_sys"])  # tables that extensions make in every database
CONNECT_SECONDS = 10
LOCK = 716_253  # any number that nothing else locks: one process migrates, the others wait and find it done


@cache
def _revisions() -> frozenset[str]:
    """Every revision that there is, by the numbers that the files begin with: Alembic takes a while to load."""
    return frozenset(path.name[:4] for path in (SCRIPTS / "versions").glob("[0-9]*.py"))


def newest() -> str:
    """The revision of the newest migration."""
    return max(_revisions())


def revision_of(connection: Connection) -> str | None:
    """The revision of that schema; None where it has none yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


async def current(database: Database) -> str | None:
    """The revision of the database's schema; None where it has none yet."""
    return await asyncio.to_thread(_current, database.url.render_as_string(hide_password=False))


def _current(url: str) -> str | None:
    engine = engine_of(url)
    try:
        with engine.connect() as connection:
            return revision_of(connection)
    finally:
        engine.dispose()


async def ours(database: Database) -> str | None:
    """The same; raises Unusable where the database is another program's, or a newer version's."""
    return await asyncio.to_thread(_ours, database.url.render_as_string(hide_password=False))


def _ours(url: str) -> str | None:
    engine = engine_of(url, ())
    try:
        with engine.connect() as connection:
            at = revision_of(connection)
            check_ours(connection, at, make_url(url))
            return at
    finally:
        engine.dispose()


async def migrate(database: Database, revision: str | None = None) -> str:
    """Bring the database to the newest schema, or up to `revision`, making it where there is none; returns it.

    A new file gets the newest at once, by `storage.engine.structure`; with `revision` it goes through the migrations.
    Raises Unusable, with a sentence for whoever starts EchoPilot. A migration is made as a whole or not at all.
    """
    with told(database.url):
        return await asyncio.to_thread(_migrate, database.url.render_as_string(hide_password=False), revision)


def _migrate(url: str, revision: str | None) -> str:
    target = revision or newest()
    if url.startswith("sqlite"):
        _ready(path := Path(str(make_url(url).database)))
        if _ours(url) is None and revision is None:
            return _laid(url, path)
    engine = engine_of(url)
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "postgresql":
                _check_server(connection)
                connection.execute(text("SELECT pg_advisory_lock(:n)"), {"n": LOCK})
                connection.commit()
            current = revision_of(connection)
            check_ours(connection, current, make_url(url))
            if current != target:
                if engine.dialect.name == "sqlite" and current is not None:
                    _copy(url, current)
                connection.commit()
                _upgrade(connection, target)
                connection.commit()
                learn_sizes(connection)
                log.info("database migrated", before=current, after=target)
            return target
    finally:
        engine.dispose()


def _laid(url: str, path: Path) -> str:
    """Give a new file the newest schema."""
    structure.lay(path)
    engine = engine_of(url)
    try:
        with engine.connect() as connection:
            learn_sizes(connection)
    finally:
        engine.dispose()
    log.info("database migrated", before=None, after=newest())
    return newest()


def _upgrade(connection: Connection, revision: str) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def newest_structure() -> str:
    """The newest schema of a SQLite file as SQL, as all migrations in turn make it."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "new.db")
        engine = engine_of(f"sqlite:///{path}")
        with engine.connect() as connection:
            _upgrade(connection, newest())
            connection.commit()
        engine.dispose()
        return structure.structure_of(path)


def learn_sizes(connection: Connection) -> None:
    """Let the database know how large its tables are, by which it chooses between indexes."""
    connection.execute(text("PRAGMA optimize=0x10002" if connection.dialect.name == "sqlite" else "ANALYZE"))
    connection.commit()


def check_ours(connection: Connection, current: str | None, url: URL) -> None:
    """Raise Unusable where the database is another program's, or was made by a newer version of this one."""
    if current in _revisions():
        return
    where = f"The database {named(url)}"
    if current is not None and current.isdecimal() and current > newest():
        raise Unusable(
            f"{where} was made by a newer EchoPilot (schema {current}, this one knows {newest()}); run the newer code, "
            "or put the copy from before its migration back."
        )
    others = set(inspect(connection).get_table_names()) - NOBODYS
    if current is not None or others:
        raise Unusable(f"{where} belongs to another program; give EchoPilot one of its own in DATABASE_URL.")


def _check_server(connection: Connection) -> None:
    found = connection.dialect.server_version_info or OLDEST_POSTGRESQL
    if found < OLDEST_POSTGRESQL:
        name = ".".join(map(str, found))
        raise Unusable(f"PostgreSQL {name} is too old; {OLDEST_POSTGRESQL[0]} or newer is needed.")


def _ready(path: Path) -> None:
    """Look at the file; where there is none, make one in a moment, so that no kill leaves an empty one."""
    look_at_file(path)
    if not path.exists():
        new = path.with_name(f"{path.name}.new")
        new.unlink(missing_ok=True)
        with closing(sqlite3.connect(new)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
        new.replace(path)
        return
    with closing(sqlite3.connect(path)) as connection:
        look_through(connection, path)


def engine_of(url: str, pragmas: Sequence[str] = WRITER_PRAGMAS) -> Engine:
    """An engine for migrations and what looks at the schema, which work in threads. Dispose of it.

    pragmas: what is set on a file; without any it stays as it is.
    """
    if not url.startswith("sqlite"):
        return create_engine(url, connect_args={"connect_timeout": CONNECT_SECONDS})
    path = str(make_url(url).database)

    def connect() -> Any:
        connection = sqlite3.connect(path, isolation_level=None)
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")
        return connection

    engine = create_engine("sqlite://", creator=connect)
    # As SQLAlchemy would have it, a statement that changes the schema is committed by itself.
    event.listen(engine, "begin", lambda begun: begun.exec_driver_sql("BEGIN"))
    return engine


def _copy(url: str, revision: str) -> None:
    path = str(make_url(url).database)
    copy = f"{path}.before-{revision}"
    Path(copy).unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("VACUUM INTO ?", (copy,))
    log.info("database copied before its migration", copy=copy)
