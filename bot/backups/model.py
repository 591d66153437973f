"""What a backup is, which of them are kept, what was found of one, and what waits after one was put back. Pure."""

import re
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from bot.kernel.tasks import Pool, TaskKind

FORMAT = 1  # of the manifest: what a program reads that knows no newer one
STAMP = "%Y%m%dT%H%M%SZ"
NAME = re.compile(r"echopilot-(\d{8}T\d{6}Z)-[0-9a-f]{6}(?:[0-9a-f]{3})?")
PLAIN, SEALED = ".tar.zst", ".tar.zst.age"  # opened by `age`, `zstd` and `tar` as well
BESIDE, ONE_OFF_KEY = ".json", ".key"
DATABASE = "database"
FOLDER, SECOND_PLACE = "folder", "second place"
DAYS, MONTHS = 30, 12
FRESH = timedelta(days=1)  # of which every backup is kept
SLACK = timedelta(hours=1)  # by which a clock may be wrong
OLD = timedelta(hours=26)  # a nightly backup is late
AFTER_RESTORE = TaskKind("after_restore", Pool.QUICK)


def new_name(at: datetime) -> str:
    """A name that no other backup has. Of those of one second, names are in the order of time too."""
    return f"echopilot-{at.astimezone(UTC):{STAMP}}-{at.microsecond:05x}{secrets.token_hex(2)}"


def made_at(name: str) -> datetime | None:
    """When the backup of that name was made; None where it is no name of one."""
    found = NAME.fullmatch(name)
    return datetime.strptime(found[1], STAMP).replace(tzinfo=UTC) if found else None


@dataclass(frozen=True, slots=True)
class Part:
    """A file within a backup, or the backup itself."""

    size: int
    sha256: str

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """What `asdict` made of it. Raises KeyError, TypeError or ValueError where that cannot be."""
        return cls(int(values["size"]), str(values["sha256"]))


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself: within it, and once more in a file beside it.

    engine: "sqlite" or "postgresql". code: the commit that made it. installation: the code by which providers tell ours
    from others. bot: the number of the bot at Telegram. rows: how many each table has. sealed_for: the public key that
    it is encrypted to, "" where it is not. packed: the whole file; None within the backup.
    audit: how far the chain of the audit log went, of each tenant; see `bot.audit.model.in_a_line`.
    erased: by number, who was erased until then; see `bot.privacy.model.in_a_line`.
    """

    name: str
    made_at: datetime
    engine: str
    schema: str
    code: str
    installation: str
    bot: str
    host: str
    rows: Mapping[str, int]
    parts: Mapping[str, Part]
    sealed_for: str = ""
    packed: Part | None = None
    format: int = FORMAT
    audit: str = ""
    erased: str = ""

    @property
    def file(self) -> str:
        """The name of its file."""
        return f"{self.name}{SEALED if self.sealed_for else PLAIN}"

    @property
    def size(self) -> int:
        """Bytes of its file."""
        return self.packed.size if self.packed is not None else 0

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        return asdict(self) | {"made_at": self.made_at.isoformat()}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """What `to_json` wrote. Raises ValueError where that cannot be."""
        try:
            known: dict[str, Any] = {name: str(values[name]) for name in cls.__slots__ if name in values}
            known["made_at"] = datetime.fromisoformat(values["made_at"]).astimezone(UTC)
            known["rows"] = {str(name): int(count) for name, count in values["rows"].items()}
            known["parts"] = {str(name): Part.from_json(part) for name, part in values["parts"].items()}
            known["packed"] = Part.from_json(values["packed"]) if values.get("packed") else None
            known["format"] = int(values["format"])
            made = cls(**known)
            named = NAME.fullmatch(made.name)  # which becomes the name of a file
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise ValueError("is no manifest of a backup") from error
        if named is None:
            raise ValueError("names itself as no backup is named")
        return made

    def inner(self) -> Self:
        """What it says within the file, which cannot know of its own size."""
        return replace(self, packed=None)


class Step(StrEnum):
    """Something that is tried of a backup, in this order."""

    FETCHED = "fetched"
    WHOLE = "whole"
    OPENED = "opened"
    RESTORED = "restored"
    INTEGRITY = "integrity"
    ROWS = "rows"
    LEDGER = "ledger"
    SCHEMA = "schema"


@dataclass(frozen=True, slots=True)
class Tried:
    """How a step went. words: what went wrong, or figures, for whoever reads logs; in English."""

    step: Step
    passed: bool
    words: str = ""


class Trying(StrEnum):
    """Why a backup was tried."""

    VERIFY = "verify"
    DRILL = "drill"


@dataclass(frozen=True, slots=True)
class Trial:
    """A backup that was restored somewhere else and looked through. place: "folder" or "second place"."""

    id: int
    backup: str
    kind: Trying
    place: str
    began_at: datetime
    took: timedelta
    steps: Sequence[Tried]

    @property
    def passed(self) -> bool:
        """Whether everything was as it should be."""
        return bool(self.steps) and all(one.passed for one in self.steps)

    @property
    def failed(self) -> Tried | None:
        """What was not as it should be."""
        return next((one for one in self.steps if not one.passed), None)


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup as the database knows it. gone_at: when it was deleted, after its time."""

    id: int
    manifest: Manifest
    took: timedelta
    verified_at: datetime | None = None
    replicated_at: datetime | None = None
    gone_at: datetime | None = None

    @property
    def name(self) -> str:
        return self.manifest.name


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands with backups. verified: the newest that was restored and looked through.

    second: where copies go, in words; "" for nowhere. since: when the installation began.
    """

    newest: Backup | None
    verified: Backup | None
    drill: Trial | None
    encrypted: bool
    second: str
    since: datetime

    def age(self, now: datetime) -> timedelta:
        """How long ago the newest was made; where there is none, how long there might have been one."""
        return now - (self.since if self.newest is None else self.newest.manifest.made_at)

    def late(self, now: datetime) -> bool:
        """Whether there is none of the last night."""
        return self.age(now) > OLD


@dataclass(frozen=True, slots=True)
class Aged:
    """A backup for whoever decides what is kept. sound: whether it was restored and looked through."""

    name: str
    made_at: datetime
    sound: bool


def is_to_come(made_at: datetime, now: datetime) -> bool:
    """Whether the time lies ahead: whoever wrote it down had a wrong clock."""
    return made_at > now + SLACK


def newest_first(found: Iterable[Manifest], now: datetime) -> list[Manifest]:
    """The newest first; those of a time that is yet to come are last, since nobody knows how old they are."""
    return sorted(found, key=lambda one: (not is_to_come(one.made_at, now), one.made_at, one.name), reverse=True)


def to_keep(there: Iterable[Aged], now: datetime) -> set[str]:
    """The names of those that are kept: all of the last day, one of each of the newest 30 days and of the newest 12
    months that have any, sound ones first; the newest of all, and the newest that is sound.

    Days are counted, not measured by the clock: one that goes wrong, or a long pause, deletes nothing. What is of a
    time that is yet to come stays, and takes no day from another.
    """
    newest = sorted(there, key=lambda one: (one.made_at, one.name), reverse=True)
    past = [one for one in newest if not is_to_come(one.made_at, now)]
    kept = [one for one in newest if is_to_come(one.made_at, now) or now - one.made_at < FRESH]
    kept += past[:1] + [one for one in past if one.sound][:1]
    kept += _one_of_each(past, lambda at: at.date(), DAYS)
    kept += _one_of_each(past, lambda at: (at.year, at.month), MONTHS)
    return {one.name for one in kept}


def _one_of_each(newest: Sequence[Aged], stretch: Callable[[datetime], object], most: int) -> list[Aged]:
    """The newest sound one of each stretch of time, else its newest, for as many stretches."""
    best: dict[object, Aged] = {}
    for one in newest:
        known = best.setdefault(stretch(one.made_at), one)
        if one.sound and not known.sound:
            best[stretch(one.made_at)] = one
    return list(best.values())[:most]


class Kind(StrEnum):
    """What waits in the outbox after a backup was put back, by whom it is for."""

    CLIENTS = "clients"
    TEAM = "team"
    MAIL = "mail"
    MIRROR = "notion"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much of a kind waits. last: the newest row's id. since: when the oldest was made."""

    kind: Kind
    count: int
    last: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Restore:
    """A backup that was put back here. held: the kinds that go out only once an admin has decided.

    stripe: what came of asking the payment provider; "" until it was asked.
    """

    id: int
    backup: str
    backup_at: datetime
    restored_at: datetime
    held: frozenset[Kind]
    version: int
    stripe: str = ""
