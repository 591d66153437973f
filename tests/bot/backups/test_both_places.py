"""Restoring where one of the two places is away, holds what is damaged, or is shared with others."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.adapters.backups.vault import ChildVault, second_of
from bot.backups.model import SECOND_PLACE, Manifest, new_name
from bot.backups.ports import BackupRefused
from bot.backups.restoring import Restored, Restoring, Wish
from bot.databases import queue_of
from bot.kernel.clock import SystemClock
from storage.engine.database import Database
from tests.bot.backups.making import BOT, KEY, blank, made, ordered
from tests.postgres import Cluster

AWAY = {"url": "http://127.0.0.1:9", "region": "x", "key_id": "k", "secret": "s"}


def sent(tmp_path: Path, url: str, folder: str = "here", **changes: str) -> Manifest:
    """A backup that is in a folder, and whole in the second place."""
    backup = made(tmp_path / folder, url, KEY.public, **changes)
    ordered("send", tmp_path / folder, url, second=second_of(str(tmp_path / "second")), name=backup.name)
    return backup


def newest_of(tmp_path: Path, url: str) -> Manifest:
    """What `restore newest` puts back."""
    given = {"source": "newest", "into": str(tmp_path / "open"), "secret": KEY.secret, "bot": BOT}
    found = ordered("unpack", tmp_path / "here", url, second=second_of(str(tmp_path / "second")), **given)
    return Manifest.from_json(found["manifest"])


def damage(how: str, file: Path, beside: Path) -> None:
    if how == "cut":
        file.write_bytes(file.read_bytes()[:-100])
    elif how == "changed":
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 1
        file.write_bytes(content)
    elif how == "unreadable":
        beside.write_bytes(b"{")
    else:
        beside.unlink()
        file.write_bytes(file.read_bytes()[:-100])


@pytest.mark.parametrize("how", ["cut", "changed", "unreadable", "bare"])
def test_the_whole_one_of_two(tmp_path: Path, sqlite_url: str, how: str) -> None:
    """The newest is damaged in the folder and whole in the second place: that copy is put back."""
    backup = sent(tmp_path, sqlite_url)
    damage(how, tmp_path / "here" / backup.file, tmp_path / "here" / f"{backup.name}.json")
    assert newest_of(tmp_path, sqlite_url).name == backup.name


def test_damaged_in_both(tmp_path: Path, sqlite_url: str) -> None:
    """What is damaged in both places is refused, with what is wrong with each."""
    backup = sent(tmp_path, sqlite_url)
    damage("changed", tmp_path / "here" / backup.file, tmp_path)
    damage("changed", tmp_path / "second" / backup.file, tmp_path)
    with pytest.raises(BackupRefused, match=r"its checksum.*The second place is of no help: .*its checksum"):
        newest_of(tmp_path, sqlite_url)


async def in_hand(url: str, folder: Path, file: Path, address: str) -> Restored:
    """What comes of a restore of a file while the second place does not answer."""
    vault = ChildVault(folder, url, KEY.public, second_of(address, **(AWAY if address.startswith("s3:") else {})))
    restoring = Restoring(url, vault, SystemClock(), BOT, lambda at: Database(at, SystemClock()), queue_of, folder)
    return await restoring.restore(Wish(str(file), KEY.secret))


def in_the_way(tmp_path: Path) -> str:
    """A folder that cannot be made, as a file lies where the one above it should be."""
    (tmp_path / "disk").write_bytes(b"not mounted")
    return str(tmp_path / "disk" / "second")


@pytest.mark.parametrize("kind", ["bucket", "folder"])
async def test_a_file_while_the_second_place_is_away(sqlite_url: str, tmp_path: Path, kind: str) -> None:
    """Whoever has the file and the key restores without the second place, and reads which place was not read, and
    why.
    """
    manifest = made(tmp_path / "elsewhere", sqlite_url, KEY.public)
    address = in_the_way(tmp_path) if kind == "folder" else "s3://bucket/folder"
    url = f"sqlite:///{tmp_path}/new/echopilot.db"
    done = await in_hand(url, tmp_path / "new" / "backups", tmp_path / "elsewhere" / manifest.file, address)
    ((place, why),) = [(one.place, one.why) for one in done.unread]
    assert place == SECOND_PLACE
    assert why.startswith(f"{address} ")


async def test_the_same_on_a_server(postgres: Cluster, postgres_url: str, tmp_path: Path) -> None:
    """Nor does a second place that is away leave a server's database half filled."""
    elsewhere = tmp_path / "elsewhere"
    manifest = await ChildVault(elsewhere, postgres_url, KEY.public, None).make(blank(engine="postgresql"))
    with postgres.empty_database() as empty:
        done = await in_hand(empty, tmp_path / "here", elsewhere / manifest.file, in_the_way(tmp_path))
    assert [one.place for one in done.unread] == [SECOND_PLACE]


def test_the_newest_while_the_second_place_is_away(sqlite_url: str, tmp_path: Path) -> None:
    """Which one is the newest nobody knows then, so none is taken; by its name one of the folder is put back."""
    backup = made(tmp_path / "here", sqlite_url, KEY.public)
    given = {"into": str(tmp_path / "open"), "secret": KEY.secret, "bot": BOT}
    away = second_of(in_the_way(tmp_path))
    with pytest.raises(BackupRefused, match=r"second cannot be reached: .* Name the one that you want"):
        ordered("unpack", tmp_path / "here", sqlite_url, second=away, source="newest", **given)
    assert ordered("unpack", tmp_path / "here", sqlite_url, second=away, source=backup.name, **given)


def test_another_bots_copy_is_cut(tmp_path: Path, sqlite_url: str) -> None:
    """Several installations may share one place: what another one lost there keeps nobody from their own newest."""
    backup = sent(tmp_path, sqlite_url)
    later = new_name(datetime.now(UTC) + timedelta(seconds=30))
    theirs = sent(tmp_path, sqlite_url, "other", name=later, installation="ffffffffffff", bot="99")
    damage("cut", tmp_path / "second" / theirs.file, tmp_path)
    assert newest_of(tmp_path, sqlite_url).name == backup.name
