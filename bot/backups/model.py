"""What a backup is, which of them are kept, what was found of one, and what waits after one was put back. Pure."""

import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from bot.kernel.tasks import Pool, TaskKind

FORMAT = 1  # of the manifest: what a program reads that knows no newer one
STAMP = "%Y%m%dT%H%M%SZ"
NAME = re.compile(r"echopilot-(\d{8}T\d{6}Z)-[0-9a-f]{6}")
PLAIN, SEALED = ".tar.zst", ".tar.zst.age"  # opened by `age`, `zstd` and `tar` as well
BESIDE, ONE_OFF_KEY = ".json", ".key"
DATABASE = "database"
DAYS, MONTHS = 30, 12
FRESH = timedelta(days=1)  # of which every backup is kept
OLD = timedelta(hours=26)  # a nightly backup is late
AFTER_RESTORE = TaskKind("after_restore", Pool.QUICK)


def new_name(at: datetime) -> str:
    """A name that no other backup has."""
    return f"echopilot-{at.astimezone(UTC):{STAMP}}-{secrets.token_hex(3)}"


def made_at(name: str) -> datetime | None:
    """When the backup of that name was made; None where it is no name of one."""
    found = NAME.fullmatch(name)
    return datetime.strptime(found[1], STAMP).replace(tzinfo=UTC) if found else None


@dataclass(frozen=True, slots=True)
class Part:
    """A file within a backup, or the backup itself."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself: within it, and once more in a file beside it.

    engine: "sqlite" or "postgresql". code: the commit that made it. installation: the code by which providers tell ours
    from others. bot: the number of the bot at Telegram. rows: how many each table has. sealed_for: the public key that
    it is encrypted to, "" where it is not. packed: the whole file; None within the backup.
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
            known = {name: values[name] for name in cls.__slots__ if name in values}
            known["made_at"] = datetime.fromisoformat(values["made_at"])
            known["parts"] = {name: Part(**part) for name, part in values["parts"].items()}
            known["packed"] = Part(**values["packed"]) if values.get("packed") else None
            made = cls(**known)
            named = NAME.fullmatch(made.name)  # which becomes the name of a file
        except (KeyError, TypeError, AttributeError) as error:
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

    second: where copies go, in words; "" for nowhere.
    """

    newest: Backup | None
    verified: Backup | None
    drill: Trial | None
    encrypted: bool
    second: str

    def late(self, now: datetime) -> bool:
        """Whether there is none of the last night."""
        return self.newest is None or now - self.newest.manifest.made_at > OLD


def to_keep(made: Iterable[datetime], now: datetime) -> set[datetime]:
    """Which backups are kept, by when they were made: all of the last day, the newest of each of the last 30 days and
    of each of the last 12 months, and the newest of all, however old.
    """
    newest_first = sorted(made, reverse=True)
    days: dict[date, datetime] = {}
    months: dict[int, datetime] = {}
    for at in newest_first:
        days.setdefault(at.date(), at)
        months.setdefault(_month(at), at)
    first_day, first_month = now.date() - timedelta(days=DAYS - 1), _month(now) - MONTHS + 1
    kept = {at for at in newest_first if now - at < FRESH} | set(newest_first[:1])
    kept |= {at for day, at in days.items() if day >= first_day}
    return kept | {at for month, at in months.items() if month >= first_month}


def _month(at: datetime) -> int:
    return at.year * 12 + at.month


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
