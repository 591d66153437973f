"""What goes wrong: alerts, when they are told and how loudly, and messages that do not arrive. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.messages.kept import kept, sentence

Facts = Mapping[str, str | int]
OPENED = "raised"  # the event of an alert each time that it opens
AGAIN = timedelta(hours=1)  # what opens several times within it comes and goes
OPENINGS = 4  # so many times
STEADY = timedelta(minutes=30)  # what came and went is over once it is gone for so long
SNOOZE = timedelta(minutes=30)  # unless somebody chooses otherwise
STORM = 20  # alerts that open within an hour are told one by one, and of the rest there are so many


class Severity(StrEnum):
    """How bad it is. CRITICAL: somebody is woken; WARNING: somebody has to see to it today; NOTICE: good to know."""

    CRITICAL = "critical"
    WARNING = "warning"
    NOTICE = "notice"

    @property
    def words(self) -> str:
        """ "Critical", as a headline begins."""
        return _(_WORDS[self])

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return list(Severity).index(self)

    @property
    def snoozes(self) -> Mapping[str, timedelta]:
        """For how long it may be put off, by the name of the choice; of what is critical not for half a day."""
        most = timedelta(hours=2) if self is Severity.CRITICAL else timedelta(days=1)
        return {name: span for name, span in SNOOZES.items() if span <= most}

    @property
    def nags_after(self) -> timedelta | None:
        """So long after it was told, it is told again while nobody has it; None: once is enough."""
        return _NAGS.get(self)


SNOOZES: Mapping[str, timedelta] = {
    "30m": SNOOZE,
    "2h": timedelta(hours=2),
    "8h": timedelta(hours=8),
    "1d": timedelta(days=1),
}
_WORDS = {Severity.CRITICAL: N_("Critical"), Severity.WARNING: N_("Warning"), Severity.NOTICE: N_("Notice")}
_NAGS = {Severity.CRITICAL: timedelta(minutes=5), Severity.WARNING: timedelta(hours=1)}


@dataclass(frozen=True, slots=True)
class Changed:
    """What somebody, or another version of the program, changed last before an alert opened.

    event: its name, "flag.switched". what: of what, in its own name, "" where that says nothing.
    """

    event: str
    what: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Alert:
    """What a rule found wrong, and how it stands.

    fingerprint: of what; facts: what its words name. opened_at: since when; seen_at, times: when it was found last, and
    how often since it opened. openings: how often it opened within AGAIN, first at `openings_since`, last at `came_at`.
    gone_since: of one that comes and goes, since when it is gone. told: who was shown it. taken_by, resolved_by:
    people's ids, with their names. nags: how often it was told as a new message since it opened, the last time at
    `nagged_at`. mailed_at: when it went by mail. budget_used: of its service level, in hundredths of a percent, when it
    opened; changed: what was changed last before.
    """

    id: int
    tenant: str
    rule: str
    fingerprint: str
    severity: Severity
    facts: Facts
    version: int
    opened_at: datetime
    seen_at: datetime
    times: int
    openings: int
    openings_since: datetime
    gone_since: datetime | None
    told: tuple[int, ...]
    taken_by: int | None
    taken_at: datetime | None
    snoozed_until: datetime | None
    nagged_at: datetime | None
    nags: int
    resolved_at: datetime | None
    resolved_by: int | None
    incident_id: int | None
    came_at: datetime | None = None
    mailed_at: datetime | None = None
    budget_used: int | None = None
    changed: Changed | None = None
    taker: str = ""
    resolver: str = ""

    @property
    def open(self) -> bool:
        """Whether it is still wrong."""
        return self.resolved_at is None

    def flaps(self, now: datetime) -> bool:
        """Whether it comes and goes: it opened again and again, and has not been there for long since it last came."""
        if self.openings < OPENINGS:
            return False
        return self.gone_since is not None or now - (self.came_at or self.opened_at) < STEADY

    @property
    def unsaid(self) -> bool:
        """Whether it had no message of its own since it opened, because too many opened with it."""
        quiet = self.nagged_at is None and self.openings < OPENINGS
        return self.open and quiet and self.taken_by is None

    def sleeps(self, now: datetime) -> bool:
        """Whether somebody put it off until later."""
        return self.snoozed_until is not None and now < self.snoozed_until

    def nags_at(self, now: datetime, *, nags: bool) -> datetime | None:
        """When it is to be told again, while nobody has it; None: not any more. nags: whether its rule does.

        What came and went, and stays since, is told once it was there for long. What was put off is told after that,
        also where it does not nag.
        """
        after = self.severity.nags_after
        if not self.open or self.taken_by is not None or self.flaps(now):
            return None
        if not nags or after is None:
            return self._after_snooze
        if self.nagged_at is not None:
            due = self.nagged_at + after
        elif self.openings >= OPENINGS:
            due = (self.came_at or self.opened_at) + STEADY
        else:
            return self._after_snooze
        return due if self.snoozed_until is None else max(due, self.snoozed_until)

    @property
    def _after_snooze(self) -> datetime | None:
        """Until when it was put off, where it was not told since."""
        told = self.nagged_at is not None and self.snoozed_until is not None and self.nagged_at >= self.snoozed_until
        return None if told else self.snoozed_until


@dataclass(frozen=True, slots=True)
class Destination:
    """Whom or what something from the outbox reaches: by its name, or a chat of which only the number is known."""

    name: str
    kind: Literal["named", "chat", "group"] = "named"

    @property
    def words(self) -> str:
        """ "Alice", "group -1004"."""
        match self.kind:
            case "chat":
                return _("chat {id}", id=self.name)
            case "group":
                return _("group {id}", id=self.name)
        return self.name

    @property
    def fact(self) -> str:
        """The same as an alert keeps it, to be read in each reader's language."""
        match self.kind:
            case "chat":
                return kept(sentence(N_("chat {id}"), id=self.name))
            case "group":
                return kept(sentence(N_("group {id}"), id=self.name))
        return self.name
