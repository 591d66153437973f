"""Backups while everything runs: made, restored elsewhere, copied to a second place, deleted after their time."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from zstandard import ZstdDecompressor

from bot.access.model import TENANT
from bot.adapters.backups import packing
from bot.backups.model import Manifest, Step, Trying
from bot.backups.ports import FOLDER, BackupRefused
from bot.kernel.card import Card
from jobs.catalog import BY_NAME
from storage.backups import backups as rows
from storage.engine.migrate import newest
from storage.tables.core import events
from tests.clock import Hands
from tests.desk import Desk, desk
from tests.house import QUICK, Providers

CANARY = "canary-of-a-brief-that-nobody-else-may-read"
KEY = packing.new_key()


@pytest.fixture
async def here(stand_ins: Providers, database_url: str, tmp_path: Path) -> AsyncIterator[Desk]:
    """Encrypted, with a folder as the second place."""
    second: dict[str, Any] = {"backup_public_key": KEY.public, "backup_second_place": str(tmp_path / "second")}
    async with desk(stand_ins, database_url, **second) as made:
        yield made


async def runs(here: Desk, job: str) -> str:
    """What a run of the job says that it did."""
    return await BY_NAME[job].carry_out(here.app.services, TENANT)


async def told(here: Desk, words: str) -> list[Card]:
    """What Carol was told with these words."""
    return [card for card in await here.told(here.carol.id) if words in card.text]


def files_in(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file()]


async def newest_backup(here: Desk) -> Manifest:
    async with here.app.services.database.reading() as connection:
        return (await rows.page(connection, TENANT, 1))[0].manifest


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
    """Without a key backups are made, and everybody who looks reads that they are open: in the job's line, by a message
    once a month, in /backups and in /status.
    """
    async with desk(stand_ins, new_sqlite_url) as here:
        await here.delivered(here.alice, text=f"Write a letter. {CANARY}")
        for _ in range(2):
            assert "not encrypted, as BACKUP_PUBLIC_KEY is not set" in await runs(here, "backup")
        assert len(await told(here, "Backups · Not encrypted")) == 1
        for command in ("/backups", "/status"):
            card = await here.says(here.carol, command)
            assert "Not encrypted: set BACKUP_PUBLIC_KEY" in card.text
            assert "No second place" in card.text
        made = await newest_backup(here)
        pressed = (Path(stand_ins.backups) / made.file).read_bytes()
        assert CANARY.encode() in ZstdDecompressor().decompressobj().decompress(pressed)


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
    assert "None yet" in (await here.says(here.carol, "/drill")).text


async def test_lost(here: Desk, stand_ins: Providers) -> None:
    """Where backups were made and are not there any more, that is a failure."""
    await runs(here, "backup")
    shutil.rmtree(stand_ins.backups)
    with pytest.raises(BackupRefused, match="were in the folder are gone"):
        await runs(here, "backup_verify")


async def test_a_copy_is_lost(here: Desk, tmp_path: Path) -> None:
    """A drill is of the copy in the second place: where that was cut, it fails although the folder's is sound."""
    for job in ("backup", "backup_verify", "replica_sync"):
        await runs(here, job)
    made = await newest_backup(here)
    file = tmp_path / "second" / made.file
    file.write_bytes(file.read_bytes()[:-100])
    with pytest.raises(BackupRefused, match="it was cut"):
        await runs(here, "dr_drill")
    (card,) = await told(here, "Drill · Failed")
    assert "Its checksum is wrong" in card.text
    assert "The last drill failed" in (await here.says(here.carol, "/backups")).text
    assert "is sound" in await runs(here, "backup_verify")


async def test_another_file_of_that_name(here: Desk, tmp_path: Path) -> None:
    """What lies in the second place under a backup's name is never written over."""
    await runs(here, "backup")
    await runs(here, "backup_verify")
    strange = tmp_path / "second" / (await newest_backup(here)).file
    strange.parent.mkdir(exist_ok=True)
    strange.write_bytes(b"somebody else's")
    with pytest.raises(BackupRefused, match="left as it is"):
        await runs(here, "replica_sync")
    assert strange.read_bytes() == b"somebody else's"


async def test_retention(stand_ins: Providers, new_sqlite_url: str, tmp_path: Path) -> None:
    """What is past 30 days and no month's last is deleted in both places, and its row says when; the rest stays."""
    hands = Hands()
    changes: dict[str, Any] = {"backup_public_key": KEY.public, "backup_second_place": str(tmp_path / "second")}
    async with desk(stand_ins, new_sqlite_url, clock=hands, **changes) as here:
        for job in ("backup", "backup_verify", "replica_sync"):
            await runs(here, job)
        old = await newest_backup(here)
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
