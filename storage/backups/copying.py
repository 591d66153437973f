"""A database as it was at one moment: copied while others write to it, and put back. A short process does it, since it
takes long; nothing here goes through the door of the running program (`storage.engine.database`).
"""

import subprocess
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pysqlite3.dbapi2 as sqlite3
from sqlalchemy import URL, Connection, inspect, make_url, text

from bot.kernel.errors import EchoPilotError
from storage.backups.steady import Growing
from storage.migrations.migrate import engine_of, revision_of
from storage.migrations.schema import whole

BUSY_MS = 60_000
STEPS = 2_000  # of SQLite's machine, between two looks at how far the copy is: some hundred rows
LOOK_SECONDS = 0.05
LONGEST_REASON = 300


class NotCopied(EchoPilotError):
    """The database could not be copied or put back; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Tools:
    """Where PostgreSQL's programs are; "" where they are not on this machine."""

    pg_dump: str = ""
    pg_restore: str = ""


@dataclass(frozen=True, slots=True)
class Contents:
    """What is in a database: the revision of its schema, and how many rows each of our tables has."""

    schema: str
    rows: Mapping[str, int]


def copy(url: str, to: Path, tools: Tools) -> Contents:
    """Copy the database at this address into a file; says what is in the copy. Raises NotCopied."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        return _copy_file(Path(str(address.database)), to)
    return _dump(address, to, tools)


def put_back(file: Path, url: str, tools: Tools) -> None:
    """Fill the empty database at this address from a copy of the same kind. Raises NotCopied."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        file.replace(str(address.database))
        return
    if not tools.pg_restore:
        raise NotCopied(f"pg_restore is not on this machine. {_install('')}")
    options = ("--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction")
    _run(tools.pg_restore, address, *options, str(file))


def contents(connection: Connection) -> Contents:
    """What is in an open database."""
    there = set(inspect(connection).get_table_names())
    names = sorted(there & set(whole().tables))
    count = {name: connection.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one() for name in names}  # noqa: S608 - our own names
    return Contents(revision_of(connection) or "", count)


def _copy_file(source: Path, to: Path) -> Contents:
    """Another process reads the file beside the one that writes, in one transaction, and holds nobody up."""
    if not source.exists():
        raise NotCopied(f"There is no database at {source}; see DATABASE_URL.")
    try:
        with closing(sqlite3.connect(source, isolation_level=None)) as connection:
            connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")
            connection.set_progress_handler(Growing(to), STEPS)
            connection.execute("VACUUM INTO ?", (str(to),))
    except sqlite3.Error as error:
        raise NotCopied(f"The database {source} cannot be copied: {error}.") from None
    engine = engine_of(f"sqlite:///{to}", ())
    try:
        with engine.connect() as connection:
            return contents(connection)
    finally:
        engine.dispose()


def _dump(address: URL, to: Path, tools: Tools) -> Contents:
    """By pg_dump, on the very snapshot that the rows are counted in."""
    engine = engine_of(address.render_as_string(hide_password=False))
    try:
        with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
            server = str(connection.execute(text("SHOW server_version")).scalar_one()).partition(".")[0]
            if not tools.pg_dump:
                raise NotCopied(f"pg_dump is not on this machine, so PostgreSQL is not backed up. {_install(server)}")
            snapshot = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
            found = contents(connection)
            options = ("--format=custom", "--compress=0", "--no-owner", "--no-privileges", f"--snapshot={snapshot}")
            _run(tools.pg_dump, address, *options, f"--file={to}", growing=Growing(to))
            return found
    finally:
        engine.dispose()


def _install(server: str) -> str:
    return f"Install PostgreSQL's client programs, of the server's version{f' ({server})' if server else ''} or newer."


def _run(program: str, address: URL, *arguments: str, growing: Callable[[], object] | None = None) -> None:
    """Run a program of PostgreSQL's on the database. The password goes by the environment, which others cannot read.

    growing: called now and then while it runs.
    """
    where = address.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    environment = {"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin", "PGPASSWORD": str(address.password or "")}
    running = subprocess.Popen(  # noqa: S603 - a program that we looked up, and our own words
        [program, f"--dbname={where}", *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
    )
    with running:
        complaint = _complaint(running, growing)
    if running.returncode:
        reason = " ".join(complaint.split())[:LONGEST_REASON] or f"it ended with {running.returncode}"
        name = Path(program).name
        older = "server version mismatch" in reason
        raise NotCopied(f"{name} is older than the server. {_install('')}" if older else f"{name}: {reason}")


def _complaint(running: subprocess.Popen[str], growing: Callable[[], object] | None) -> str:
    """What it says on its error output, once it has ended."""
    while True:
        try:
            return running.communicate(timeout=LOOK_SECONDS if growing is not None else None)[1]
        except subprocess.TimeoutExpired:
            if growing is not None:
                growing()
