"""Faults that a fresh reader found in backups; each test says what should be and fails."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from bot.access.model import TENANT
from bot.adapters.backups.vault import ChildVault
from bot.backups.model import Manifest, new_name
from bot.backups.ports import BackupRefused
from bot.backups.restoring import Restoring, Wish
from bot.databases import queue_of
from bot.kernel.clock import SystemClock
from storage.backups import backups as rows
from storage.engine.database import Database
from tests.alerting import alert_of, open_alerts
from tests.bot.backups.making import BOT, KEY, blank, made, newest_backup, ordered, runs
from tests.clock import SimulatedClock
from tests.desk import Desk, desk
from tests.house import Providers


async def copied(here: Desk) -> list[str]:
    async with here.app.services.database.reading() as connection:
        until = here.app.services.database.clock.now() + timedelta(hours=1)
        return [one.name for one in await rows.copies(connection, TENANT, until)]


async def test_resolved_while_copies_are_lost(here: Desk, tmp_path: Path) -> None:
    """Resolve on an alert that still holds: it opens again, and the copies are made anew."""
    made_ = []
    for _ in range(4):
        for job in ("backup", "backup_verify", "replica_sync"):
            await runs(here, job)
        made_.append((await newest_backup(here)).name)
    assert len(await copied(here)) == 4
    shutil.rmtree(tmp_path / "second")
    await runs(here, "replica_sync")
    alert = await alert_of(here.app, "backup_copies_lost")
    assert alert is not None
    assert alert.open
    carol = await here.person(here.carol)
    await here.app.services.alerts.alerts.resolve(carol, alert.id, alert.version)
    for _ in range(3):
        await runs(here, "replica_sync")
    there = {file.stem for file in (tmp_path / "second").glob("*.json")}
    assert there == {*made_}


async def test_the_second_place_comes_back(here: Desk, tmp_path: Path) -> None:
    """A disk that was away for one run and is there again has all the copies it had."""
    for _ in range(4):
        for job in ("backup", "backup_verify", "replica_sync"):
            await runs(here, job)
    before = await copied(here)
    assert len(before) == 4
    (tmp_path / "second").rename(tmp_path / "away")
    await runs(here, "replica_sync")
    shutil.rmtree(tmp_path / "second")
    (tmp_path / "away").rename(tmp_path / "second")
    await runs(here, "replica_sync")
    await runs(here, "replica_sync")
    assert await open_alerts(here.app) == []
    assert sorted(await copied(here)) == sorted(before)


async def test_back_and_then_really_lost(here: Desk, tmp_path: Path) -> None:
    """The same, and then the copies are really lost: that is told."""
    for _ in range(4):
        for job in ("backup", "backup_verify", "replica_sync"):
            await runs(here, job)
    before = await copied(here)
    (tmp_path / "second").rename(tmp_path / "away")
    await runs(here, "replica_sync")
    shutil.rmtree(tmp_path / "second")
    (tmp_path / "away").rename(tmp_path / "second")
    await runs(here, "replica_sync")
    for name in before[3:]:
        for file in (tmp_path / "second").glob(f"{name}*"):
            file.unlink()
    for _ in range(3):
        await runs(here, "replica_sync")
    assert {file.stem for file in (tmp_path / "second").glob("*.json")} == {*before}


async def test_gone_in_both_places(stand_ins: Providers, database_url: str, tmp_path: Path) -> None:
    """A backup that somebody deleted in both places is told; not for ever, once its time would be over."""
    clock = SimulatedClock(datetime(2026, 1, 20, 3, tzinfo=UTC))
    settings = {"backup_public_key": KEY.public, "backup_second_place": str(tmp_path / "second")}
    settings["backup_folder"] = str(tmp_path / "folder")
    async with desk(stand_ins, database_url, clock, **settings) as here:
        for job in ("backup", "backup_verify", "replica_sync"):
            await runs(here, job)
        name = (await newest_backup(here)).name
        for place in (tmp_path / "folder", tmp_path / "second"):
            for file in place.glob(f"{name}*"):
                file.unlink()
        await runs(here, "backup")
        for job in ("backup_verify", "replica_sync"):
            await runs(here, job)
        assert [one.rule for one in await open_alerts(here.app)] == ["backup_copies_lost"]
        for _ in range(14):
            clock.passes(days=32)
            await runs(here, "backup")
        for job in ("backup_verify", "replica_sync"):
            await runs(here, job)
        alert = await alert_of(here.app, "backup_copies_lost")
        assert alert is not None
        assert not alert.open, f"open since {alert.opened_at}, now {clock.now()}: {alert.facts}"


async def test_a_cut_backup_takes_no_day_from_a_whole_one(
    stand_ins: Providers, database_url: str, tmp_path: Path
) -> None:
    """Of a day of which the newer backup was cut, the whole one is kept."""
    clock = SimulatedClock(datetime(2026, 11, 20, 3, tzinfo=UTC))
    settings = {"backup_public_key": KEY.public, "backup_folder": str(tmp_path / "folder")}
    async with desk(stand_ins, database_url, clock, **settings) as here:
        names: list[Manifest] = []
        for _ in range(2):
            for job in ("backup", "backup_verify"):
                await runs(here, job)
            names.append(await newest_backup(here))
            clock.passes(hours=2)
        whole, cut = names
        file = tmp_path / "folder" / cut.file
        file.write_bytes(file.read_bytes()[:-100])
        clock.passes(days=2)
        await runs(here, "backup")
        assert (tmp_path / "folder" / whole.file).exists()


async def test_a_cut_copy_takes_no_day_from_a_whole_one(
    stand_ins: Providers, database_url: str, tmp_path: Path
) -> None:
    """The same in the second place, where that the copy is cut is known and told."""
    clock = SimulatedClock(datetime(2026, 11, 20, 3, tzinfo=UTC))
    settings = {"backup_public_key": KEY.public, "backup_second_place": str(tmp_path / "second")}
    async with desk(stand_ins, database_url, clock, **settings) as here:
        names: list[Manifest] = []
        for _ in range(2):
            for job in ("backup", "backup_verify", "replica_sync"):
                await runs(here, job)
            names.append(await newest_backup(here))
            clock.passes(hours=2)
        whole, cut = names
        file = tmp_path / "second" / cut.file
        file.write_bytes(file.read_bytes()[:-100])
        with pytest.raises(BackupRefused, match="left as it is"):  # it is the newest, so the run fails as well
            await runs(here, "replica_sync")
        assert [one.rule for one in await open_alerts(here.app)] == ["backup_copies_lost"]
        clock.passes(days=2)
        for job in ("backup", "backup_verify", "replica_sync"):
            await runs(here, job)
        assert (tmp_path / "second" / whole.file).exists()


def second(path: Path) -> dict[str, str]:
    return {"address": str(path), "url": "", "region": "", "key_id": "", "secret": ""}


def newest_of(tmp_path: Path, url: str, bot: str = BOT, source: str = "newest") -> Manifest:
    found = ordered("unpack", tmp_path / "here", url, "", second(tmp_path / "second"), source=source,
                    into=str(tmp_path / "open"), secret=KEY.secret, bot=bot)  # fmt: skip
    return Manifest.from_json(found["manifest"])


@pytest.mark.parametrize("how", ["cut", "flipped", "manifest"])
def test_cut_here_and_whole_there(tmp_path: Path, sqlite_url: str, how: str) -> None:
    """The newest is cut in the folder and whole in the second place: that one is put back."""
    backup = made(tmp_path / "here", sqlite_url, KEY.public)
    ordered("send", tmp_path / "here", sqlite_url, "", second(tmp_path / "second"), name=backup.name)
    file = tmp_path / "here" / backup.file
    if how == "cut":
        file.write_bytes(file.read_bytes()[:-100])
    elif how == "flipped":
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 1
        file.write_bytes(content)
    else:
        (tmp_path / "here" / f"{backup.name}.json").write_bytes(b"{")
    assert newest_of(tmp_path, sqlite_url).name == backup.name


def test_another_bots_copy_is_cut(tmp_path: Path, sqlite_url: str) -> None:
    """Several installations may share one place: what another one lost there keeps nobody from their own newest."""
    backup = made(tmp_path / "here", sqlite_url, KEY.public)
    ordered("send", tmp_path / "here", sqlite_url, "", second(tmp_path / "second"), name=backup.name)
    later = datetime.now(UTC) + timedelta(seconds=30)
    theirs = made(tmp_path / "other", sqlite_url, KEY.public, name=new_name(later), installation="ffffffffffff", bot="99")
    ordered("send", tmp_path / "other", sqlite_url, "", second(tmp_path / "second"), name=theirs.name)
    file = tmp_path / "second" / theirs.file
    file.write_bytes(file.read_bytes()[:-100])
    assert newest_of(tmp_path, sqlite_url).name == backup.name


@pytest.mark.parametrize("kind", ["bucket", "folder"])
async def test_a_file_while_the_second_place_is_away(sqlite_url: str, tmp_path: Path, kind: str) -> None:
    """With the file and the key in hand, a second place that does not answer keeps nobody from a restore."""
    manifest = made(tmp_path / "elsewhere", sqlite_url, KEY.public)
    away = second(tmp_path / "in the way" / "second")
    if kind == "folder":
        (tmp_path / "in the way").write_bytes(b"a file")
    else:
        away |= {"address": "s3://bucket/folder", "url": "http://127.0.0.1:9", "region": "x", "key_id": "k", "secret": "s"}
    url = f"sqlite:///{tmp_path}/new/echopilot.db"
    await in_hand(url, tmp_path, tmp_path / "elsewhere" / manifest.file, away)


async def test_a_file_while_the_second_place_is_away_on_a_server(postgres_url: str, tmp_path: Path) -> None:
    """The same on PostgreSQL; where it is refused, the database is empty afterwards, so that it can be tried again."""
    elsewhere = tmp_path / "elsewhere"
    manifest = await ChildVault(elsewhere, postgres_url, KEY.public, None).make(blank(engine="postgresql"))
    (tmp_path / "in the way").write_bytes(b"a file")
    away = second(tmp_path / "in the way" / "second")
    plain = make_url(postgres_url).set(drivername="postgresql")
    url = make_url(postgres_url).set(database="fresh13_away")
    with psycopg.connect(plain.render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute("CREATE DATABASE fresh13_away TEMPLATE template0")
        try:
            await in_hand(url.render_as_string(hide_password=False), tmp_path, elsewhere / manifest.file, away)
        except BackupRefused as refusal:
            with psycopg.connect(plain.set(database="fresh13_away").render_as_string(hide_password=False)) as there:
                row = there.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
            pytest.fail(f"refused ({refusal}), and {row} tables are left in the database")
        finally:
            connection.execute("DROP DATABASE IF EXISTS fresh13_away WITH (FORCE)")


async def in_hand(url: str, tmp_path: Path, file: Path, away: dict[str, str]) -> None:
    folder = tmp_path / "new" / "backups"
    restoring = Restoring(
        url, ChildVault(folder, url, KEY.public, away), SystemClock(), BOT,
        lambda address: Database(address, SystemClock()), queue_of, folder,
    )  # fmt: skip
    await restoring.restore(Wish(str(file), KEY.secret))
