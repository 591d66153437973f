"""A bucket as the second place: sent in parts, read back, fetched, and never written over."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.backups import folder as folder_with
from bot.adapters.backups import packing, places
from bot.adapters.backups.places import Second, SecondPlace, run
from bot.backups.model import Manifest, new_name
from bot.backups.ports import BackupRefused
from tests.bot.backups.making import BOT, made, ordered

KEY = packing.new_key()
START_SECONDS = 20.0


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The address of a store that speaks S3, and the folder in which it keeps its buckets: there is one, `studio`."""
    folder = tmp_path_factory.mktemp("store")
    (folder / "studio").mkdir()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    command = [sys.executable, "-m", "localbucket", str(folder), "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield f"http://127.0.0.1:{port}", folder
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        else:
            return


@pytest.fixture
def bucket(store: tuple[str, Path]) -> Second:
    return Second("s3://studio/backups", url=store[0], region="us-east-1", key_id="us", secret="ours")


@pytest.fixture
def sent(bucket: Second, sqlite_url: str, tmp_path: Path) -> Manifest:
    """A backup that was sent, in parts: it holds some megabytes that cannot be pressed."""
    database = Path(sqlite_url.removeprefix("sqlite:///"))
    database.with_name(f"{database.name}.telegram.sent").write_bytes(os.urandom(places.CHUNK + 1_000_000))
    manifest = made(tmp_path / "here", sqlite_url, KEY.public)
    told(bucket, tmp_path, sqlite_url, "send", name=manifest.name)
    return manifest


def told(bucket: Second, tmp_path: Path, url: str, do: str, **given: Any) -> Any:
    return ordered(do, tmp_path / "here", url, KEY.public, asdict(bucket), **given)


def test_there_and_back(sent: Manifest, bucket: Second, sqlite_url: str, tmp_path: Path) -> None:
    """What was sent is listed there, and recovered from there alone by the owner's key."""
    listed = told(bucket, tmp_path, sqlite_url, "list")["known"]
    assert sent.name in [one["name"] for one in listed]
    into = tmp_path / "new"
    found = ordered(
        "unpack", tmp_path / "nowhere", sqlite_url, "", asdict(bucket),
        source=sent.name, into=str(into), secret=KEY.secret, bot=BOT,
    )  # fmt: skip
    assert Manifest.from_json(found["manifest"]) == sent


def test_sent_twice(sent: Manifest, bucket: Second, sqlite_url: str, tmp_path: Path) -> None:
    """Sending what is there already does no harm; another manifest of its name is never put in its place."""
    told(bucket, tmp_path, sqlite_url, "send", name=sent.name)
    folder_with.write_beside(replace(sent, host="somebody else"), tmp_path / "here")
    with pytest.raises(BackupRefused, match="left as it is"):
        told(bucket, tmp_path, sqlite_url, "send", name=sent.name)


def test_another_file(sent: Manifest, store: tuple[str, Path], bucket: Second, sqlite_url: str, tmp_path: Path) -> None:
    """A copy that changed in the bucket is noticed when it is sent again, and is left as it is."""
    (copy,) = store[1].rglob(sent.file)
    copy.write_bytes(b"x" + copy.read_bytes()[1:])
    with pytest.raises(BackupRefused, match="left as it is"):
        told(bucket, tmp_path, sqlite_url, "send", name=sent.name)
    assert copy.read_bytes().startswith(b"x")


def test_deleted(sent: Manifest, store: tuple[str, Path], bucket: Second, sqlite_url: str, tmp_path: Path) -> None:
    """What is over goes, file and manifest; what is gone already is no fault."""
    for _ in range(2):
        told(bucket, tmp_path, sqlite_url, "forget", files=[sent.file, f"{sent.name}.json"])
    assert list(store[1].rglob(f"{sent.name}*")) == []


def test_no_such_bucket(bucket: Second) -> None:
    """A bucket that is not there, and a store that does not answer, are sentences."""
    for wrong in (replace(bucket, address="s3://nobodys/x"), replace(bucket, url="http://127.0.0.1:9")):
        with pytest.raises(BackupRefused, match="s3://"):
            run(SecondPlace(wrong).try_out("probe"))


def test_tried_out(store: tuple[str, Path], bucket: Second) -> None:
    """Trying it leaves nothing behind."""
    run(SecondPlace(bucket).try_out("probe-1"))
    assert list(store[1].rglob("probe-1")) == []


def test_a_bucket_that_is_shared(
    sent: Manifest, store: tuple[str, Path], bucket: Second, sqlite_url: str, tmp_path: Path
) -> None:
    """What else lies in the bucket is not read: neither others' files, however large, nor another one's manifest."""
    (copy,) = store[1].rglob(sent.file)
    words = copy.with_name(f"{sent.name}.json").read_bytes()
    stranger = "echopilot-20260101T000000Z-abcdef"
    (copy.parent / "theirs").mkdir(exist_ok=True)
    for path in (f"{stranger}.json", f"theirs/{stranger}.json", "prices.json"):
        (copy.parent / path).write_bytes(words)
    large = copy.with_name("echopilot-20260102T000000Z-abcdef.json")
    large.write_bytes(b" " * (places.LARGEST_MANIFEST + 1))
    listed = [one["name"] for one in told(bucket, tmp_path, sqlite_url, "list")["known"]]
    assert listed.count(sent.name) == 1
    with pytest.raises(BackupRefused, match=f"is the manifest of {sent.name}"):
        run(SecondPlace(bucket).fetch(stranger, tmp_path / "new"))
    for path in (f"{stranger}.json", "prices.json", large.name):
        (copy.parent / path).unlink()


def test_the_newest_of_both_places(sent: Manifest, bucket: Second, sqlite_url: str, tmp_path: Path) -> None:
    """The newest is the newest of both places, of the bot that is meant, and none of a clock that was ahead."""
    here = tmp_path / "other"
    at = sent.made_at
    for name, made_at, bot in (
        ("older", at - timedelta(days=1), BOT),
        ("another bot's", at + timedelta(seconds=1), "77"),
        ("ahead", datetime.now(UTC) + timedelta(days=300), BOT),
    ):
        made(here, sqlite_url, KEY.public, made_at=made_at, name=new_name(made_at), bot=bot, host=name)
    given = {"source": "newest", "into": str(tmp_path / "into"), "secret": KEY.secret, "bot": BOT}
    found = ordered("unpack", here, sqlite_url, "", asdict(bucket), **given)
    assert found["manifest"]["name"] == sent.name
