"""Copies in the second place: cut, gone, unreadable or somebody else's, and what a drill is of without them."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from bot.access.model import TENANT
from bot.backups.model import Manifest, Part
from bot.backups.ports import BackupRefused
from bot.kernel.errors import Refusal
from storage.backups import backups as rows
from tests.alerting import open_alerts
from tests.bot.backups.making import KEY, newest_backup, runs, told
from tests.desk import Desk, desk
from tests.house import Providers


def unreadable(second: Path, made: Manifest) -> None:
    (second / f"{made.name}.json").write_bytes(b"{")


def cut(second: Path, made: Manifest) -> None:
    file = second / made.file
    file.write_bytes(file.read_bytes()[:3])


def taken_away(second: Path, made: Manifest) -> None:
    for file in second.glob(f"{made.name}*"):
        file.unlink()


@pytest.mark.parametrize("damage", [unreadable, cut])
async def test_a_copy_that_is_not_whole(here: Desk, tmp_path: Path, damage: Callable[[Path, Manifest], None]) -> None:
    """It is an alert, and no copy any more; once what lies there is taken away it is copied anew."""
    for job in ("backup", "backup_verify", "replica_sync", "backup", "backup_verify"):
        await runs(here, job)
    async with here.app.services.database.reading() as connection:
        copied = (await rows.copies(connection, TENANT, here.app.services.database.clock.now()))[0].manifest
    damage(tmp_path / "second", copied)
    assert "copied to" in await runs(here, "replica_sync")
    assert [alert.rule for alert in await open_alerts(here.app)] == ["backup_copies_lost"]
    (card,) = await told(here, "Copies of backups are lost")
    assert copied.name in card.text
    assert "only here" in (await here.says(here.carol, "/backups")).text
    taken_away(tmp_path / "second", copied)
    await runs(here, "replica_sync")
    assert await open_alerts(here.app) == []
    assert "only here" not in (await here.says(here.carol, "/backups")).text


async def test_another_second_place(stand_ins: Providers, new_sqlite_url: str, tmp_path: Path) -> None:
    """Where it is another one than before nothing is missed there, and the newest is copied."""
    key: dict[str, Any] = {"backup_public_key": KEY.public}
    async with desk(stand_ins, new_sqlite_url, backup_second_place=str(tmp_path / "one"), **key) as here:
        for job in ("backup", "backup_verify", "replica_sync"):
            await runs(here, job)
    async with desk(stand_ins, new_sqlite_url, backup_second_place=str(tmp_path / "other"), **key) as here:
        assert "copied to" in await runs(here, "replica_sync")
        assert await open_alerts(here.app) == []
        assert "is there already" in await runs(here, "replica_sync")


async def test_a_drill_before_anything_is_copied(here: Desk) -> None:
    """It is of what there is; where there is nothing at all, whoever asks reads that."""
    with pytest.raises(Refusal, match="no backup yet"):
        await here.app.services.backups.backups.require_any(await here.person(here.carol))
    await runs(here, "backup")
    await here.app.services.backups.backups.require_any(await here.person(here.carol))
    assert "from the folder is sound" in await runs(here, "dr_drill")
    assert await told(here, "Drill · Recovered in")


async def test_a_drill_after_backups_by_hand(here: Desk, stand_ins: Providers) -> None:
    """A drill is of the copy in the second place, however many backups were made since by hand; where its one-off key
    is lost all the same, as after a restore, it is of what there is.
    """
    for job in ("backup", "backup_verify", "replica_sync", "backup", "backup"):
        await runs(here, job)
    assert "from the second place is sound" in await runs(here, "dr_drill")
    services = here.app.services
    async with services.database.reading() as connection:
        (copy,) = await rows.copies(connection, TENANT, services.database.clock.now() + timedelta(hours=1))
    (Path(stand_ins.backups) / f"{copy.name}.key").unlink()
    assert "from the folder is sound" in await runs(here, "dr_drill")


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


async def test_a_copy_is_gone(here: Desk, tmp_path: Path) -> None:
    """A copy that somebody deleted in the second place is noticed within hours, and copied anew."""
    for job in ("backup", "backup_verify", "replica_sync"):
        await runs(here, job)
    shutil.rmtree(tmp_path / "second")
    with pytest.raises(BackupRefused, match="is not in the second place any more"):
        await runs(here, "dr_drill")
    assert "1 backup lost there copied anew" in await runs(here, "replica_sync")
    assert "from the second place is sound" in await runs(here, "dr_drill")


async def test_another_copy_in_its_place(here: Desk, tmp_path: Path) -> None:
    """Whoever can write to the second place cannot have a drill open what they put there, but only what was sent."""
    for job in ("backup", "backup_verify", "replica_sync"):
        await runs(here, job)
    made = await newest_backup(here)
    path = tmp_path / "second" / f"{made.name}.json"
    path.write_bytes(orjson.dumps(replace(made, packed=Part(5, "0" * 64)).to_json()))
    with pytest.raises(BackupRefused, match="is not the one that was sent there"):
        await runs(here, "dr_drill")
