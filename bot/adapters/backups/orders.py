"""What the short process can be told to do, and what it answers: what was done, or why not, in words."""

import errno
import secrets
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from math import ceil, floor
from pathlib import Path
from shutil import copyfile
from typing import Any

from filelock import FileLock, Timeout
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from bot.adapters.backups import packing
from bot.adapters.backups.folder import beside, broken, file_of, manifests, one_off_key, said_in
from bot.adapters.backups.places import Second, SecondPlace, run
from bot.backups.model import (
    DATABASE,
    FOLDER,
    FORMAT,
    ONE_OFF_KEY,
    Manifest,
    Step,
    Tried,
    made_at,
    newest_first,
)
from bot.backups.ports import BackupRefused, Busy
from storage.backups import copying
from storage.backups.copying import NotCopied, Tools
from storage.backups.looking import look_through
from storage.backups.scratch import scratch
from storage.engine.unusable import sentence
from storage.migrations.migrate import newest

ROOM = 2.5  # times the database's size: a copy of it, pressed, and encrypted
OPENED_ROOM = 2  # times: the database itself, and the copy that is taken of one that is to be migrated
KEYS_KEPT = 2  # of the newest backups: those that may still be tried
WAIT_SECONDS = 1_800.0  # for another backup: after a long stop what was missed is made up for at once
LOOK_SECONDS = 0.5
SENT = ".sent"
SCRATCH = "echopilot-scratch-"
LEFT_OVER = (f"{SCRATCH}*", "echopilot-*.rough", "echopilot-*.sealing", "echopilot-*.json.new")
OR_ANOTHER = " (BACKUP_FOLDER names another one for what is made and tried)"
THERE_ALONE = "; the database is put back there. Nothing was put back"
BUSY = "Another backup is being made or tried here just now; try again when that is done."


class NoRoom(BackupRefused):
    """The disk is too full for it."""


@dataclass(frozen=True, slots=True)
class Here:
    """What an order is carried out on. url: the database that is backed up. key: the public one, "" for none."""

    folder: Path
    url: str
    key: str
    tools: Tools
    second: Second | None

    @property
    def place(self) -> SecondPlace:
        if self.second is None:
            raise BackupRefused("There is no second place; set BACKUP_SECOND_PLACE.")
        return SecondPlace(self.second)


def carry_out(order: Mapping[str, Any]) -> dict[str, Any]:
    """The answer to an order."""
    told = dict(order["here"])
    second = Second(**told.pop("second")) if told.get("second") else told.pop("second", None)
    here = Here(Path(told["folder"]), told["url"], told["key"], Tools(**told["tools"]), second)
    try:
        return {"done": ORDERS[order["do"]](here, order["given"])}
    except (BackupRefused, NotCopied) as refusal:
        return {"refused": str(refusal), "busy": isinstance(refusal, Busy)}
    except SQLAlchemyError as error:
        return {"refused": sentence(make_url(here.url), error)}
    except OSError as error:
        advice = " Make room on that disk." if error.errno in {errno.ENOSPC, errno.EDQUOT} else ""
        return {"refused": f"{error.filename or here.folder}: {error.strerror or type(error).__name__}.{advice}"}


def _make(here: Here, given: Mapping[str, Any]) -> Any:
    with _working(here) as room:
        _check_room_to_make(here)
        file = room / DATABASE
        found = copying.copy(here.url, file, here.tools)
        manifest = Manifest.from_json(given["manifest"])
        manifest = replace(manifest, schema=found.schema, rows=found.rows, sealed_for=here.key)
        made = packing.pack(manifest, {DATABASE: file, **_files_beside(here.url, room)}, here.folder)
        _forget_keys(here.folder, made, given.get("still_tried", ()))
    return made.to_json()


def _forget_keys(folder: Path, made: Manifest, still_tried: Collection[str]) -> None:
    """Take away the keys that are used once, but for those of each installation's newest backups, and of those that are
    still to be tried.
    """
    there = newest_first(manifests(folder), made.made_at)
    codes = {one.installation for one in there}
    kept = {one.name for code in codes for one in [of for of in there if of.installation == code][:KEYS_KEPT]}
    for key in folder.glob(f"*{ONE_OFF_KEY}"):
        if made_at(key.stem) is not None and key.stem not in kept and key.stem not in still_tried:
            key.unlink()


def _check_room_to_make(here: Here) -> None:
    address = make_url(here.url)
    if address.get_backend_name() != "sqlite" or not Path(str(address.database)).exists():
        return
    database = Path(str(address.database))
    files = (database, database.with_name(f"{database.name}-wal"))
    _check_room(here.folder, sum(file.stat().st_size for file in files if file.exists()) * ROOM)


def _check_room_to_open(folder: Path, said: Manifest, advice: str = OR_ANOTHER) -> None:
    size = said.parts[DATABASE].size if DATABASE in said.parts else 0
    _check_room(folder, said.size + size * OPENED_ROOM, advice)


def _check_room(folder: Path, wanted: float, advice: str = OR_ANOTHER) -> None:
    """Raise NoRoom where the disk has not so many bytes left. advice: what else helps."""
    free = shutil.disk_usage(folder).free
    if free < wanted:
        raise NoRoom(
            f"{folder} has {_size(free, floor)} free, and this takes up to {_size(wanted, ceil)} for a while. Make "
            f"room on that disk{advice}."
        )


def _size(of: float, rounded: Callable[[float], int]) -> str:
    """ "1.4 GB", or whole megabytes below that. of: bytes."""
    return f"{rounded(of / 1e8) / 10:.1f} GB" if of >= 1e9 else f"{rounded(of / 1e6)} MB"


def _files_beside(url: str, room: Path) -> dict[str, Path]:
    """What was sent and is not in the database yet (`storage.core.sent_log`), copied after the database was.

    Who sends may take its file away at any moment.
    """
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        return {}
    database = Path(str(address.database))
    found = database.parent.glob(f"{database.name}.*{SENT}")
    copied: dict[str, Path] = {}
    for file in found:
        name = file.name.removeprefix(f"{database.name}.")
        with suppress(FileNotFoundError):
            copied[name] = copyfile(file, room / name)
    return copied


def _trial(here: Here, given: Mapping[str, Any]) -> Any:
    with _working(here) as room:
        return [[one.step, one.passed, one.words] for one in _tried(here, room, **given)]


def _tried(here: Here, room: Path, name: str, place: str, secret: str) -> Iterator[Tried]:
    """Every step, up to the first that fails."""
    step = Step.FETCHED
    try:
        file = file_of(here.folder, name) if place == FOLDER else run(here.place.fetch(name, room))
        said = beside(file)
        if said is not None:
            _check_room_to_open(room, said)
        yield Tried(step, True, f"{file.stat().st_size} bytes")
        step = Step.WHOLE
        if said is None or said.packed is None:
            raise BackupRefused(f"{file.name} has no manifest beside it.")
        packing.check_whole(file, said.packed)
        yield Tried(step, True, said.packed.sha256)
        step = Step.OPENED
        keys = [key for key in (secret, one_off_key(here.folder, name)) if key]
        if said.sealed_for and not keys:
            raise BackupRefused("its one-off key is gone; `echopilot drill NAME --key FILE` tries it with yours")
        manifest = packing.unpack(file, room / "open", keys)
        yield Tried(step, True, f"{len(manifest.parts)} parts")
        step = Step.RESTORED
        with scratch(here.url, room) as url:
            check_known(manifest, url)
            copying.put_back(room / "open" / DATABASE, url, here.tools)
            yield Tried(step, True, "into a database of its own")
            yield from look_through(url, manifest.schema, manifest.rows)
    except NoRoom:
        raise  # which says nothing of the backup
    except (BackupRefused, NotCopied) as refusal:
        yield Tried(step, False, str(refusal))


def check_known(manifest: Manifest, url: str) -> None:
    """Raise BackupRefused where this program, or this kind of database, cannot take the backup."""
    if manifest.format > FORMAT or manifest.schema > newest():
        raise BackupRefused(
            f"{manifest.name} was made by a newer EchoPilot (schema {manifest.schema}, this one knows {newest()}); run "
            "the newer code. Nothing was put back."
        )
    engine = make_url(url).get_backend_name()
    if manifest.engine != engine:
        raise BackupRefused(
            f"{manifest.name} is of a {manifest.engine} database, and DATABASE_URL names {engine}; name one of the "
            "same kind. Nothing was put back."
        )


def _unpack(here: Here, given: Mapping[str, Any]) -> Any:
    into = Path(given["into"])
    file, said = _found(here, given["source"], into, given["bot"])
    if said is not None:
        into.mkdir(parents=True, exist_ok=True)
        _check_room_to_open(into, said, OR_ANOTHER if here.folder in into.parents else THERE_ALONE)
    keys = [key for key in (given["secret"], one_off_key(here.folder, file.name.partition(".")[0])) if key]
    manifest = packing.unpack(file, into / "open", keys)
    if said is not None and said.inner() != manifest:
        raise BackupRefused(f"{file.name} and the manifest beside it are of two backups. Nothing was put back.")
    check_known(manifest, here.url)
    files = [str(into / "open" / name) for name in manifest.parts if name.endswith(SENT)]
    known = said or replace(manifest, packed=packing.part_of(file))
    return {"manifest": known.to_json(), "file": str(into / "open" / DATABASE), "files": files}


def _found(here: Here, source: str, into: Path, bot: str) -> tuple[Path, Manifest | None]:
    """The backup that is meant, and what it says of itself: a file, the name of one here or in the second place, or
    "newest". Of two that are called so it is the one that is whole.
    """
    if Path(source).is_file():
        return _whole(Path(source))
    if source == "newest":
        source = _newest(here, bot).name
    name = Path(source).name.partition(".")[0]
    if made_at(name) is None:
        raise BackupRefused(f"There is no file {source}, and no backup is called so. `echopilot backups` lists them.")
    known: tuple[Path, Manifest | None] | None = None
    words = ""
    try:
        known = _whole(file_of(here.folder, name))
    except BackupRefused as refusal:
        if here.second is None:
            raise
        words = str(refusal)
    if known is not None and (known[1] is not None or here.second is None):
        return known
    try:
        return _whole(run(here.place.fetch(name, into)))
    except BackupRefused as other:
        if known is not None:  # it has no manifest, and shows whether it is whole as it is opened
            return known
        raise BackupRefused(f"{words} The second place is of no help: {other}") from None


def _whole(file: Path) -> tuple[Path, Manifest | None]:
    """The file with what is said of it beside it. Raises BackupRefused where it is not what that says."""
    said = beside(file)
    if said is not None and said.packed is not None:
        packing.check_whole(file, said.packed)
    return file, said


def _newest(here: Here, bot: str) -> Manifest:
    """The newest in both places: of this bot's, where it has any."""
    try:
        there, not_whole = run(here.place.listed()) if here.second is not None else ([], [])
    except BackupRefused as refusal:
        raise BackupRefused(
            f"{refusal} The newest backup may be there, so none was put back. Name the one that you want, or its "
            "file, and it is put back without the second place: `echopilot backups` lists them."
        ) from None
    here_said, cut = said_in(here.folder), broken(here.folder)
    whole = {one.name for one in manifests(here.folder)} - {*cut} | {one.name for one in there} - {*not_whole}
    lost = {*cut, *not_whole} - whole
    all_said = (*here_said, *there)
    known = [one for one in all_said if one.name in whole]
    mine = [one for one in known if one.bot == bot]
    if mine:
        lost -= {one.name for one in all_said if one.bot != bot}
    found = newest_first(mine or known, datetime.now(UTC))
    newer = sorted((name for name in lost if not found or name > found[0].name), reverse=True)
    if newer:
        raise BackupRefused(
            f"{newer[0]} is newer, and is not whole: its manifest cannot be read, or its file is gone or cut. Nothing "
            "was put back. Name its file to have it tried without its manifest, which you take away from beside it, "
            "or name another backup: `echopilot backups` lists them."
        )
    if not found:
        raise BackupRefused(f"There is no backup in {here.folder} or in a second place.")
    return found[0]


def _put_back(here: Here, given: Mapping[str, Any]) -> Any:
    copying.put_back(Path(given["file"]), given["url"], here.tools)
    found = look_through(given["url"], given["schema"], given["rows"])
    return [[one.step, one.passed, one.words] for one in found]


def _listed(here: Here, given: Mapping[str, Any]) -> Any:  # noqa: ARG001 - every order's shape
    known, not_whole = run(here.place.listed())
    return {"known": [one.to_json() for one in known], "broken": not_whole}


def _send(here: Here, given: Mapping[str, Any]) -> Any:
    manifest = beside(file_of(here.folder, given["name"]))
    if manifest is None or manifest.packed is None:
        raise BackupRefused(f"{given['name']} has no manifest beside it in {here.folder}.")
    packing.check_whole(here.folder / manifest.file, manifest.packed)
    run(here.place.send(here.folder, manifest))


def _forget(here: Here, given: Mapping[str, Any]) -> Any:
    run(here.place.delete(given["files"]))


def _new_key(here: Here, given: Mapping[str, Any]) -> Any:  # noqa: ARG001 - every order's shape
    return asdict(packing.new_key())


def _try_out(here: Here, given: Mapping[str, Any]) -> Any:  # noqa: ARG001 - every order's shape
    run(here.place.try_out(f"probe-{secrets.token_hex(4)}"))


@contextmanager
def _working(here: Here) -> Iterator[Path]:
    """A folder to work in, in which nobody else works; what a killed process left is taken away before.

    Who comes second waits.
    """
    here.folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(here.folder / "working.lock", timeout=WAIT_SECONDS, poll_interval=LOOK_SECONDS):
            for pattern in LEFT_OVER:
                for left in here.folder.glob(pattern):
                    shutil.rmtree(left) if left.is_dir() else left.unlink()
            with tempfile.TemporaryDirectory(dir=here.folder, prefix=SCRATCH) as room:
                yield Path(room)
    except Timeout:
        raise Busy(BUSY) from None


ORDERS: Mapping[str, Callable[[Here, Mapping[str, Any]], Any]] = {
    "make": _make,
    "trial": _trial,
    "unpack": _unpack,
    "put back": _put_back,
    "list": _listed,
    "send": _send,
    "forget": _forget,
    "new key": _new_key,
    "try out": _try_out,
}
