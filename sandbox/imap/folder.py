"""A folder of mails as an IMAP server keeps it: numbers that only grow, flags, and what can be searched for and had."""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_RANGE = re.compile(r"(\d+|\*)(?::(\d+|\*))?")
_BODY = r"BODY(?P<peek>\.PEEK)?\[\](?:<(?P<first>\d+)\.(?P<most>[1-9]\d*)>)?"
_ITEM = re.compile(rf"(?:UID|FLAGS|RFC822\.SIZE|{_BODY})", re.IGNORECASE)


class Bad(Exception):
    """The client said what no server understands."""


@dataclass
class Mail:
    """A mail in the folder."""

    number: int
    data: bytes
    at: datetime
    flags: set[str] = field(default_factory=set)


@dataclass
class Folder:
    """`validity` stands for the numbers: where it is another one, they all changed (RFC 3501 2.3.1.1)."""

    name: str = "INBOX"
    validity: int = 1_700_000_001
    mails: list[Mail] = field(default_factory=list)
    next_number: int = 1

    def put(self, data: bytes, *, at: datetime | None = None, flags: Set[str] = frozenset()) -> int:
        """Deliver a mail; returns its number."""
        number = self.next_number
        self.next_number += 1
        lines = b"\r\n".join(data.replace(b"\r\n", b"\n").split(b"\n"))
        self.mails.append(Mail(number, lines, at or datetime.now(UTC), set(flags)))
        return number

    def remove(self, number: int) -> None:
        """Delete a mail; its number is never given again."""
        self.mails = [mail for mail in self.mails if mail.number != number]

    def renumber(self) -> None:
        """Give every mail another number, as a server does that was made anew."""
        self.validity += 1
        for number, mail in enumerate(self.mails, start=1):
            mail.number = number
        self.next_number = len(self.mails) + 1

    def named(self, numbers: str) -> list[Mail]:
        """The mails of a set such as `5`, `5:9` or `5:*`, which always has the last one."""
        last = max((mail.number for mail in self.mails), default=0)
        found: set[int] = set()
        for part in numbers.split(","):
            ends = _RANGE.fullmatch(part)
            if ends is None:
                raise Bad("Invalid UID set")
            first, to = (last if one == "*" else int(one) for one in (ends[1], ends[2] or ends[1]))
            low, high = sorted((first, to))
            found |= {mail.number for mail in self.mails if low <= mail.number <= high}
        return [mail for mail in self.mails if mail.number in found]

    def search(self, criteria: Sequence[str]) -> list[int]:
        """The numbers of the mails that all of the criteria find."""
        found, rest = list(self.mails), list(criteria)
        if not rest:
            raise Bad("Missing search criteria")
        while rest:
            match rest.pop(0).upper():
                case "ALL":
                    pass
                case "UNANSWERED":
                    found = [mail for mail in found if r"\Answered" not in mail.flags]
                case "UID" if rest:
                    named = self.named(rest.pop(0))
                    found = [mail for mail in found if mail in named]
                case "SINCE" if rest:
                    since = _day(rest.pop(0))
                    found = [mail for mail in found if mail.at.date() >= since]
                case other:
                    raise Bad(f"Unknown search key {other}")
        return [mail.number for mail in found]

    def fetched(self, mail: Mail, items: str, *, read_only: bool) -> bytes:
        """What a FETCH of these items answers of a mail."""
        parts = [b"UID %d" % mail.number]
        for item in items.strip("()").split():
            found = _ITEM.fullmatch(item)
            if found is None:
                raise Bad(f"Unknown fetch item {item}")
            parts += self._part(mail, item.upper(), found, read_only=read_only)
        place = self.mails.index(mail) + 1
        return b"* %d FETCH (%s)\r\n" % (place, b" ".join(parts))

    def _part(self, mail: Mail, item: str, found: re.Match[str], *, read_only: bool) -> list[bytes]:
        if item == "UID":
            return []
        if item == "FLAGS":
            return [b"FLAGS (%s)" % " ".join(sorted(mail.flags)).encode()]
        if item == "RFC822.SIZE":
            return [b"RFC822.SIZE %d" % len(mail.data)]
        if found["peek"] is None and not read_only:
            mail.flags.add(r"\Seen")
        name, data = b"BODY[]", mail.data
        if found["most"] is not None:
            first, most = int(found["first"]), int(found["most"])
            name, data = b"BODY[]<%d>" % first, data[first : first + most]
        return [b"%s {%d}\r\n%s" % (name, len(data), data)]


def _day(text: str) -> date:
    day, _dash, rest = text.strip('"').partition("-")
    month, _dash, year = rest.partition("-")
    if month not in _MONTHS or not day.isdigit() or not year.isdigit():
        raise Bad("Invalid date in search")
    return date(int(year), _MONTHS.index(month) + 1, int(day))
