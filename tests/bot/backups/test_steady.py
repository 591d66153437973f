"""A backup is put on the disk piece by piece: whoever syncs a few bytes meanwhile does not wait for all of it."""

import errno
import os
from itertools import pairwise
from pathlib import Path

import pytest

from bot.adapters.backups.packing import new_key
from storage.backups import copying
from storage.backups.copying import Tools
from storage.backups.steady import PIECE
from tests.bot.backups.making import blank, changed, packed

ROWS = 5_000  # of 4 kB and more: some five pieces
LEFT = 1.5  # pieces that may wait for the disk at once, since SQLite is asked now and then
ON_LINUX = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="only Linux tells which file was synced")


@pytest.fixture
def put(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Which files were put on the disk, longest ago first, and how many bytes each had."""
    real, seen = os.fdatasync, list[tuple[str, int]]()

    def watched(handle: int) -> None:
        real(handle)
        seen.append((Path(f"/proc/self/fd/{handle}").readlink().name, os.fstat(handle).st_size))

    monkeypatch.setattr(os, "fdatasync", watched)
    return seen


def large(folder: Path) -> Path:
    """A database that does not become smaller by being pressed."""
    file = folder / "large.db"
    fill = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ROWS}) "
    changed(file, "CREATE TABLE t (a BLOB)", f"INSERT INTO t {fill} SELECT randomblob(4096) FROM n")
    return file


def at_once(put: list[tuple[str, int]], name: str) -> int:
    """The most bytes of a file that waited for the disk at one time."""
    sizes = [0, *(size for file, size in put if file == name)]
    return max((after - before for before, after in pairwise(sizes)), default=0)


@ON_LINUX
def test_a_copy(tmp_path: Path, put: list[tuple[str, int]]) -> None:
    """While SQLite copies, what it wrote goes to the disk."""
    copy = tmp_path / "copy.db"
    copying.copy(f"sqlite:///{large(tmp_path)}", copy, Tools())
    assert copy.stat().st_size > 4 * PIECE
    assert PIECE <= at_once(put, copy.name) < LEFT * PIECE


@ON_LINUX
@pytest.mark.parametrize("end", ["rough", "sealing"])
def test_a_backup(tmp_path: Path, put: list[tuple[str, int]], end: str) -> None:
    """So does what is pressed, and what is encrypted."""
    manifest = packed(tmp_path, large(tmp_path), blank(sealed_for=new_key().public))
    assert PIECE <= at_once(put, f"{manifest.name}.{end}") < LEFT * PIECE


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full, a disk without room")
def test_no_room_to_encrypt(tmp_path: Path) -> None:
    """A disk without room is told as that, not as a BACKUP_PUBLIC_KEY that nothing can be encrypted to."""
    manifest = blank(sealed_for=new_key().public)
    (tmp_path / f"{manifest.name}.sealing").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left") as met:
        packed(tmp_path, large(tmp_path), manifest)
    assert met.value.errno == errno.ENOSPC
