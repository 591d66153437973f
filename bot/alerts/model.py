"""What goes wrong: alerts, when they are told and how loudly, and messages that do not arrive. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_

Facts = Mapping[str, str | int]
AGAIN = timedelta(hours=1)  # what opens several times within it comes and goes
OPENINGS = 4  # so many times
STEADY = timedelta(minutes=30)  # what came and went is over once it is gone for so long
SNOOZE = timedelta(minutes=30)
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
    def nags_after(self) -> timedelta | None:
        """So long after it was told, it is told again while nobody has it; None: once is enough."""
        return _NAGS.get(self)


_WORDS = {Severity.CRITICAL: N_("Critical"), Severity.WARNING: N_("Warning"), Severity.NOTICE: N_("Notice")}
_NAGS = {Severity.CRITICAL: timedelta(minutes=5), Severity.WARNING: timedelta(hours=1)}


@dataclass(frozen=True, slots=True)
class Alert:
    """What a rule found wrong, and how it stands.

    fingerprint: of what; facts: what its words name. opened_at: since when; seen_at, times: when it was found last, and
    how often since it opened. openings: how often it opened since `openings_since`. gone_since: of one that comes and
    goes, since when it is gone. told: who was shown it. taken_by, resolved_by: people's ids, with their names. nags:
    how often it was told as a new message since it opened, the last time at `nagged_at`.
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
    taker: str = ""
    resolver: str = ""

    @property
    def open(self) -> bool:
        """Whether it is still wrong."""
        return self.resolved_at is None

    @property
    def flaps(self) -> bool:
        """Whether it comes and goes."""
        return self.openings >= OPENINGS

    def sleeps(self, now: datetime) -> bool:
        """Whether somebody put it off until later."""
        return self.snoozed_until is not None and now < self.snoozed_until

    def nags_at(self) -> datetime | None:
        """When it is to be told again, while nobody has it; None: not any more."""
        after = self.severity.nags_after
        if not self.open or self.taken_by is not None or self.flaps or after is None or self.nagged_at is None:
            return None
        due = self.nagged_at + after
        return due if self.snoozed_until is None else max(due, self.snoozed_until)


def opens_again(alert: Alert, now: datetime) -> tuple[int, datetime]:
    """How often it opened by now, counting this time, and since when that is counted."""
    if now - alert.openings_since > AGAIN:
        return 1, now
    return alert.openings + 1, alert.openings_since


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
