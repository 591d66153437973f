"""Bring a database to the newest schema. Migrations go forwards only, with a copy of a SQLite file taken before."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import closing
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pysqlite3.dbapi2 as sqlite3
import structlog
from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import OperationalError

from bot.access.model import TENANT
from storage.engine.database import Database
from storage.engine.sessions import by_transaction, direct
from storage.engine.sqlite import FORGET_SEARCH, WRITER_PRAGMAS
from storage.engine.unfinished import check_finished
from storage.engine.unusable import Unusable, look_at_file, look_through, named, told
from storage.migrations import structure

log = structlog.get_logger(__name__)
SCRIPTS = Path(__file__).parent
OLDEST_POSTGRESQL = (13,)  # what Procrastinate supports: https://procrastinate.readthedocs.io
NOBODYS = frozenset(["spatial_ref_sys"])  # tables that extensions make in every database
LOCK_SECONDS, LOCK_PAUSE_SECONDS, LOCK_TRIES = 2, 1.0, 60  # of waiting for a table that others use
REACH = text("SELECT oldest_code FROM installation WHERE tenant = :tenant")
SET_REACH = text("UPDATE installation SET oldest_code = :reach WHERE tenant = :tenant")
REACH_SINCE = "0047"  # the schema that knows which code goes on beside it
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
    """The same; raises Unusable where the database cannot be read, or is another program's or a newer version's."""
    with told(database.url):
        return await asyncio.to_thread(_ours, database.url.render_as_string(hide_password=False))


def _ours(url: str) -> str | None:
    engine = engine_of(url, ())
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "postgresql":
                _check_session(engine, connection, make_url(url))
            at = revision_of(connection)
            check_ours(connection, at, make_url(url))
            return at
    finally:
        engine.dispose()


async def migrate(database: Database, revision: str | None = None, *, restoring: bool = False) -> str:
    """Bring the database to the newest schema, or up to `revision`, making it where there is none; returns it.

    A new file gets the newest at once (`storage.migrations.structure`); with `revision` it goes through the migrations.
    restoring: it is this very process's doing that a backup is being put back into it. Raises Unusable, with a sentence
    for whoever starts EchoPilot. A migration is made as a whole or not at all.
    """
    with told(database.url):
        return await asyncio.to_thread(
            _migrate, database.url.render_as_string(hide_password=False), revision, restoring
        )


def _migrate(url: str, revision: str | None, restoring: bool) -> str:
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
                _check_session(engine, connection, make_url(url))
                if not restoring:
                    check_finished(connection, make_url(url))
                connection.execute(text("SELECT pg_advisory_lock(:n)"), {"n": LOCK})
                connection.commit()
            current = revision_of(connection)
            check_ours(connection, current, make_url(url))
            if is_newer(current):
                log.warning("the database is a version ahead, and made so that this code goes on", schema=current)
            elif current != target:
                if engine.dialect.name == "sqlite" and current is not None:
                    _copy(url, current)
                connection.commit()
                _upgrade(connection, current, target)
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


def _upgrade(connection: Connection, current: str | None, target: str) -> None:
    """Make the migrations in one transaction. It waits for no table for long that others use, since all who come later
    would queue up behind it: it lets go, and tries again.
    """
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["connection"] = connection
    passed = ScriptDirectory.from_config(config).iterate_revisions(target, current or "base")
    reaches = [str(getattr(script.module, "OLDEST_CODE", script.revision)) for script in passed]
    server = connection.dialect.name == "postgresql"
    for tries_left in reversed(range(LOCK_TRIES)):
        try:
            with connection.begin():
                if server:
                    connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'"))
                command.upgrade(config, target)
                if target >= REACH_SINCE:
                    _note_reach(connection, reaches)
        except OperationalError as error:
            if not tries_left or "lock timeout" not in str(error):
                raise
            time.sleep(LOCK_PAUSE_SECONDS)
        else:
            return


def _note_reach(connection: Connection, reaches: Sequence[str]) -> None:
    """Keep the oldest schema whose code goes on beside this one: each migration's OLDEST_CODE, else itself."""
    before = connection.execute(REACH, {"tenant": TENANT}).scalar()
    connection.execute(SET_REACH, {"tenant": TENANT, "reach": max([*reaches, before or ""])})


def newest_structure() -> str:
    """The newest schema of a SQLite file as SQL, as all migrations in turn make it."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "new.db")
        engine = engine_of(f"sqlite:///{path}")
        with engine.connect() as connection:
            _upgrade(connection, None, newest())
        engine.dispose()
        return structure.structure_of(path)


def is_newer(current: str | None) -> bool:
    """Whether the schema is of a migration that is not known here."""
    return current is not None and current.isdecimal() and current > newest()


def _check_session(engine: Engine, connection: Connection, url: URL) -> None:
    """Raise Unusable where the address is a pooler's that lends sessions out by the transaction."""
    if by_transaction(engine, connection):
        raise Unusable(
            f"At {named(url)} stands a pooler that lends sessions out by the transaction (PgBouncer's pool_mode), and "
            "what keeps a session, such as the locks of roles, breaks there without an error. Name PostgreSQL itself "
            "in DATABASE_URL, and the pooler in DATABASE_POOLER_URL."
        )


def learn_sizes(connection: Connection) -> None:
    """Let the database know how large its tables are, by which it chooses between indexes."""
    statements = ("PRAGMA optimize=0x10002", *FORGET_SEARCH) if connection.dialect.name == "sqlite" else ("ANALYZE",)
    for statement in statements:
        connection.execute(text(statement))
    connection.commit()


def check_ours(connection: Connection, current: str | None, url: URL) -> None:
    """Raise Unusable where the database is another program's, or was made by a newer version of this one."""
    if current in _revisions():
        return
    where = f"The database {named(url)}"
    if is_newer(current) and _goes_on(connection):
        return
    if is_newer(current):
        raise Unusable(
            f"{where} was made by a newer EchoPilot (schema {current}, this one knows {newest()}); run the newer code, "
            "or put the copy from before its migration back."
        )
    others = set(inspect(connection).get_table_names()) - NOBODYS
    if current is not None or others:
        raise Unusable(f"{where} belongs to another program; give EchoPilot one of its own in DATABASE_URL.")


def _goes_on(connection: Connection) -> bool:
    """Whether a schema that is newer was made so that this code goes on with it."""
    found = inspect(connection)
    if not found.has_table("installation"):
        return False
    if "oldest_code" not in {column["name"] for column in found.get_columns("installation")}:
        return False
    oldest = connection.execute(REACH, {"tenant": TENANT}).scalar()
    return oldest is not None and str(oldest) <= newest()


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
        return create_engine(direct(make_url(url)))
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
