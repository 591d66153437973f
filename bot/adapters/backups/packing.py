"""A backup as one file: tar, zstd, age; each a format of its own, so that it opens without EchoPilot as well.

`age --decrypt --identity key FILE | zstd --decompress | tar --extract`. Within it the manifest comes first, which has
the SHA-256 of every other part. https://age-encryption.org/v1, https://www.rfc-editor.org/rfc/rfc8878
"""

import hashlib
import io
import tarfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import IO

import orjson
import pyrage
import zstandard

from bot.adapters.backups.folder import beside, synced, synced_folder, write_beside
from bot.backups.model import ONE_OFF_KEY, Manifest, Part
from bot.backups.ports import BackupRefused, Key
from storage.backups import steady

LEVEL = 3
PIECE = 1 << 20
PRESSED_PIECE = 1 << 10  # four bytes of it may hold 128 kB, so it is 32 MB at most
MANIFEST = "manifest.json"
LARGEST_MANIFEST = 1_000_000
AGE, ZSTD = b"age-encryption.org/v1\n", b"\x28\xb5\x2f\xfd"
UNTOUCHED = "Nothing was put back."
DAMAGED = "is damaged: {why}. Nothing was put back. Take another one: `echopilot backups` lists them."


def new_key() -> Key:
    """A pair of keys."""
    pair = pyrage.x25519.Identity.generate()
    return Key(str(pair.to_public()), str(pair))


def part_of(file: Path) -> Part:
    """The size and the checksum of a file."""
    with file.open("rb") as data:
        return Part(file.stat().st_size, hashlib.file_digest(data, "sha256").hexdigest())


def pack(manifest: Manifest, parts: Mapping[str, Path], folder: Path) -> Manifest:
    """Make the backup of these files in the folder, with its manifest beside it, and the one-off key that opens it.

    The last thing that appears is the file: a manifest without it is no backup, and a file always has its manifest.
    """
    manifest = replace(manifest, parts={name: part_of(file) for name, file in parts.items()})
    rough, sealed = folder / f"{manifest.name}.rough", folder / f"{manifest.name}.sealing"
    key = folder / f"{manifest.name}{ONE_OFF_KEY}"
    try:
        _press(manifest, parts, rough)
        ready = _seal(manifest, rough, sealed, key) if manifest.sealed_for else rough
        synced(ready)
        whole = replace(manifest, packed=part_of(ready))
        write_beside(whole, folder)
        ready.replace(folder / manifest.file)
        synced_folder(folder)
    except BaseException:
        key.unlink(missing_ok=True)
        raise
    finally:
        for left in (rough, sealed):
            left.unlink(missing_ok=True)
    return whole


def check_whole(file: Path, said: Part) -> None:
    """Raise BackupRefused where the file is not what its manifest says."""
    size = file.stat().st_size
    if size != said.size:
        raise _damaged(
            file, f"it has {size} bytes in place of {said.size}, so it was cut, or was not copied to its end"
        )
    if part_of(file).sha256 != said.sha256:
        raise _damaged(file, "its checksum is not the one of its manifest, so some of it changed")


def unpack(file: Path, into: Path, secrets: Sequence[str]) -> Manifest:
    """Open a backup into a folder, and check every byte; returns what it says of itself. Raises BackupRefused."""
    into.mkdir(parents=True, exist_ok=True)
    with file.open("rb") as data:
        head = data.read(len(AGE))
    if not head.startswith((AGE, ZSTD)):
        raise BackupRefused(f"{file.name} is no backup of EchoPilot, or its beginning is damaged. {UNTOUCHED}")
    pressed = file
    if head.startswith(AGE):
        pressed = into.with_name(f"{into.name}.pressed")  # where no part of it can take its place
        _open(file, pressed, secrets)
    try:
        with pressed.open("rb") as data:
            return _unpress(file, data, into)
    finally:
        if pressed is not file:
            pressed.unlink()


def _press(manifest: Manifest, parts: Mapping[str, Path], to: Path) -> None:
    compressor = zstandard.ZstdCompressor(level=LEVEL, write_checksum=True)
    words = orjson.dumps(manifest.inner().to_json())
    with (
        steady.open_to_write(to) as out,
        compressor.stream_writer(out, closefd=False) as pressed,
        tarfile.open(fileobj=pressed, mode="w|", bufsize=PIECE, format=tarfile.PAX_FORMAT) as tar,
    ):
        _add(tar, MANIFEST, io.BytesIO(words), len(words))
        for name, file in parts.items():
            with file.open("rb") as data:
                _add(tar, name, data, manifest.parts[name].size)


def _add(tar: tarfile.TarFile, name: str, data: IO[bytes], size: int) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    tar.addfile(entry, data)


def _seal(manifest: Manifest, rough: Path, sealed: Path, key: Path) -> Path:
    """Encrypt to the owner's key, and to one that is used once: by it the backup can be tried on this machine, where
    the database lies open anyway, and the owner's secret key never has to be here.
    """
    once = new_key()
    key.touch(mode=0o600)
    key.write_text(once.secret)
    try:
        recipients = [pyrage.x25519.Recipient.from_str(public) for public in (manifest.sealed_for, once.public)]
        with rough.open("rb") as data, steady.open_to_write(sealed) as out:
            pyrage.encrypt_io(data, out, recipients)
    except pyrage.RecipientError as error:
        raise BackupRefused(f"BACKUP_PUBLIC_KEY: cannot be encrypted to ({error}).") from None
    except pyrage.EncryptError as error:  # which has lost the file and the number of what it met
        raise BackupRefused(f"{sealed} could not be written: {error}.") from None
    return sealed


def _open(file: Path, to: Path, secrets: Iterable[str]) -> None:
    identities = [_identity(secret) for secret in secrets]
    if not identities:
        raise BackupRefused(f"{file.name} is encrypted. Name the file of your secret key with --key. {UNTOUCHED}")
    try:
        with file.open("rb") as data, steady.open_to_write(to) as out:
            pyrage.decrypt_io(data, out, identities)
    except (pyrage.DecryptError, OSError, ValueError) as error:
        to.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno:
            raise
        if "no matching keys" in str(error).lower():
            said = beside(file)
            whose = f" It was made for {said.sealed_for}." if said is not None else ""
            words = f"{file.name} does not open with this key: it is another one, or the file's beginning is damaged."
            raise BackupRefused(f"{words}{whose} {UNTOUCHED}") from None
        raise _damaged(file, "it does not decrypt to its end") from None


def _identity(secret: str) -> pyrage.x25519.Identity:
    lines = [line.strip() for line in secret.splitlines()]
    words = next((line for line in lines if line and not line.startswith("#")), "")
    try:
        return pyrage.x25519.Identity.from_str(words)
    except pyrage.IdentityError:
        raise BackupRefused(
            f"The key is no secret key of age, which begins with AGE-SECRET-KEY-1. {UNTOUCHED}"
        ) from None


class _Unpressed(io.RawIOBase):
    """What a zstd frame holds, as a stream that fails where the frame is cut or its checksum is wrong."""

    def __init__(self, data: IO[bytes]) -> None:
        self._data = data
        self._frame = zstandard.ZstdDecompressor().decompressobj()
        self._left = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._left and not self._frame.eof:
            piece = self._data.read(PRESSED_PIECE)
            if not piece:
                raise EOFError("it ends in the middle")
            self._left = memoryview(self._frame.decompress(piece))
        count = min(len(buffer), len(self._left))
        buffer[:count], self._left = self._left[:count], self._left[count:]
        return count


def _unpress(file: Path, data: IO[bytes], into: Path) -> Manifest:
    stream = io.BufferedReader(_Unpressed(data), PIECE)
    try:
        with tarfile.open(fileobj=stream, mode="r|", bufsize=PIECE) as tar:
            manifest, found = _parts(file, tar, into)
        while stream.read(PIECE):
            pass
    except (tarfile.TarError, zstandard.ZstdError, EOFError) as error:
        raise _damaged(file, str(error) or type(error).__name__) from None
    except ValueError as error:
        raise _damaged(file, f"its manifest {error}") from None
    for name, part in manifest.parts.items():
        if found.get(name) != part:
            raise _damaged(file, f"its part {name} is not what its manifest says")
    return manifest


def _parts(file: Path, tar: tarfile.TarFile, into: Path) -> tuple[Manifest, Mapping[str, Part]]:
    """Only what the manifest names is written, and under these names alone."""
    entries = iter(tar)
    first = next(entries, None)
    words = tar.extractfile(first) if first is not None and first.name == MANIFEST else None
    if words is None:
        raise BackupRefused(f"{file.name} holds no manifest, so it is no backup of EchoPilot. {UNTOUCHED}")
    manifest = Manifest.from_json(orjson.loads(words.read(LARGEST_MANIFEST)))
    found: dict[str, Part] = {}
    for entry in entries:
        part, content = manifest.parts.get(entry.name), tar.extractfile(entry)
        if part is None or content is None or "/" in entry.name or entry.size != part.size:
            raise ValueError(f"does not know its part {entry.name[:60]}")
        found[entry.name] = _written(content, into / entry.name)
    return manifest, found


def _written(content: IO[bytes], to: Path) -> Part:
    digest, size = hashlib.sha256(), 0
    with steady.open_to_write(to) as out:
        while piece := content.read(PIECE):
            digest.update(piece)
            size += out.write(piece)
    return Part(size, digest.hexdigest())


def _damaged(file: Path, why: str) -> BackupRefused:
    return BackupRefused(f"{file.name} {DAMAGED.format(why=why)}")
