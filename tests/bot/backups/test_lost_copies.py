"""Copies that are lost in the second place: kept in mind until they are there again, or their time is over."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.access.model import TENANT
from bot.adapters.backups.folder import write_beside
from bot.backups.model import Manifest, Part, new_name
from storage.backups import backups as rows
from storage.core.installation import installation_code
from tests.alerting import alert_of, open_alerts
from tests.bot.backups.making import KEY, blank, newest_backup, runs
from tests.clock import SimulatedClock
from tests.desk import Desk, desk
from tests.house import Providers


async def copied(here: Desk, count: int) -> list[str]:
    """The names of so many backups that are made, proven and copied."""
    names = []
    for _ in range(count):
        for job in ("backup", "backup_verify", "replica_sync"):
            await runs(here, job)
        names.append((await newest_backup(here)).name)
    return names


async def known_copies(here: Desk) -> set[str]:
    """Which copies the installation counts on."""
    services = here.app.services
    async with services.database.reading() as connection:
        found = await rows.copies(connection, TENANT, services.database.clock.now() + timedelta(hours=1))
    return {one.name for one in found}


def taken_away(folder: Path, name: str, to: Path) -> dict[Path, Path]:
    """Have it not in the folder for a while, so that it cannot be copied; returns where its files lay and lie."""
    files = {file: to / file.name for file in folder.glob(f"{name}*")}
    for file, elsewhere in files.items():
        file.rename(elsewhere)
    return files


def brought_back(files: dict[Path, Path]) -> None:
    for file, elsewhere in files.items():
        elsewhere.rename(file)


def there(tmp_path: Path) -> set[str]:
    return {file.stem for file in (tmp_path / "second").glob("*.json")}


async def test_resolved_while_copies_are_lost(here: Desk, stand_ins: Providers, tmp_path: Path) -> None:
    """Whoever resolves the alert while copies are still lost ends nothing: all of them are made anew."""
    names = await copied(here, 2)
    shutil.rmtree(tmp_path / "second")
    not_here = taken_away(Path(stand_ins.backups), names[0], tmp_path)
    await runs(here, "replica_sync")
    alert = await alert_of(here.app, "backup_copies_lost")
    assert alert is not None
    assert alert.open
    carol = await here.person(here.carol)
    await here.app.services.alerts.alerts.resolve(carol, alert.id, alert.version)
    brought_back(not_here)
    await runs(here, "replica_sync")
    assert there(tmp_path) == {*names}


async def test_the_second_place_comes_back(here: Desk, stand_ins: Providers, tmp_path: Path) -> None:
    """A disk that was away for one run has all its copies again, also in our books; one that is lost after that is
    made anew.
    """
    names = await copied(here, 2)
    second, away = tmp_path / "second", tmp_path / "away"
    second.rename(away)
    not_here = taken_away(Path(stand_ins.backups), names[0], tmp_path)
    await runs(here, "replica_sync")
    assert await known_copies(here) == {names[1]}
    shutil.rmtree(second)
    away.rename(second)
    await runs(here, "replica_sync")
    assert await open_alerts(here.app) == []
    assert await known_copies(here) == {*names}
    brought_back(not_here)
    for file in second.glob(f"{names[0]}*"):
        file.unlink()
    await runs(here, "replica_sync")
    assert there(tmp_path) == {*names}


async def night(here: Desk, folder: Path, at: datetime) -> None:
    """A backup of that time lies in the folder."""
    code = await installation_code(here.app.services.database, TENANT)
    made = blank(made_at=at, name=new_name(at), installation=code, packed=Part(4, "0" * 64))
    (folder / made.file).write_bytes(b"left")
    write_beside(made, folder)


async def test_gone_in_both_places(stand_ins: Providers, new_sqlite_url: str, tmp_path: Path) -> None:
    """A backup that somebody deleted in both places is told of until its time is over, and no longer."""
    began = datetime(2026, 1, 20, 3, tzinfo=UTC)
    folder, second, clock = tmp_path / "folder", tmp_path / "second", SimulatedClock(began)
    settings = {"backup_public_key": KEY.public, "backup_folder": str(folder), "backup_second_place": str(second)}
    async with desk(stand_ins, new_sqlite_url, clock, **settings) as here:
        (name,) = await copied(here, 1)
        for place in (folder, second):
            for file in place.glob(f"{name}*"):
                file.unlink()
        clock.passes(hours=1)
        await copied(here, 1)
        assert [one.rule for one in await open_alerts(here.app)] == ["backup_copies_lost"]
        for days in range(1, 460):
            if days < 30 or days % 30 == 0:
                await night(here, folder, began + timedelta(days=days))
        clock.passes(days=461)
        await runs(here, "backup")
        await runs(here, "replica_sync")
        alert = await alert_of(here.app, "backup_copies_lost")
        assert alert is not None
        assert not alert.open


@pytest.mark.parametrize("place", ["folder", "second"])
async def test_a_cut_one_takes_no_day(stand_ins: Providers, new_sqlite_url: str, tmp_path: Path, place: str) -> None:
    """Of a day whose newer backup was cut, the whole one stays, in either place; of a copy that is cut the alert alone
    tells, and the job does its work.
    """
    clock = SimulatedClock(datetime(2026, 11, 20, 3, tzinfo=UTC))
    settings = {"backup_public_key": KEY.public, "backup_folder": str(tmp_path / "folder")}
    settings["backup_second_place"] = str(tmp_path / "second")
    async with desk(stand_ins, new_sqlite_url, clock, **settings) as here:
        made: list[Manifest] = []
        for _ in range(2):
            await copied(here, 1)
            made.append(await newest_backup(here))
            clock.passes(hours=2)
        whole, cut = made
        file = tmp_path / place / cut.file
        file.write_bytes(file.read_bytes()[:-100])
        if place == "second":
            assert "could not be copied anew" in await runs(here, "replica_sync")
            assert [one.rule for one in await open_alerts(here.app)] == ["backup_copies_lost"]
        clock.passes(days=2)
        await copied(here, 1)
        assert (tmp_path / place / whole.file).exists()
