"""Where copies of backups go: a folder, or any S3-compatible store, by the same calls.

https://developmentseed.org/obstore. Aborted uploads can leave hidden parts in a bucket; a lifecycle rule deletes them.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import orjson

from bot.backups.model import BESIDE, Manifest, Part, made_at
from bot.backups.ports import BackupRefused

T = TypeVar("T")
CHUNK = 8 << 20  # of an upload, of which AT_ONCE are held in memory
AT_ONCE = 2
PIECE = 1 << 20
LARGEST_MANIFEST = 1_000_000
TIMEOUT, RETRIES = "60s", 5


@dataclass(frozen=True, slots=True)
class Second:
    """A second place: "s3://bucket/folder" or a folder's path; and how it is reached, if it is a bucket."""

    address: str
    url: str = ""
    region: str = ""
    key_id: str = ""
    secret: str = ""


class SecondPlace:
    """What is done there. All raise BackupRefused."""

    def __init__(self, second: Second) -> None:
        from obstore import exceptions

        self._where = second.address
        try:
            self._store = store_of(second)
        except (exceptions.BaseError, OSError) as error:  # a folder is made here, and may be in the way of a file
            words = f"{self._where} cannot be reached: {_reason(error)}. See BACKUP_SECOND_PLACE."
            raise BackupRefused(words) from None

    async def send(self, folder: Path, manifest: Manifest) -> None:
        """Copy a backup there, then read it back. Its manifest goes last and never takes another's place.

        A large file cannot be sent under that condition, but no two backups share a name; one that lies there is left.
        """
        assert manifest.packed is not None
        if await self._digest(manifest.file) is None:
            await self._put(manifest.file, folder / manifest.file, chunk_size=CHUNK, max_concurrency=AT_ONCE)
        if await self._digest(manifest.file) != manifest.packed:
            raise BackupRefused(f"{self._where} holds another {manifest.file}, which is left as it is.")
        words = orjson.dumps(manifest.to_json(), option=orjson.OPT_INDENT_2)
        try:
            await self._put(f"{manifest.name}{BESIDE}", words, mode="create")
        except FileExistsError:  # an earlier try got so far
            if await self._read(f"{manifest.name}{BESIDE}") != words:
                raise BackupRefused(f"{self._where} holds another {manifest.name}{BESIDE}, left as it is.") from None

    async def fetch(self, name: str, into: Path) -> Path:
        """Copy a backup here, with its manifest; returns where its file is."""
        words = await self._read(f"{name}{BESIDE}")
        if words is None:
            raise BackupRefused(f"{self._where} has no backup {name}. `echopilot backups` lists them.")
        manifest = self._manifest(name, words)
        _kept(into, f"{name}{BESIDE}", words)
        if await self._digest(manifest.file, into / manifest.file) is None:
            raise BackupRefused(f"{self._where} has the manifest of {name}, and not its file.")
        return into / manifest.file

    async def listed(self) -> tuple[list[Manifest], list[str]]:
        """The backups that are there, as their manifests say; and the names of those whose manifest says nothing that
        can be read, or whose file is not as long as it says.
        """
        import obstore

        known = [meta for batch in await self._told(self._listing(obstore)) for meta in batch]
        sizes = {meta["path"]: meta["size"] for meta in known}
        found, broken = [], []
        for meta in (meta for meta in known if _is_manifest(meta["path"])):
            name = meta["path"].removesuffix(BESIDE)
            words = await self._read(meta["path"]) if meta["size"] <= LARGEST_MANIFEST else b""
            if words is None:
                continue
            try:
                manifest = self._manifest(name, words)
            except BackupRefused:
                broken.append(name)
                continue
            found.append(manifest)
            if manifest.packed is None or sizes.get(manifest.file) != manifest.packed.size:
                broken.append(name)
        return found, broken

    async def delete(self, manifests: Sequence[str]) -> None:
        """Delete these files and manifests; those that are gone already are no fault."""
        import obstore

        for path in manifests:
            with suppress(FileNotFoundError):
                await self._told(obstore.delete_async(self._store, path))

    async def try_out(self, name: str) -> None:
        """Write a few letters there, and delete them."""
        await self._put(name, b"EchoPilot", mode="create")
        await self.delete([name])

    async def _put(self, path: str, what: Path | bytes, **how: Any) -> None:
        import obstore

        try:
            await self._told(obstore.put_async(self._store, path, what, **how))
        except FileNotFoundError:
            raise BackupRefused(f"{self._where}: there is no such bucket. See BACKUP_SECOND_PLACE.") from None

    async def _listing(self, obstore: Any) -> list[Any]:
        return [batch async for batch in obstore.list(self._store)]

    async def _read(self, path: str) -> bytes | None:
        import obstore

        try:
            answer = await self._told(obstore.get_async(self._store, path))
        except FileNotFoundError:
            return None
        return bytes(await self._told(answer.bytes_async()))

    async def _digest(self, path: str, to: Path | None = None) -> Part | None:
        """What lies there, read to its end; None where nothing does. to: where it is written besides."""
        import obstore

        try:
            answer = await self._told(obstore.get_async(self._store, path))
        except FileNotFoundError:
            return None
        digest, size = hashlib.sha256(), 0
        with (to or Path("/dev/null")).open("wb") as out:
            async for piece in answer.stream(min_chunk_size=PIECE):
                digest.update(piece)
                size += out.write(piece)
        return Part(size, digest.hexdigest())

    def _manifest(self, name: str, words: bytes) -> Manifest:
        """Raises BackupRefused also where it is another backup's: its name becomes the name of a file."""
        try:
            manifest = Manifest.from_json(orjson.loads(words))
        except ValueError:
            raise BackupRefused(f"{self._where}: {name}{BESIDE} is no manifest of a backup.") from None
        if manifest.name != name:
            raise BackupRefused(f"{self._where}: {name}{BESIDE} is the manifest of {manifest.name}.")
        return manifest

    async def _told(self, request: Awaitable[T]) -> T:
        """The answer; what the store or the network says no to, in a sentence."""
        from obstore import exceptions

        try:
            return await request
        except (FileNotFoundError, FileExistsError):
            raise
        except exceptions.AlreadyExistsError:
            raise FileExistsError from None
        except (exceptions.PermissionDeniedError, exceptions.UnauthenticatedError):
            words = "refuses our key, or what the key may do; it has to read, write, list and delete there"
            raise BackupRefused(f"{self._where} {words}. See BACKUP_BUCKET_KEY_ID.") from None
        except (exceptions.BaseError, OSError) as error:
            raise BackupRefused(f"{self._where} does not do what was asked: {_reason(error)}") from None


def _reason(error: Exception) -> str:
    return " ".join(str(error).partition("Debug source")[0].split())[:200]


def _is_manifest(path: str) -> bool:
    """Whether it is called as manifests are, in the folder itself: all else in a bucket may be anybody's."""
    return path.endswith(BESIDE) and made_at(path.removesuffix(BESIDE)) is not None


def store_of(second: Second) -> Any:
    """The place, by obstore."""
    from obstore.store import LocalStore, S3Store

    if not second.address.startswith("s3://"):
        return LocalStore(prefix=second.address, mkdir=True)
    bucket, _, prefix = second.address.removeprefix("s3://").partition("/")
    # to delete one by one every store can
    options: dict[str, Any] = {"region": second.region, "disable_bulk_delete": True}
    if second.url:
        options |= {"endpoint": second.url, "virtual_hosted_style_request": False}
    if second.key_id:
        options |= {"access_key_id": second.key_id, "secret_access_key": second.secret}
    return S3Store(
        bucket,
        prefix=prefix or None,
        client_options={"timeout": TIMEOUT, "allow_http": second.url.startswith("http://")},
        retry_config={"max_retries": RETRIES},
        **options,
    )


def _kept(folder: Path, name: str, content: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)


def run(work: Awaitable[T]) -> T:
    """Do it in this process, which does nothing else."""

    async def main() -> T:
        return await work

    return asyncio.run(main())
