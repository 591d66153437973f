"""Files that are kept for every host."""

import os
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.adapters.backups.places import Second
from bot.adapters.kept_files import KeptFiles
from bot.kernel.errors import ProviderError


class TheChat:
    """Gives out files by their ids, each as often as `gives`."""

    def __init__(self, gives: int) -> None:
        self.left = gives

    async def download(self, file_id: str) -> bytes:
        if not self.left:
            raise ProviderError("Telegram", "file is temporarily unavailable")
        self.left -= 1
        return file_id.encode()


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def test_read_once_and_had_for_good(tmp_path: Path) -> None:
    """What came from the chat once comes from the place after that, on any host; nobody else may read it."""
    place = tmp_path / "files"
    assert await KeptFiles(TheChat(1), Second(str(place))).download("AgAD-1") == b"AgAD-1"
    assert await KeptFiles(TheChat(0), Second(str(place))).download("AgAD-1") == b"AgAD-1"
    assert place.stat().st_mode & 0o777 == 0o700


async def test_a_place_that_fails(tmp_path: Path) -> None:
    """A place that cannot be used costs nothing but that, and the doctor's line says why."""
    (tmp_path / "files").write_text("a file")
    kept = KeptFiles(TheChat(2), Second(str(tmp_path / "files")))
    assert [await kept.download("AgAD-1") for _ in range(2)] == [b"AgAD-1"] * 2
    assert (await kept.probe()).verdict == "problem"


async def test_names_that_lead_elsewhere(tmp_path: Path) -> None:
    """An id that could name something else is asked of the chat, and nothing is kept."""
    kept = KeptFiles(TheChat(1), Second(str(tmp_path / "files")))
    assert await kept.download("../secret") == b"../secret"
    assert names_in(tmp_path) == []


async def test_swept(tmp_path: Path) -> None:
    """What nothing needs goes after its time; what is needed, or new, stays."""
    kept, now = KeptFiles(TheChat(3), Second(str(tmp_path))), datetime.now(UTC)
    for name in ("needed", "old", "new"):
        await kept.download(name)
    long_ago = (now - timedelta(days=3)).timestamp()
    for name in ("needed", "old"):
        os.utime(tmp_path / name, (long_ago, long_ago))

    async def needed(names: Collection[str]) -> Collection[str]:
        assert {*names} == {"needed", "old"}
        return ["needed"]

    assert await kept.sweep(needed, now - timedelta(days=1)) == 1
    assert names_in(tmp_path) == ["needed", "new"]
    assert (await kept.probe()).verdict == "fine"
