"""Backups while everything runs: made, restored elsewhere, copied to a second place, deleted after their time."""

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from zstandard import ZstdDecompressor

from bot.access.model import TENANT
from bot.backups.model import FOLDER, Step, Trying
from bot.backups.ports import BackupRefused
from storage.backups import backups as rows
from storage.migrations.migrate import newest
from storage.tables.core import events
from tests.alerting import open_alerts
from tests.bot.backups.making import KEY, made, newest_backup, runs, told
from tests.clock import Hands
from tests.desk import Desk, desk
from tests.house import QUICK, Providers

CANARY = "canary-of-a-brief-that-nobody-else-may-read"


@contextmanager
def no_folder(path: Path) -> Iterator[None]:
    """A file lies where the folder is to be."""
    path.rmdir()
    path.write_text("no folder")
    try:
        yield
    finally:
        path.unlink()
        path.mkdir()


def files_in(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file()]


@pytest.mark.both_databases
async def test_a_night(here: Desk, stand_ins: Providers, tmp_path: Path) -> None:
    """One after the other the four jobs make a backup, prove it, copy it, and recover from the copy; all of it is
    encrypted, and what a brief says is in no file of it.
    """
    await here.delivered(here.alice, text=f"Write a letter. {CANARY}")
    assert "no backup was found sound yet" in await runs(here, "replica_sync")
    assert "encrypted; 0 old ones deleted" in await runs(here, "backup")
    made = await newest_backup(here)
    assert made.schema == newest()
    assert made.rows["briefs"] == 1
    assert made.bot == here.app.services.settings.bot_number
    assert "is sound: 8 checks" in await runs(here, "backup_verify")
    assert "copied to" in await runs(here, "replica_sync")
    assert "is there already" in await runs(here, "replica_sync")
    assert f"{made.name} from the second place is sound" in await runs(here, "dr_drill")
    (card,) = await told(here, "Drill · Recovered in")
    assert "ledger adds up to zero" in card.text
    files = [*files_in(Path(stand_ins.backups)), *files_in(tmp_path / "second")]
    content = [file.read_bytes() for file in files]
    assert sum(made.file == file.name for file in files) == 2
    assert not any(CANARY.encode() in each for each in content)
    assert not any(KEY.secret.encode() in each for each in content)


async def test_without_a_key(stand_ins: Providers, new_sqlite_url: str, tmp_path: Path) -> None:
    """Without a key backups are made, and everybody who looks reads that they are open: in the job's line, by an alert
    that ends with the first one that is encrypted, in /backups and in /status.
    """
    async with desk(stand_ins, new_sqlite_url) as here:
        await here.delivered(here.alice, text=f"Write a letter. {CANARY}")
        for _ in range(2):
            assert "not encrypted, as BACKUP_PUBLIC_KEY is not set" in await runs(here, "backup")
        assert [alert.rule for alert in await open_alerts(here.app)] == ["backup_not_encrypted"]
        assert len(await told(here, "Backups are not encrypted")) == 1
        for command in ("/backups", "/status"):
            card = await here.says(here.carol, command)
            assert "Not encrypted: set BACKUP_PUBLIC_KEY" in card.text
            assert "No second place" in card.text
        made = await newest_backup(here)
        pressed = (Path(stand_ins.backups) / made.file).read_bytes()
        assert CANARY.encode() in ZstdDecompressor().decompressobj().decompress(pressed)
    async with desk(stand_ins, new_sqlite_url, backup_public_key=KEY.public) as here:
        await runs(here, "backup")
        assert await open_alerts(here.app) == []


async def test_damage_is_found(here: Desk, stand_ins: Providers) -> None:
    """A backup that changed on the disk fails its nightly check and the drill, and is not copied; another one heals."""
    await runs(here, "backup")
    file = Path(stand_ins.backups) / (await newest_backup(here)).file
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    with pytest.raises(BackupRefused, match=r"is not sound: whole: .*is damaged"):
        await runs(here, "backup_verify")
    assert await runs(here, "replica_sync") == "no backup was found sound yet"
    standing, _ = await here.app.services.backups.backups.listed(await here.person(here.carol))
    assert standing.verified is None
    await runs(here, "backup")
    await runs(here, "backup_verify")


async def test_due_at_the_same_time(here: Desk) -> None:
    """After a long stop all are due at once: they take turns, and none fails because another one is under way."""
    here.app.services.database.timing = QUICK
    await runs(here, "backup")
    made, *tried = await asyncio.gather(*(runs(here, job) for job in ("backup", "backup_verify", "dr_drill")))
    assert "0 old ones deleted" in made
    assert all("is sound" in said or "no backup to try yet" in said for said in tried)


async def test_nothing_to_check(here: Desk) -> None:
    """Where no backup was ever made, the jobs say so and what makes one."""
    for job in ("backup_verify", "dr_drill"):
        assert await runs(here, job) == "there is no backup to try yet; the job backup makes one"
    assert await runs(here, "replica_sync") == "no backup was found sound yet"
    assert "None yet" in (await here.says(here.carol, "/drill")).text


async def test_lost(here: Desk, stand_ins: Providers) -> None:
    """Where backups were made and are not there any more, that is a failure."""
    await runs(here, "backup")
    shutil.rmtree(stand_ins.backups)
    with pytest.raises(BackupRefused, match="is not in the folder any more"):
        await runs(here, "backup_verify")


async def test_the_newest_is_lost(here: Desk, stand_ins: Providers) -> None:
    """Where the newest one's manifest cannot be read, the one before it is not taken for it; others are made."""
    await runs(here, "backup")
    await runs(here, "backup")
    lost = await newest_backup(here)
    (Path(stand_ins.backups) / f"{lost.name}.json").write_bytes(b"{")
    with pytest.raises(BackupRefused, match=f"{lost.name} is not in the folder any more, or its manifest"):
        await runs(here, "backup_verify")
    assert "0 old ones deleted" in await runs(here, "backup")
    assert "is sound" in await runs(here, "backup_verify")


async def test_what_changed_is_not_sound_any_more(here: Desk, stand_ins: Providers) -> None:
    """A backup that was found sound and then changed on the disk is not called proven any more, nor copied."""
    await runs(here, "backup")
    await runs(here, "backup_verify")
    file = Path(stand_ins.backups) / (await newest_backup(here)).file
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(BackupRefused, match="is not sound: whole"):
        await runs(here, "backup_verify")
    assert (await here.app.services.backups.backups.standing()).verified is None
    assert await runs(here, "replica_sync") == "no backup was found sound yet"


async def test_two_installations_in_one_place(
    here: Desk, stand_ins: Providers, sqlite_url: str, tmp_path: Path
) -> None:
    """What another installation keeps in the same folder and the same second place is neither tried nor deleted, and
    takes no day from ours.
    """
    folder = Path(stand_ins.backups)
    theirs = made(folder, sqlite_url, KEY.public)
    await runs(here, "backup")
    shutil.copytree(folder, tmp_path / "second", ignore=shutil.ignore_patterns("*.key", "*.lock"))
    for job in ("backup", "backup_verify", "replica_sync", "dr_drill"):
        await runs(here, job)
    assert (await newest_backup(here)).installation != theirs.installation
    for place in (folder, tmp_path / "second"):
        assert (place / theirs.file).exists()
    assert (folder / f"{theirs.name}.key").exists()


async def test_after_a_wrong_clock(stand_ins: Providers, new_sqlite_url: str) -> None:
    """A backup that was made while the clock was a year ahead does not pass for the newest for a year: what is made
    afterwards is tried, and that none is made any more is noticed.
    """
    hands = Hands()
    async with desk(stand_ins, new_sqlite_url, clock=hands, backup_public_key=KEY.public) as here:
        hands.ahead = timedelta(days=365)
        await runs(here, "backup")
        hands.ahead = timedelta()
        for _ in range(3):
            await runs(here, "backup")
        strange = await newest_backup(here)
        assert strange.name not in await runs(here, "backup_verify")
        hands.ahead = timedelta(days=2)
        assert "no backup for 48 h" in await runs(here, "alerts")


async def test_none_of_the_last_night(stand_ins: Providers, new_sqlite_url: str) -> None:
    """Where no backup was made for 26 hours, or none since the installation began, that is an alert until there is one;
    before its first night, and of other tenants, nothing is said.
    """
    hands = Hands()
    async with desk(stand_ins, new_sqlite_url, clock=hands, backup_public_key=KEY.public) as here:
        for rounds in range(2):
            assert "no backup" not in await runs(here, "alerts")
            hands.ahead += timedelta(hours=27)
            assert "no backup for 27 h" in await runs(here, "alerts"), rounds
            assert [one.facts for one in await open_alerts(here.app) if one.rule == "backup_late"] == [{"hours": 27}]
            await runs(here, "backup")
            await runs(here, "alerts")
            assert [one.rule for one in await open_alerts(here.app) if one.rule == "backup_late"] == []
        assert await here.app.services.backups.backups.look("canary") == ""


async def test_two_at_once(here: Desk) -> None:
    """Jobs that were missed are made up for at the same time; who comes second waits, and neither fails."""
    await runs(here, "backup")
    said = await asyncio.gather(runs(here, "backup"), runs(here, "backup_verify"))
    assert "encrypted" in said[0]
    assert "is sound" in said[1]


async def test_a_folder_that_is_none(here: Desk, stand_ins: Providers) -> None:
    """Where the folder cannot be used the job says which one, and the job that only looks into it says so too."""
    with no_folder(Path(stand_ins.backups)):
        for job in ("backup", "backup_verify"):
            with pytest.raises(BackupRefused, match=stand_ins.backups):
                await runs(here, job)


async def test_retention(stand_ins: Providers, new_sqlite_url: str, tmp_path: Path) -> None:
    """All but the newest of a day that is past is deleted in both places, and its row says when; the rest stays."""
    hands = Hands()
    changes: dict[str, Any] = {"backup_public_key": KEY.public, "backup_second_place": str(tmp_path / "second")}
    async with desk(stand_ins, new_sqlite_url, clock=hands, **changes) as here:
        for job in ("backup", "backup_verify", "replica_sync"):
            await runs(here, job)
        old = await newest_backup(here)
        for job in ("backup", "backup_verify", "replica_sync"):
            await runs(here, job)
        hands.ahead = timedelta(days=400)
        assert "1 old ones deleted" in await runs(here, "backup")
        await runs(here, "backup_verify")
        assert "1 deleted there" in await runs(here, "replica_sync")
        there = [*files_in(Path(stand_ins.backups)), *files_in(tmp_path / "second")]
        assert [file.name for file in there if file.name.startswith(old.name)] == []
        async with here.app.services.database.reading() as connection:
            row = await rows.named(connection, TENANT, old.name)
        assert row is not None
        assert row.gone_at is not None


async def test_the_key_that_is_used_once(here: Desk, stand_ins: Providers) -> None:
    """What lets this machine try a backup opens it, and is gone with the second one after it."""
    folder, vault = Path(stand_ins.backups), here.app.services.backups.backups
    names = [(await vault.make()).name for _ in range(3)]
    files = files_in(folder)
    assert {file.stem for file in files if file.suffix == ".key"} == set(sorted(names)[-2:])
    assert all(file.stat().st_mode & 0o077 == 0 for file in files)
    gone = min(names)
    trial = await vault.trial(gone, Trying.VERIFY, FOLDER)
    assert trial.failed is not None
    assert trial.failed.step is Step.OPENED
    assert "its one-off key is gone" in trial.failed.words
    assert (await vault.trial(gone, Trying.VERIFY, FOLDER, KEY.secret)).passed


async def test_known_again(here: Desk) -> None:
    """A backup that the database does not know, since an older one was put back, is known once the folder is seen."""
    services = here.app.services
    made = await services.backups.backups._vault.make(await services.backups.backups._blank())
    await services.backups.backups.tidy()
    async with services.database.reading() as connection:
        assert await rows.named(connection, TENANT, made.name) is not None
        seen = await connection.execute(select(events.c.name).where(events.c.subject.startswith("backup:")))
    assert list(seen.scalars()) == ["made"]


async def test_who_may_look(here: Desk) -> None:
    """An operator may neither look at backups nor make one."""
    for command in ("/backups", "/drill"):
        assert "Only admins may look after backups" in (await here.says(here.bob, command)).text
    card = await here.says(here.carol, "/backups")
    answer = await here.taps(here.bob, "Back up now", card)
    assert answer.card is not None
    assert "Only admins may look after backups" in (answer.card.toast or answer.card.text)
