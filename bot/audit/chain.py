"""The chain of the audit log: each entry's link is an HMAC over the link before it and the entry, byte for byte.

An entry is framed as netstrings (https://cr.yp.to/proto/netstrings.txt), one for each of FIELDS in their order:
the number of bytes in decimal, a colon, the bytes, a comma. A value that is there is its text in UTF-8 behind "=", one
that is not there is the empty netstring, so that "" and nothing differ, and no two entries have the same bytes. A frame
begins with the format, the tenant and the entry's place (1, 2, 3 and so on in that tenant's chain): an entry of
another tenant, or at another place, is another frame.

    link 0 = HMAC-SHA-256(key, frame of "echopilot audit", format, tenant)
    link n = HMAC-SHA-256(key, link n-1 (32 bytes) + frame of entry n)

Who has no key can neither change an entry nor make the links behind it anew. That the newest entries were cut off no
chain can show by itself: it is held against an anchor, which is a place and its link, kept elsewhere.
"""

import hmac
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

FORMAT = "1"
FIELDS = (
    *("format", "tenant", "place", "id", "at", "person_id", "stranger_id"),
    *("action", "subject", "outcome", "source", "reference", "before", "after"),
)
ABSENT = "0:,"
HASH = "sha256"
KEY_NAME = 16  # hexadecimal digits by which a key is told from others, and which do not give it away
_SIZE = re.compile(rb"(0|[1-9][0-9]{0,8}):")
KeyRing = Mapping[str, bytes]  # by its name; the first one makes new links


class Entry(NamedTuple):
    """An entry as the chain has it. at: microseconds since 1970.

    person_id, stranger_id: whose names and numbers are kept elsewhere, never in here.
    """

    id: int
    at: int
    person_id: int | None
    stranger_id: int | None
    action: str
    subject: str
    outcome: str
    source: str | None = None
    reference: str | None = None
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Sealed:
    """An entry at its place in a chain. key: the name of the key that its link was made with."""

    place: int
    key: str
    link: bytes
    entry: Entry


class Record(NamedTuple):
    """What a chain is checked by: as Sealed, with the bytes of the entry."""

    place: int
    key: str
    link: bytes
    framed: bytes


@dataclass(frozen=True, slots=True)
class Anchor:
    """How far a chain went at that time, and its link there."""

    place: int
    link: bytes
    at: datetime | None = None


class Why(StrEnum):
    """What is wrong with an entry, the first that is not as it was written."""

    CHANGED = "changed"
    MISSING = "missing"
    TWICE = "twice"
    UNREADABLE = "unreadable"
    OTHER_KEY = "other_key"
    CUT_OFF = "cut_off"
    REWRITTEN = "rewritten"
    UNSEALED = "unsealed"


@dataclass(frozen=True, slots=True)
class Fault:
    """The first bad entry. place: where in the chain; entry_id: of the row that is there, 0 where none is.

    until: of entries that are missing, the place of the last.
    """

    place: int
    why: Why
    entry_id: int = 0
    until: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many entries were found as they were written, the last link, and what was wrong."""

    entries: int
    link: bytes
    fault: Fault | None = None


def netstrings(*values: object) -> bytes:
    """Values as netstrings; None is an empty one."""
    return _framed([None if value is None else str(value) for value in values])


def _framed(values: Sequence[str | None]) -> bytes:
    text = "".join([ABSENT if value is None else f"{len(value) + 1}:={value}," for value in values])
    if text.isascii():
        return text.encode("ascii")
    raw = [None if value is None else value.encode("utf-8", "surrogatepass") for value in values]
    return b"".join([b"0:," if value is None else b"%d:=%b," % (len(value) + 1, value) for value in raw])


def frame(tenant: str, place: int, entry: Entry) -> bytes:
    """The bytes of an entry at its place."""
    person, stranger = entry.person_id, entry.stranger_id
    return _framed(
        (
            *(FORMAT, tenant, str(place), str(entry.id), str(entry.at)),
            None if person is None else str(person),
            None if stranger is None else str(stranger),
            *(entry.action, entry.subject, entry.outcome, entry.source, entry.reference, entry.before, entry.after),
        )
    )


def unframed(framed: bytes) -> list[str | None]:
    """The values of a frame. Raises ValueError where it is not exactly one."""
    values: list[str | None] = []
    at = 0
    while at < len(framed):
        size = _SIZE.match(framed, at)
        if size is None:
            raise ValueError("no netstring begins here")
        begin, end = size.end(), size.end() + int(size[1])
        value = framed[begin:end]
        if framed[end : end + 1] != b"," or (value and value[:1] != b"="):
            raise ValueError("a netstring does not end where it says")
        values.append(value[1:].decode("utf-8", "surrogatepass") if value else None)
        at = end + 1
    return values


def entry_id(framed: bytes) -> int:
    """The entry's id as its frame says it; 0 where it does not say it."""
    try:
        return int(unframed(framed)[FIELDS.index("id")] or 0)
    except (ValueError, IndexError):
        return 0


def key_name(key: bytes) -> str:
    """By which name links say which key made them."""
    return hmac.digest(key, b"name of a key of the audit log", HASH).hex()[:KEY_NAME]


def ring(keys: Iterable[bytes]) -> KeyRing:
    """Keys by their names, in their order."""
    return {key_name(key): key for key in keys}


def origin(key: bytes, tenant: str) -> bytes:
    """The link before the first entry."""
    return hmac.digest(key, netstrings("echopilot audit", FORMAT, tenant), HASH)


def linked(key: bytes, before: bytes, framed: bytes) -> bytes:
    """The link of an entry behind that link."""
    return hmac.digest(key, before + framed, HASH)


def seal(keys: KeyRing, tenant: str, head: Anchor | None, entries: Iterable[Entry]) -> Iterator[Sealed]:
    """The entries at the places behind the head; None: of a chain that begins."""
    name, key = next(iter(keys.items()))
    place, link = (0, origin(key, tenant)) if head is None else (head.place, head.link)
    for entry in entries:
        place += 1
        link = linked(key, link, frame(tenant, place, entry))
        yield Sealed(place, name, link, entry)


def record(tenant: str, sealed: Sealed) -> Record:
    """A sealed entry as it is checked."""
    return Record(sealed.place, sealed.key, sealed.link, frame(tenant, sealed.place, sealed.entry))


class Verifier:
    """Goes along a chain, from its beginning or from behind an anchor that is known, and stops at the first bad entry.

    anchors: what was kept elsewhere of this chain; the chain has to go through each, and at least as far as the last.
    """

    def __init__(
        self, keys: KeyRing, tenant: str, anchors: Iterable[Anchor] = (), behind: Anchor | None = None
    ) -> None:
        self._keys = keys
        self._start = netstrings(FORMAT, tenant)
        self._tenant = tenant
        self._anchors = {anchor.place: anchor for anchor in sorted(anchors, key=lambda one: one.place)}
        self._place = 0 if behind is None else behind.place
        self._link = None if behind is None else behind.link
        self.checked = 0
        self.fault: Fault | None = None

    @property
    def place(self) -> int:
        """Of the last good entry."""
        return self._place

    @property
    def link(self) -> bytes:
        """Of the last good entry; empty where there is none."""
        return self._link or b""

    def take(self, records: Iterable[Record]) -> bool:
        """Check what comes next; False once there is something wrong, and from then on."""
        place, link, known = self._place, self._link, self._keys
        start, anchors, before = self._start, self._anchors, self._place
        for one in records:
            if self.fault is not None:
                break
            expected = place + 1
            if one.place != expected:
                self.fault = _misplaced(expected, one)
                break
            key = known.get(one.key)
            if key is None:
                self.fault = Fault(expected, Why.OTHER_KEY, entry_id(one.framed))
                break
            number = str(expected)
            if not one.framed.startswith(b"%b%d:=%b," % (start, len(number) + 1, number.encode())):
                self.fault = Fault(expected, Why.CHANGED, entry_id(one.framed))
                break
            made = hmac.digest(key, (origin(key, self._tenant) if link is None else link) + one.framed, HASH)
            if not hmac.compare_digest(made, one.link):
                self.fault = Fault(expected, Why.CHANGED, entry_id(one.framed))
                break
            if expected in anchors and anchors[expected].link != made:
                self.fault = Fault(expected, Why.REWRITTEN, entry_id(one.framed))
                break
            place, link = expected, made
        self.checked += place - before
        self._place, self._link = place, link
        return self.fault is None

    def broken(self, why: Why, until: int = 0) -> None:
        """What stands at the next place is not as it has to be."""
        if self.fault is None:
            self.fault = Fault(self._place + 1, why, until=until)

    def end(self) -> Verdict:
        """The chain has no more entries."""
        last = max(self._anchors, default=0)
        if self.fault is None and last > self._place:
            self.fault = Fault(self._place + 1, Why.CUT_OFF, until=last)
        return Verdict(self.checked, self.link, self.fault)


def _misplaced(expected: int, one: Record) -> Fault:
    if one.place > expected:
        return Fault(expected, Why.MISSING, until=one.place - 1)
    return Fault(expected, Why.TWICE, entry_id(one.framed))
