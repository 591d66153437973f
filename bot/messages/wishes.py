"""What a person wants to hear of, how loudly, and when not. Pure.

Only messages that come by themselves are meant: an answer is always shown.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from typing import Self
from zoneinfo import ZoneInfo

from bot.access.model import Person
from bot.kernel.errors import Refusal
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.messages.topics import Topic

HOURS = re.compile(r"(\d{1,2})(?::(\d{2}))?\s*(?:-|–|to|a|تا)\s*(\d{1,2})(?::(\d{2}))?")
# What somebody of the team may hear silently or not at all. The rest is what they are asked for, or what concerns them.
MAY_BE_OFF: Collection[Topic] = (Topic.ALERTS, Topic.JOBS, Topic.TROUBLE, Topic.COSTS, Topic.QUALITY, Topic.RATINGS,
                                 Topic.REPORTS, Topic.MIRROR, Topic.PEOPLE)  # fmt: skip


class Hear(StrEnum):
    """How somebody hears of a topic."""

    ON = "on"
    SILENT = "silent"
    OFF = "off"

    @property
    def words(self) -> str:
        """ "on", "silent", "off", for people."""
        return _(_WORDS[self])


_WORDS = {Hear.ON: N_("on"), Hear.SILENT: N_("silent"), Hear.OFF: N_("off")}


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From when to when nothing is loud, by the person's own clock. strict: what is critical is silent then, too."""

    begins: time
    ends: time
    strict: bool = False

    @classmethod
    def kept(cls, written: str) -> Self | None:
        """As `str` wrote it; None for ""."""
        if not written:
            return None
        begins, ends = written.removesuffix("!").split("-")
        return cls(time.fromisoformat(begins), time.fromisoformat(ends), written.endswith("!"))

    @classmethod
    def said(cls, words: str, *, strict: bool = False) -> Self:
        """As a person writes it: "22:00-7:00", "22 - 7". Raises Refusal for what is none."""
        found = HOURS.fullmatch(words.strip().lower())
        try:
            if found is None:
                raise ValueError(words)
            first, second, third, fourth = (int(one or 0) for one in found.groups())
            begins, ends = time(first, second), time(third, fourth)
        except ValueError:
            raise Refusal(
                _("I cannot read those hours. Write from when to when, for example: /alerts quiet 22:00-07:00")
            ) from None
        if begins == ends:
            raise Refusal(_("Quiet hours begin and end at different times. For example: /alerts quiet 22:00-07:00"))
        return cls(begins, ends, strict)

    def __str__(self) -> str:
        return f"{self.begins:%H:%M}-{self.ends:%H:%M}{'!' if self.strict else ''}"

    def hold(self, at: datetime, zone: ZoneInfo) -> bool:
        """Whether it is quiet at that moment for somebody in that zone."""
        there = at.astimezone(zone).time()
        if self.begins < self.ends:
            return self.begins <= there < self.ends
        return there >= self.begins or there < self.ends


def is_quiet(person: Person, at: datetime) -> bool:
    """Whether the person's quiet hours hold."""
    hours = QuietHours.kept(person.quiet_hours)
    return hours is not None and hours.hold(at, ZoneInfo(person.reader.zone))


def wish(heard: str, topic: Topic) -> Hear:
    """How a person wants to hear of the topic. heard: as it is kept of them."""
    said = dict(one.split("=", 1) for one in heard.split())
    return Hear(said.get(topic.name.lower(), Hear.ON)) if topic in MAY_BE_OFF else Hear.ON


def wished(heard: str, topic: Topic, how: Hear) -> str:
    """The same with another wish for the topic."""
    said = dict(one.split("=", 1) for one in heard.split()) | {topic.name.lower(): how.value}
    return " ".join(f"{name}={value}" for name, value in sorted(said.items()) if value != Hear.ON)


def how_loud(person: Person, topic: Topic, at: datetime, *, urgent: bool) -> Hear:
    """How the person hears of something now. urgent: it is critical, which only strict quiet hours keep silent."""
    quiet = is_quiet(person, at)
    if urgent:
        return Hear.SILENT if quiet and person.quiet_hours.endswith("!") else Hear.ON
    asked = wish(person.heard, topic)
    return Hear.SILENT if quiet and asked is Hear.ON else asked
