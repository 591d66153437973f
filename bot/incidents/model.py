"""What an incident is, which alerts belong to one, and who is paged when. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from bot.alerts.model import Alert, Severity
from bot.alerts.rules.catalog import BY_NAME

TOGETHER = timedelta(minutes=30)  # what begins so soon after another is taken for the same
SEVERAL = 3  # so many warnings at once are an incident, too
CALM = timedelta(minutes=10)  # so long after its last alert was over, an incident ends by itself


class Rung(IntEnum):
    """How far up the ladder somebody was paged: who is on duty first, then second, then all admins, then by mail."""

    NOBODY = 0
    FIRST = 1
    SECOND = 2
    ADMINS = 3
    MAIL = 4


# How long after the incident opened each rung is reached, while nobody has it.
REACHED = {
    Rung.FIRST: timedelta(0),
    Rung.SECOND: timedelta(minutes=15),
    Rung.ADMINS: timedelta(minutes=25),
    Rung.MAIL: timedelta(minutes=35),
}


@dataclass(frozen=True, slots=True)
class Incident:
    """Alerts of one time and cause, or something that a person saw.

    title: in a person's words, "" where alerts opened it. changed_at: when the last alert joined, or somebody wrote
    something. calm_since: since when none of its alerts is open. rung, paged_at: how far it was paged, and when last.
    summary: by which model (None: by plain rules), and up to which event.
    """

    id: int
    tenant: str
    title: str
    severity: Severity
    version: int
    opened_at: datetime
    opened_by: int | None
    changed_at: datetime
    calm_since: datetime | None
    taken_by: int | None
    taken_at: datetime | None
    rung: Rung
    paged_at: datetime | None
    closed_at: datetime | None
    closed_by: int | None
    summary: str | None
    summary_model: str | None
    summary_event: int
    taker: str = ""
    closer: str = ""

    @property
    def open(self) -> bool:
        """Whether it goes on."""
        return self.closed_at is None

    @property
    def subject(self) -> str:
        """What its events are about."""
        return f"incident:{self.id}"

    def due_rung(self, now: datetime, begun: datetime | None = None) -> Rung:
        """The rung that is reached by now; nobody is paged of what somebody has, is over, or is no emergency.

        begun: since when the ladder is climbed, where that was put off after it opened.
        """
        if not self.open or self.taken_by is not None or self.severity is not Severity.CRITICAL:
            return self.rung
        climbed = max(timedelta(), now - max(self.opened_at, begun or self.opened_at))
        return max(rung for rung, after in REACHED.items() if climbed >= after)


@dataclass(frozen=True, slots=True)
class Plan:
    """What grouping finds: alerts that join an open incident, by its id, and those that open a new one together."""

    joins: dict[int, list[Alert]]
    opens: list[Alert]


def group_of(alert: Alert) -> str:
    """What has one cause has one group."""
    rule = BY_NAME.get(alert.rule)
    return rule.group if rule is not None else alert.rule


def grouped(loose: Iterable[Alert], open_ones: Sequence[Incident], groups: dict[int, set[str]]) -> Plan:
    """Where open alerts without an incident belong. groups: of each open incident, those of its alerts.

    An alert joins the incident that has its group, else the newest one that something happened to within TOGETHER
    before. What is left opens one where it is critical, or there is much of it; mere notices are no incident.
    """
    joins: dict[int, list[Alert]] = {}
    left: list[Alert] = []
    for alert in loose:
        if alert.severity is Severity.NOTICE or _about_alerts(alert):
            continue
        found = _incident_of(alert, open_ones, groups)
        if found is None:
            left.append(alert)
        else:
            joins.setdefault(found.id, []).append(alert)
    emergency = any(alert.severity is Severity.CRITICAL for alert in left)
    return Plan(joins, left if emergency or len(left) >= SEVERAL else [])


def _about_alerts(alert: Alert) -> bool:
    rule = BY_NAME.get(alert.rule)
    return rule is not None and rule.about_alerts


def _incident_of(alert: Alert, open_ones: Sequence[Incident], groups: dict[int, set[str]]) -> Incident | None:
    of_group = [one for one in open_ones if group_of(alert) in groups.get(one.id, set())]
    soon = [one for one in open_ones if abs(alert.opened_at - one.changed_at) <= TOGETHER]
    return next(reversed(of_group or soon), None)


def asleep(found: Sequence[Alert], now: datetime) -> bool:
    """Whether somebody put off every alert of an incident that is open, so that nobody is told for a while."""
    open_ones = [one for one in found if one.open]
    return bool(open_ones) and all(one.sleeps(now) for one in open_ones)


def woken(found: Sequence[Alert], now: datetime) -> datetime | None:
    """When the last time ended that alerts of an incident were put off; None where none was."""
    ends = [one.snoozed_until for one in found if one.snoozed_until is not None and one.snoozed_until <= now]
    return max(ends, default=None)


def worst(found: Iterable[Alert]) -> Severity:
    """The severity of the worst of them; of none a notice's."""
    return min((alert.severity for alert in found), key=lambda one: one.rank, default=Severity.NOTICE)


@dataclass(frozen=True, slots=True)
class Lately:
    """What happened in the time before `at`.

    rules: the newest alert of each rule that opened then, with how many of it did. failed: how many runs of each job
    failed, the most first. waiting: work that waits for a person. spent: on models, in millionths of a US dollar.
    """

    at: datetime
    rules: Sequence[tuple[Alert, int]]
    open_alerts: Sequence[Alert]
    incidents: int
    open_incidents: int
    failed: Sequence[tuple[str, int]]
    waiting: int
    spent: int

    @property
    def quiet(self) -> bool:
        """Whether there is nothing to say."""
        return not any((self.rules, self.open_alerts, self.incidents, self.open_incidents, self.failed, self.waiting))
