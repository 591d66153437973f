"""Putting a backup back: onto nothing, in place of what is there, and where it must not be."""

import asyncio
import os
from contextlib import closing
from pathlib import Path

import psycopg
import pysqlite3.dbapi2 as sqlite3
import pytest
from psycopg import sql
from sqlalchemy import func, make_url, select

from bot.access.model import TENANT
from bot.adapters.backups import packing
from bot.adapters.backups.vault import ChildVault
from bot.backups.model import AFTER_RESTORE, FOLDER, Kind, Restore, Step
from bot.backups.ports import BackupRefused
from bot.backups.restoring import Restored, Restoring, Wish
from bot.databases import queue_of
from bot.kernel.clock import Clock, SystemClock
from bot.kernel.errors import EchoPilotError
from storage.backups import restores
from storage.backups.scratch import scratch
from storage.core.installation import installation_code
from storage.engine.database import Database
from storage.engine.locks import AlreadyRunning, only_process
from storage.engine.migrate import migrate
from storage.engine.unusable import Unusable
from storage.tables.core import bindings, tasks
from tests.bot.backups.making import BOT, blank, changed, made
from tests.clock import SimulatedClock
from tests.postgres import Cluster

KEY = packing.new_key()
NOTE = "INSERT INTO bindings (tenant, system, name, external_id, updated_at) VALUES ('main', 'x', '{name}', 'z', 1)"


def restoring(url: str, folder: Path, bot: str = BOT, clock: Clock | None = None) -> Restoring:
    vault = ChildVault(folder, url, KEY.public, None)
    return Restoring(
        url, vault, clock or SystemClock(), bot, lambda address: Database(address, SystemClock()), queue_of, folder
    )


async def put_back(
    url: str, folder: Path, source: str = "newest", *, another: bool = False, bot: str = BOT
) -> Restored:
    return await restoring(url, folder, bot).restore(Wish(source, KEY.secret, another))


async def refusal(url: str, folder: Path, source: str = "newest", *, bot: str = BOT) -> str:
    """The sentence with which it is refused; the database that lies there is as it was."""
    file = Path(url.removeprefix("sqlite:///"))
    before = content_of(file)
    with pytest.raises(EchoPilotError) as refused:
        await put_back(url, folder, source, bot=bot)
    assert content_of(file) == before
    assert list(file.parent.glob("*.restoring")) == []
    return str(refused.value)


def content_of(file: Path) -> bytes | None:
    return file.read_bytes() if file.exists() else None


def written(file: Path, content: bytes) -> None:
    file.write_bytes(content)


def names(file: Path) -> set[str]:
    with closing(sqlite3.connect(file)) as connection:
        return {name for (name,) in connection.execute("SELECT name FROM bindings")}


async def seen(url: str) -> tuple[Restore | None, int]:
    """The restore that the database knows of, and how many tasks ask Stripe."""
    database = Database(url, SystemClock())
    try:
        async with database.reading() as connection:
            query = select(func.count()).where(tasks.c.kind == AFTER_RESTORE.name)
            return await restores.newest(connection, TENANT), (await connection.execute(query)).scalar_one()
    finally:
        await database.close()


async def test_onto_an_empty_machine(sqlite_url: str, tmp_path: Path) -> None:
    """With nothing but the file and the key the database is there again, holds all kinds back, and Stripe is asked."""
    changed(Path(sqlite_url.removeprefix("sqlite:///")), NOTE.format(name="kept"))
    written(Path(f"{sqlite_url.removeprefix('sqlite:///')}.telegram.sent"), b'[1,"x",null]\n')
    manifest = made(tmp_path / "elsewhere", sqlite_url, KEY.public)
    carried = tmp_path / "carried"
    carried.mkdir()
    file = (tmp_path / "elsewhere" / manifest.file).rename(carried / manifest.file)
    url = f"sqlite:///{tmp_path}/new/data/echopilot.db"
    done = await put_back(url, tmp_path / "new" / "backups", str(file))
    assert [one.step for one in done.steps] == [Step.INTEGRITY, Step.ROWS, Step.LEDGER, Step.SCHEMA]
    assert done.copy is None
    new = Path(url.removeprefix("sqlite:///"))
    assert names(new) == {"kept"}
    assert new.with_name("echopilot.db.telegram.sent").read_bytes() == b'[1,"x",null]\n'
    restore, asking = await seen(url)
    assert restore is not None
    assert restore.held == set(Kind)
    assert asking == 1


async def test_a_copy_stays(sqlite_url: str, tmp_path: Path) -> None:
    """What is put back takes the place of what was there, of which a copy stays that can be opened."""
    file, folder = Path(sqlite_url.removeprefix("sqlite:///")), tmp_path / "backups"
    changed(file, NOTE.format(name="before"))
    made(folder, sqlite_url, KEY.public)
    changed(file, NOTE.format(name="after"))
    done = await put_back(sqlite_url, folder)
    assert names(file) == {"before"}
    assert done.copy is not None
    assert names(done.copy) == {"before", "after"}
    assert list(file.parent.glob("*.restoring")) == []


async def test_in_place_of_a_damaged_one(sqlite_url: str, tmp_path: Path) -> None:
    """A database that cannot be read any more is what restoring is for; it stays beside as it was."""
    file, folder = Path(sqlite_url.removeprefix("sqlite:///")), tmp_path / "backups"
    changed(file, NOTE.format(name="kept"))
    made(folder, sqlite_url, KEY.public)
    damaged = b"\xa5" * 50_000
    written(file, damaged)
    done = await put_back(sqlite_url, folder)
    assert names(file) == {"kept"}
    assert done.copy is not None
    assert done.copy.read_bytes() == damaged


async def test_not_while_it_runs(sqlite_url: str, tmp_path: Path) -> None:
    """While an EchoPilot has the database nothing is put back over it."""
    folder = tmp_path / "backups"
    made(folder, sqlite_url, KEY.public)
    database = Database(sqlite_url, SystemClock())
    try:
        with only_process(database), pytest.raises(AlreadyRunning, match="Stop it first"):
            await put_back(sqlite_url, folder)
    finally:
        await database.close()


async def test_of_another_installation(sqlite_url: str, tmp_path: Path) -> None:
    """Another installation's backup, or one of another bot's, is refused until somebody says that it is meant."""
    folder = tmp_path / "backups"
    database = Database(sqlite_url, SystemClock())
    ours = await installation_code(database, TENANT)
    await database.close()
    made(folder, sqlite_url, KEY.public, installation="ffffffffffff")
    assert "another installation (ffffffffffff)" in await refusal(sqlite_url, folder)
    mine = made(folder, sqlite_url, KEY.public, installation=ours, bot="77")
    assert "the bot of TELEGRAM_BOT_TOKEN" in await refusal(sqlite_url, folder, mine.name)
    assert (await put_back(sqlite_url, folder, mine.name, another=True)).manifest.bot == "77"


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("newest", "There is no backup in"),
        ("echopilot-20200101T000000Z-abcdef", "has no backup echopilot-20200101T000000Z-abcdef"),
        ("no/such/file.tar.zst.age", "There is no file no/such/file.tar.zst.age"),
    ],
)
async def test_no_such_backup(sqlite_url: str, tmp_path: Path, source: str, words: str) -> None:
    """What is not there is named, with what lists those that are."""
    assert words in await refusal(sqlite_url, tmp_path / "backups", source)


async def test_a_copy_without_links(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the disk knows no links the copy is nobody else's to read either, and none takes another's place."""

    def no_links(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", no_links)
    file, folder = Path(sqlite_url.removeprefix("sqlite:///")), tmp_path / "backups"
    made(folder, sqlite_url, KEY.public)
    changed(file, NOTE.format(name="after"))
    stopped = SimulatedClock()
    copies = [
        (await restoring(sqlite_url, folder, clock=stopped).restore(Wish("newest", KEY.secret))).copy for _ in "12"
    ]
    assert copies[0] is not None
    assert copies[1] is not None
    assert names(copies[0]) == {"after"}
    assert names(copies[1]) == set()
    assert [copy.stat().st_mode & 0o077 for copy in copies if copy is not None] == [0, 0]


async def test_only_what_was_sent_comes_along(sqlite_url: str, tmp_path: Path) -> None:
    """A part of a backup that is neither the database nor what was sent is put nowhere."""
    file, folder = Path(sqlite_url.removeprefix("sqlite:///")), tmp_path / "backups"
    manifest = made(folder, sqlite_url)
    odd = tmp_path / "odd"
    written(odd, b"odd")
    packing.pack(manifest, {"database": file, "odd": odd}, folder)
    await put_back(sqlite_url, folder)
    assert content_of(file.with_name(f"{file.name}.odd")) is None


async def refused_start(url: str) -> str:
    """Why EchoPilot does not start on this database."""
    database = Database(url, SystemClock())
    try:
        with pytest.raises(Unusable) as refused:
            await migrate(database)
    finally:
        await database.close()
    return str(refused.value)


async def test_broken_off(postgres: Cluster, postgres_url: str, tmp_path: Path) -> None:
    """A restore that ends between the rows and the hold leaves a server's database that nobody starts on, and nothing
    goes out of it; one that is refused before leaves it empty.
    """
    folder = tmp_path / "backups"
    manifest = await ChildVault(folder, postgres_url, KEY.public, None).make(blank(engine="postgresql"))

    def killed(_: str) -> Database:
        raise KeyboardInterrupt

    with postgres.empty_database() as empty:
        with pytest.raises(BackupRefused, match="no backup"):
            await put_back(empty, folder, "echopilot-20200101T000000Z-abcdef")
        vault = ChildVault(folder, empty, KEY.public, None)
        ends = Restoring(empty, vault, SystemClock(), BOT, killed, queue_of, folder)
        with pytest.raises(KeyboardInterrupt):
            await ends.restore(Wish(manifest.name, KEY.secret))
        assert "was broken off" in await refused_start(empty)
        with pytest.raises(BackupRefused, match="is not empty"):
            await put_back(empty, folder, manifest.name)


async def test_two_at_once(postgres: Cluster, postgres_url: str, tmp_path: Path) -> None:
    """Of two who put backups into one database at the same time one is refused."""
    folder = tmp_path / "backups"
    await ChildVault(folder, postgres_url, KEY.public, None).make(blank(engine="postgresql"))
    with postgres.empty_database() as empty:
        said = await asyncio.gather(put_back(empty, folder), put_back(empty, folder), return_exceptions=True)
    assert sorted(type(one).__name__ for one in said) == ["BackupRefused", "Restored"]


async def test_scratch_that_was_left(postgres: Cluster, postgres_url: str, tmp_path: Path) -> None:
    """A database that a killed trial left is gone with the next trial; one in use, and another's, stay."""
    folder = tmp_path / "backups"
    vault = ChildVault(folder, postgres_url, KEY.public, None)
    manifest = await vault.make(blank(engine="postgresql"))
    with scratch(vault._url, tmp_path) as in_use:
        prefix = str(make_url(in_use).database).rpartition("_")[0]
        others = "echopilot_scratch_00000000_1"
        for name in (f"{prefix}_left", others):
            postgres.run(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        assert all(one.passed for one in await vault.trial(manifest.name, FOLDER))
        with psycopg.connect(postgres_url.replace("+psycopg", "")) as connection:
            rows = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE 'echopilot_scratch_%'")
            left = {name for (name,) in rows}
    postgres.run(sql.SQL("DROP DATABASE {}").format(sql.Identifier(others)))
    assert left == {make_url(in_use).database, others}


async def test_into_a_server(postgres: Cluster, postgres_url: str, tmp_path: Path) -> None:
    """A PostgreSQL backup goes into an empty database, and into no other."""
    folder = tmp_path / "backups"
    with postgres.empty_database() as empty:
        vault = ChildVault(folder, postgres_url, KEY.public, None)
        manifest = await vault.make(blank(engine="postgresql"))
        assert manifest.rows["people"] == 0
        with pytest.raises(BackupRefused, match="is not empty, and is left as it is"):
            await put_back(postgres_url, folder, manifest.name)
        done = await put_back(empty, folder, manifest.name)
        assert all(one.passed for one in done.steps)
        database = Database(empty, SystemClock())
        try:
            async with database.reading() as connection:
                restore = await restores.newest(connection, TENANT)
                assert (await connection.execute(select(func.count()).select_from(bindings))).scalar_one() == 0
            assert restore is not None
            assert await queue_of(database).waiting() == 1
        finally:
            await database.close()
