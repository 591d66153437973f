"""Erasures: their states, by what somebody is recognised, and what of what happened stays."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.kernel.tasks import Pool, TaskKind
from bot.kernel.translation import SOURCE_LANGUAGE, Reader

ERASE = TaskKind("erase", Pool.QUICK)
COOLING_OFF = timedelta(hours=24)
LINK_LIFETIME = timedelta(hours=24)
LONGEST_UNDELIVERED = timedelta(days=3)  # so long a certificate may wait for its person
LISTED = timedelta(days=400)  # a backup of each of the last twelve months is kept
FAR = 1 << 52  # below every chat's number
NO_TITLE = "—"
_TOKEN = re.compile(r"[\w.+-]+@[\w.-]+|(?:cus|in)_\w+|\d+")
_WORD = re.compile(r"\w+")
# Names and states that the program itself writes into an event; all other words of one are emptied.
_OURS = frozenset(
    {"state", "role", "before", "after", "type", "kind", "event", "price", "amount", "quote", "paid", "audited", "by",
     "instead_of", "stripe_id", "currency", "ceiling", "way", "task", "failed_from", "verdict", "revision_of"}
)  # fmt: skip


class ErasureState(StrEnum):
    """ERASED: the rows are; what came and was sent, files and the index follow. DONE: all of it."""

    ASKED = "asked"
    STOPPED = "stopped"
    ERASED = "erased"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Marks:
    """By what somebody is recognised in what came and was sent: numbers and addresses, names, their things.

    things: "brief:1042". language, zone: in which they read the certificate.
    """

    chat: int
    ids: frozenset[str]
    things: frozenset[str]
    names: frozenset[str]
    language: str = SOURCE_LANGUAGE
    zone: str = "UTC"

    @property
    def reader(self) -> Reader:
        """As whom they read."""
        return Reader(self.language, self.zone)

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        named = {"ids": sorted(self.ids), "things": sorted(self.things), "names": sorted(self.names)}
        return {"chat": self.chat, "language": self.language, "zone": self.zone, **named}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Marks":
        """What `to_json` wrote."""
        named = (frozenset(values["ids"]), frozenset(values["things"]), frozenset(values["names"]))
        return cls(values["chat"], *named, values.get("language", SOURCE_LANGUAGE), values.get("zone", "UTC"))


@dataclass(frozen=True, slots=True)
class Erasure:
    """Somebody's wish to be erased. person_since: when they came in. gone, stays: how many things of each kind.

    marks: None once what came and was sent is swept; files: likewise once they are deleted.
    """

    id: int
    tenant: str
    person_id: int
    state: ErasureState
    version: int
    asked_at: datetime
    due_at: datetime
    erased_at: datetime | None
    ended_at: datetime | None
    person_since: datetime
    gone: Mapping[str, int]
    stays: Mapping[str, int]
    marks: Marks | None
    files: Sequence[str]


@dataclass(frozen=True, slots=True)
class Theirs:
    """Everything of a person by its number. open_briefs, owed: what stands in the way. messages: with the team."""

    marks: Marks
    briefs: list[int]
    invoices: list[int]
    refunds: int
    files: list[str]
    messages: int
    open_briefs: list[int]
    owed: list[int]
    going_back: bool


@dataclass(frozen=True, slots=True)
class Erased:
    """Somebody who is erased, as a list that outlives the database names them."""

    tenant: str
    person_id: int
    since: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class Named:
    """Marks of several people of one tenant, looked for in one go."""

    tenant: str
    marks: Sequence[Marks]

    def chats(self) -> frozenset[int]:
        """Their private chats."""
        return frozenset(one.chat for one in self.marks)

    def things(self) -> frozenset[str]:
        """What is theirs."""
        return frozenset(thing for one in self.marks for thing in one.things)

    def has_id(self, written: str) -> bool:
        """Whether one of their numbers or addresses stands there."""
        found = {token.lower() for token in _TOKEN.findall(written)}
        return any(not found.isdisjoint(one.ids) or str(one.chat) in found for one in self.marks)

    def has_name(self, written: str) -> bool:
        """Whether every word of one of their names stands there; names of one or two letters say nothing."""
        words = set(_WORD.findall(written.casefold()))
        names = (set(_WORD.findall(name.casefold())) for one in self.marks for name in one.names)
        return any(name <= words for name in names if any(len(word) > 2 for word in name))


def scrubbed(data: Any, key: str = "") -> Any:
    """The data of an event without a person's words: numbers, truths and our own names stay."""
    if isinstance(data, Mapping):
        return {name: scrubbed(value, name) for name, value in data.items()}
    if isinstance(data, list):
        return [scrubbed(value, key) for value in data]
    return "" if isinstance(data, str) and key not in _OURS else data


def without_words(results: Any) -> Any:
    """A judgement without its reasons and quotations."""
    if not isinstance(results, list):
        return []
    return [{**one, "reason": "", "quote": ""} if isinstance(one, Mapping) else one for one in results]


def in_a_line(erased: Iterable[Erased]) -> str:
    """A list of who is erased, for what outlives the database."""
    return ";".join(f"{one.tenant},{one.person_id},{one.since.isoformat()},{one.at.isoformat()}" for one in erased)


def out_of_a_line(line: str) -> list[Erased]:
    """What `in_a_line` wrote; what is no such entry is left out."""
    found = []
    for entry in filter(None, line.split(";")):
        try:
            tenant, person, since, at = entry.rsplit(",", 3)
            found.append(Erased(tenant, int(person), datetime.fromisoformat(since), datetime.fromisoformat(at)))
        except ValueError:
            continue
    return found
