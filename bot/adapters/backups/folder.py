"""A folder with backups in it: for each its file, its manifest, and for the newest the key that is used once.

Nothing here takes long or needs a vendor, so that whoever only looks need not start a process.
"""

import os
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import orjson

from bot.backups.model import BESIDE, ONE_OFF_KEY, PLAIN, SEALED, Manifest, made_at
from bot.backups.ports import BackupRefused


def write_beside(manifest: Manifest, folder: Path) -> None:
    """Write the manifest beside the backup."""
    new = folder / f"{manifest.name}{BESIDE}.new"
    new.write_bytes(orjson.dumps(manifest.to_json(), option=orjson.OPT_INDENT_2))
    synced(new)
    new.replace(folder / f"{manifest.name}{BESIDE}")
    synced_folder(folder)


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
    """What the backups of the folder say of themselves. A manifest that cannot be read is none. Raises OSError."""
    return [one for one in said_in(folder) if (folder / one.file).exists()]


def said_in(folder: Path) -> Sequence[Manifest]:
    """The same, also of those whose file is gone."""
    return [one for one in _said(folder).values() if one is not None]


def broken(folder: Path) -> Sequence[str]:
    """The names of those whose manifest says nothing that can be read, or whose file is not as long as it says, or
    gone. Raises OSError.
    """
    return sorted(name for name, said in _said(folder).items() if said is None or not _whole(folder / said.file, said))


def _whole(file: Path, said: Manifest) -> bool:
    return said.packed is not None and file.exists() and file.stat().st_size == said.packed.size


def _said(folder: Path) -> Mapping[str, Manifest | None]:
    """What each manifest of the folder says, by the name of its file."""
    try:
        files = list(folder.iterdir())
    except FileNotFoundError:
        return {}
    return {file.stem: _read(file) for file in files if file.suffix == BESIDE and made_at(file.stem) is not None}


def _read(file: Path) -> Manifest | None:
    try:
        found = beside(file)
    except BackupRefused:
        return None
    return found if found is not None and found.name == file.stem else None


def file_of(folder: Path, name: str) -> Path:
    """The file of a backup. Raises BackupRefused."""
    found = [folder / f"{name}{end}" for end in (SEALED, PLAIN)] if made_at(name) is not None else []
    file = next((one for one in found if one.exists()), None)
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


def keys(folder: Path) -> Collection[str]:
    """The names of the backups whose key was left beside them."""
    return {path.stem for path in folder.glob(f"*{ONE_OFF_KEY}")}


def synced_folder(folder: Path) -> None:
    """Wait until the disk has its names, where folders can be synced."""
    with suppress(OSError):
        synced(folder)


def synced(path: Path) -> None:
    """Wait until the disk has it."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
