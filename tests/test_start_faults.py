"""What keeps EchoPilot from starting is one sentence that says what to do, at the start and by the doctor alike."""

import asyncio
import errno
import json
import resource
import socket
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg
import pysqlite3.dbapi2 as sqlite3
import pytest
from aiohttp import web

from bot.kernel.clock import SystemClock
from bot.kernel.errors import EchoPilotError
from bot.ops.version import ROOT
from storage.engine.database import Database
from storage.engine.locks import only_process
from storage.engine.unusable import Unusable, sentence
from storage.migrations import structure
from storage.migrations.migrate import migrate, newest
from tests.house import Providers
from tests.platform.program import environment, run
from tests.postgres import Cluster
from tests.test_doctor import findings
from web.server import CannotListen, WebServer, why_not


async def refusal(url: str) -> str:
    """The sentence with which a start ends that uses this database."""
    with pytest.raises(EchoPilotError) as caught:
        await prepared(url)
    return str(caught.value)


async def prepared(url: str) -> None:
    """What a start does with its database before anything else."""
    database = Database(url, SystemClock())
    try:
        with only_process(database):
            await migrate(database)
    finally:
        await database.close()


def damaged(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    path.write_bytes(content)


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-8192])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def a_letter(path: Path) -> None:
    path.write_text("Dear reader, this is no database. " * 100)


def of_another_program(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE songs (title TEXT)")
        connection.commit()


def of_another_alembic(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'ae1027a6acf'")
        connection.commit()


def of_a_newer_version(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def content(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


SPOILED: dict[Callable[[Path], None], str] = {
    damaged: "is damaged; put the newest backup back",
    cut_off: "is damaged; put the newest backup back",
    emptied: "is an empty file; delete it to begin anew, or put your copy back",
    a_letter: "is not a database; name another file in DATABASE_URL",
    of_another_program: "belongs to another program; give EchoPilot one of its own",
    of_another_alembic: "belongs to another program; give EchoPilot one of its own",
    of_a_newer_version: "was made by a newer EchoPilot (schema 9999",
    a_folder: "is a folder; add the name of a file",
}


@pytest.mark.parametrize(("spoil", "words"), SPOILED.items(), ids=[spoil.__name__ for spoil in SPOILED])
async def test_spoiled_file(sqlite_url: str, stand_ins: Providers, spoil: Callable[[Path], None], words: str) -> None:
    """A file that cannot be used ends the start with a sentence, and the doctor says the same; it stays as it is."""
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    spoil(path)
    before = content(path)
    told = await refusal(sqlite_url)
    assert told.startswith(f"The database {path} ")
    assert words in told
    assert "\n" not in told
    _, lines = await findings(stand_ins.settings(sqlite_url, allow_dirty=True))
    assert lines["database"] == f"problem  {told}"
    assert content(path) == before


async def test_locked_file(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that another program holds is told as locked, once the usual wait is over."""
    monkeypatch.setattr("storage.migrations.migrate.WRITER_PRAGMAS", ("journal_mode=DELETE", "busy_timeout=10"))
    path = sqlite_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        assert "is locked by another program; end that one" in await refusal(sqlite_url)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("sqlite:////dev/null/echopilot.db", "cannot be made, since a part of its path is a file"),
        ("sqlite:////proc/echopilot/echopilot.db", "cannot be made there; name another place"),
        (f"sqlite:///{'a' * 300}.db", "has too long a name; name another place"),
    ],
)
async def test_path_that_cannot_be_made(
    url: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stand_ins: Providers
) -> None:
    """A place where no file can be made is told by its path."""
    monkeypatch.chdir(tmp_path)
    assert words in await refusal(url)


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.EIO])
def test_faults_of_the_disk(number: int) -> None:
    """Whatever the system says of a file is one sentence of ours; for what is not foreseen its words stand in it."""
    url = Database("sqlite:///data.db", SystemClock()).url
    told = sentence(url, OSError(number, "Input/output error"))
    assert told.startswith("The database data.db ")
    assert ";" in told


MIGRATE = """
import asyncio, sys
from bot.kernel.clock import SystemClock
from storage.engine.database import Database
from storage.migrations.migrate import migrate
from storage.engine.unusable import Unusable

try:
    asyncio.run(migrate(Database(sys.argv[1], SystemClock())))
except Unusable as error:
    print(error)
"""


async def test_full_disk_at_the_start(new_sqlite_url: str) -> None:
    """A disk without room ends the start with a sentence, leaves nothing half-made, and the next start goes well."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", MIGRATE, new_sqlite_url),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000)),
    )
    printed, _ = await process.communicate()
    assert process.returncode == 0
    told = printed.decode().strip().splitlines()[-1]
    assert told.startswith("The database ")
    assert "disk" in told
    await prepared(new_sqlite_url)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"port": 9}, "nobody listens there; is PostgreSQL up"),
        ({"host": "postgres.invalid"}, "its host has no address; check the host in DATABASE_URL"),
        ({"database": "nobody"}, "there is no database nobody; make it"),
        ({"username": "nobody", "password": "canary-word"}, "it does not take the user or the password"),
    ],
)
async def test_server_that_cannot_be_used(
    postgres: Cluster, stand_ins: Providers, change: dict[str, str | int], words: str
) -> None:
    """A wrong address of a server is told by what is wrong with it, without its password; by the doctor too."""
    url = Database(postgres.url("postgres"), SystemClock()).url.set(**change)  # type: ignore[arg-type]
    written = url.set(drivername="postgresql").render_as_string(hide_password=False)
    told = await refusal(written)
    assert words in told
    assert "***" in told
    assert str(url.password) not in told
    _, lines = await findings(stand_ins.settings(written, allow_dirty=True))
    assert words in lines["database"]


async def test_server_of_an_old_version(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A PostgreSQL that is too old is told by its version."""
    monkeypatch.setattr("storage.migrations.migrate.OLDEST_POSTGRESQL", (99,))
    told = await refusal(postgres_url)
    assert told.startswith("PostgreSQL ")
    assert told.endswith(" is too old; 99 or newer is needed.")


async def test_database_of_another_program(postgres: Cluster) -> None:
    """A PostgreSQL database with another program's tables is left alone."""
    with postgres.empty_database() as url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE TABLE songs (title text)")
        assert "belongs to another program; give EchoPilot one of its own" in await refusal(url)


async def test_port_in_use(stand_ins: Providers, sqlite_url: str) -> None:
    """A port that is taken, a host that is none of ours, or none at all, is told; the doctor says the same."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        for host, number, words in (
            ("127.0.0.1", port, "Another program listens on"),
            ("192.0.2.1", port, "is no address of this machine"),
            ("nowhere.test", port, "is no host that has an address here"),
        ):
            with pytest.raises(CannotListen) as caught:
                async with WebServer(web.Application(), host, number):
                    pass
            assert words in str(caught.value)
            _, lines = await findings(stand_ins.settings(sqlite_url, allow_dirty=True, web_host=host, web_port=number))
            assert lines["web"] == f"problem  {caught.value}"
    assert "from 1024 on" in why_not("127.0.0.1", 80, PermissionError(errno.EACCES, "Permission denied"))


async def test_the_program_says_it_and_ends(stand_ins: Providers, tmp_path: Path) -> None:
    """`run` ends with 1 and a line of the log that holds the sentence; nothing else is printed, and no traceback."""
    (tmp_path / "echopilot.db").mkdir()
    settings = stand_ins.environment(f"sqlite:///{tmp_path}/echopilot.db") | {"allow_dirty": True}
    code, printed = await run("run", env=environment(settings), cwd=tmp_path)
    assert code == 1
    (line,) = printed.splitlines()
    assert json.loads(line)["event"] == (
        f"The database {tmp_path}/echopilot.db is a folder; add the name of a file in DATABASE_URL."
    )
    assert json.loads(line)["level"] == "error"


async def test_killed_while_it_was_made(new_sqlite_url: str) -> None:
    """A file that a kill left with nothing in it but its header is no fault: the next start goes on."""
    path = Path(new_sqlite_url.removeprefix("sqlite:///"))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
    await prepared(new_sqlite_url)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(newest(),)]


async def test_migration_as_a_whole(new_sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A migration that breaks off in its middle leaves nothing of itself, so that the next start can do it."""

    def broken(*_: object) -> None:
        raise Unusable("broken off")

    database = Database(new_sqlite_url, SystemClock())
    try:
        with monkeypatch.context() as patch:
            patch.setattr("alembic.runtime.migration.HeadMaintainer.update_to_step", broken)
            with pytest.raises(Unusable, match="broken off"):
                await migrate(database, newest())
        assert objects(new_sqlite_url) == []
        assert await migrate(database, newest()) == newest()
    finally:
        await database.close()


async def test_new_file_as_a_whole(new_sqlite_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Of a new file that could not be made to its end nothing is there, and the next start makes it."""
    database, half = Database(new_sqlite_url, SystemClock()), tmp_path / "half.sql"
    half.write_text(structure.FILE.read_text().replace("COMMIT;", "CREATE TABLE people (id INTEGER);"))
    try:
        with monkeypatch.context() as patch:
            patch.setattr(structure, "FILE", half)
            with pytest.raises(Unusable):
                await migrate(database)
        assert objects(new_sqlite_url) == []
        assert await migrate(database) == newest()
    finally:
        await database.close()


def objects(url: str) -> list[str]:
    """The names of what a file has."""
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        return [name for (name,) in connection.execute("SELECT name FROM sqlite_master")]
