"""Backups by a short process for each thing that is done: see `bot.backups.ports.Vault`."""

import asyncio
import json
import os
import shutil
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from bot.adapters.backups import child
from bot.adapters.backups import folder as folders
from bot.adapters.processes import running
from bot.backups.model import BESIDE, FOLDER, ONE_OFF_KEY, Manifest, Step, Tried
from bot.backups.ports import BackupRefused, Busy, Key, Unpacked

LONGEST_ANSWER = 20_000_000
NO_WORDS = "the process that did it ended with code {code}, and said nothing; was it killed, or is memory short?"
# By which it comes to a bucket: https://docs.rs/reqwest/latest/reqwest/#proxies
WAY_OUT = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy",
           "SSL_CERT_FILE", "SSL_CERT_DIR")  # fmt: skip
_CHILD = str(Path(child.__file__).resolve())
_SERVERS = "/usr/lib/postgresql"  # Debian has every version in a folder of its own


class ChildVault:
    """folder: where backups are made. url: the database. second: as `bot.adapters.backups.places.Second` has it."""

    def __init__(self, folder: Path, url: str, public_key: str, second: Mapping[str, str] | None) -> None:
        self._folder, self._url, self._key, self._second = folder, whole(url), public_key, second
        self._tools = {name: tool(name) for name in ("pg_dump", "pg_restore")}

    @property
    def encrypts(self) -> bool:
        return bool(self._key)

    @property
    def second(self) -> str:
        return self._second["address"] if self._second is not None else ""

    async def make(self, manifest: Manifest, still_tried: Sequence[str] = ()) -> Manifest:
        given = {"manifest": manifest.to_json(), "still_tried": [*still_tried]}
        return Manifest.from_json(await self._done("make", **given))

    async def keys(self) -> Collection[str]:
        with self._told():
            return await asyncio.to_thread(folders.keys, self._folder)

    async def trial(self, name: str, place: str, secret: str = "") -> Sequence[Tried]:
        return _steps(await self._done("trial", name=name, place=place, secret=secret))

    async def unpack(self, source: str, into: Path, secret: str = "", bot: str = "") -> Unpacked:
        given = {"source": _as_file(source), "into": _whole_path(into), "secret": secret, "bot": bot}
        found = await self._done("unpack", **given)
        return Unpacked(Manifest.from_json(found["manifest"]), Path(found["file"]), [*map(Path, found["files"])])

    async def put_back(self, unpacked: Unpacked, url: str) -> Sequence[Tried]:
        said = unpacked.manifest
        given = {"file": str(unpacked.file), "url": whole(url), "schema": said.schema, "rows": dict(said.rows)}
        return _steps(await self._done("put back", **given))

    async def listed(self, place: str) -> Sequence[Manifest]:
        if place == FOLDER:
            with self._told():
                return await asyncio.to_thread(folders.manifests, self._folder)
        return [Manifest.from_json(one) for one in (await self._done("list"))["known"]]

    async def broken(self, place: str) -> Sequence[str]:
        if place == FOLDER:
            with self._told():
                return await asyncio.to_thread(folders.broken, self._folder)
        return [str(name) for name in (await self._done("list"))["broken"]]

    async def send(self, name: str) -> None:
        await self._done("send", name=name)

    async def forget(self, place: str, backups: Sequence[Manifest]) -> None:
        own = (ONE_OFF_KEY,) if place == FOLDER else ()
        files = [name for one in backups for name in (one.file, *(f"{one.name}{end}" for end in (BESIDE, *own)))]
        if place == FOLDER:
            with self._told():
                await asyncio.to_thread(folders.delete, self._folder, files)
        elif files:
            await self._done("forget", files=files)

    async def new_key(self) -> Key:
        return Key(**await self._done("new key"))

    async def try_out(self) -> None:
        if not self._url.startswith("sqlite") and not self._tools["pg_dump"]:
            raise BackupRefused("pg_dump is not on this machine; install PostgreSQL's client programs")
        with self._told():
            await asyncio.to_thread(_written_to, self._folder)
        if self._second is not None:
            await self._done("try out")

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What the folder does not do, in a sentence."""
        try:
            yield
        except OSError as error:
            raise BackupRefused(
                f"{error.filename or self._folder}: {error.strerror}; see BACKUP_FOLDER, and whose its files are"
            ) from None

    async def _done(self, do: str, **given: Any) -> Any:
        """What came of an order. Raises BackupRefused, and Busy."""
        where = {"folder": str(self._folder), "url": self._url, "key": self._key, "second": self._second}
        order = {"parent": os.getpid(), "do": do, "here": {**where, "tools": self._tools}, "given": given}
        process = await running.start(_CHILD, WAY_OUT)
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            await running.give(process.stdin, json.dumps(order).encode() + b"\n")
            said, code = await running.all_of(process.stdout, LONGEST_ANSWER), await process.wait()
        finally:
            await running.end(process)
        if not said:
            raise BackupRefused(NO_WORDS.format(code=code))
        answer = await asyncio.to_thread(json.loads, said)
        if "refused" in answer:
            raise (Busy if answer.get("busy") else BackupRefused)(answer["refused"])
        return answer["done"]


def tool(name: str) -> str:
    """Where a program of PostgreSQL's is, the newest that there is; "" where there is none."""
    versions = sorted(Path(_SERVERS).glob(f"[0-9]*/bin/{name}"), key=lambda path: int(path.parts[-3]), reverse=True)
    return str(versions[0]) if versions else shutil.which(name) or ""


def whole(url: str) -> str:
    """The address of a database as another process reads it, which works in another folder."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        return f"sqlite:///{Path(str(address.database)).absolute()}"
    return address.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def _as_file(source: str) -> str:
    """The whole path of a file; what is none stays as it is."""
    return _whole_path(Path(source)) if Path(source).exists() else source


def _whole_path(path: Path) -> str:
    return str(path.absolute())


def _written_to(folder: Path) -> None:
    """Make a file there, and take it away."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder):
        pass


def _steps(found: Sequence[Sequence[Any]]) -> Sequence[Tried]:
    return [Tried(Step(step), passed, words) for step, passed, words in found]


def second_of(address: str, **reached: str) -> Mapping[str, str] | None:
    """The second place as the process is told of it; None where there is none."""
    from bot.adapters.backups.places import Second

    return asdict(Second(address, **reached)) if address else None
