"""A folder with backups in it: for each its file, its manifest, and for the newest the key that is used once.

Nothing here takes long or needs a vendor, so that whoever only looks need not start a process.
"""

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import orjson

from bot.backups.model import BESIDE, ONE_OFF_KEY, Manifest, made_at
from bot.backups.ports import BackupRefused


def write_beside(manifest: Manifest, folder: Path) -> None:
    """Write the manifest beside the backup."""
    new = folder / f"{manifest.name}{BESIDE}.new"
    new.write_bytes(orjson.dumps(manifest.to_json(), option=orjson.OPT_INDENT_2))
    synced(new)
    new.replace(folder / f"{manifest.name}{BESIDE}")
    with suppress(OSError):  # a folder cannot be synced everywhere
        synced(folder)


def beside(file: Path) -> Manifest | None:
    """The manifest that lies beside a backup; None where there is none. Raises BackupRefused."""
    path = file.with_name(f"{file.name.partition('.')[0]}{BESIDE}")
    if not path.exists():
        return None
    try:
        return Manifest.from_json(orjson.loads(path.read_bytes()))
    except ValueError:
        raise BackupRefused(f"{path} is no manifest of a backup. Take it away, or take another backup.") from None


def manifests(folder: Path) -> Sequence[Manifest]:
    """What the backups of the folder say of themselves, the newest first. Raises BackupRefused."""
    files = [file for file in folder.glob(f"*{BESIDE}") if made_at(file.stem) is not None]
    known = [found for file in files if (found := beside(file)) is not None and (folder / found.file).exists()]
    return sorted(known, key=lambda one: one.made_at, reverse=True)


def file_of(folder: Path, name: str) -> Path:
    """The file of a backup. Raises BackupRefused."""
    file = next(iter(folder.glob(f"{name}.tar.zst*")), None)
    if file is None:
        raise BackupRefused(f"{folder} has no backup {name}. `echopilot backups` lists them.")
    return file


def delete(folder: Path, names: Sequence[str]) -> None:
    """Delete these files; those that are gone already are no fault."""
    for name in names:
        (folder / name).unlink(missing_ok=True)


def one_off_key(folder: Path, name: str) -> str:
    """The key that was left beside a backup so that it can be tried; "" where it is gone."""
    path = folder / f"{name}{ONE_OFF_KEY}"
    return path.read_text().strip() if path.exists() else ""


def synced(path: Path) -> None:
    """Wait until the disk has it."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
