"""Service levels as data: what counts as good and bad, how fast a budget burns, and when that is worth a word. Pure.

https://sre.google/workbook/alerting-on-slos/
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.ops.series import NONE, Count, Series

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
TURNAROUND = timedelta(minutes=10)  # from a client's yes to the gate's decision
LEAST_BAD = 3  # fewer bad events are no reason for a word, whatever share of all they are
CHANCE = 1e-4  # how seldom as many as that are bad by chance, where no more is promised than is kept
MANY = 50.0  # expected bad events from which on the normal distribution is near enough
DEVIATIONS = 3.719  # above the mean, that one look in 1 / CHANCE is by chance
STEPS = (50, 100)  # percent of a budget that admins hear of when they are used up
SHOWN_STRETCHES = 3


@dataclass(frozen=True, slots=True)
class Slo:
    """A service level. objective: the share of events that are to be good within any `window`.

    series: whose counts it is about. good: what a good event is, in words.
    """

    name: str
    title: str
    good: str
    series: tuple[Series, ...]
    objective: float
    window: timedelta = timedelta(days=30)

    @property
    def words(self) -> str:
        """What it is called."""
        return _(self.title)

    @property
    def said_good(self) -> str:
        """What a good event is."""
        return _(self.good)


SLOS: tuple[Slo, ...] = (
    Slo(
        "availability",
        N_("Availability"),
        N_("Requests are answered without a fault, and so is the check of our own endpoints and database each minute."),
        (Series.LOOKS, Series.WEB),
        0.999,
    ),
    Slo(
        "web_latency",
        N_("Web answers in time"),
        N_("A request is answered within 400 ms."),
        (Series.WEB_QUICK,),
        0.95,
    ),
    Slo(
        "chat_latency",
        N_("Chat answers in time"),
        N_("A message or tap in a chat is answered within 400 ms."),
        (Series.CHAT_QUICK,),
        0.95,
    ),
    Slo(
        "webhooks",
        N_("Webhooks stored"),
        N_("A webhook with a valid signature is stored and answered."),
        (Series.WEBHOOKS,),
        0.99,
    ),
    Slo(
        "turnaround",
        N_("Briefs decided in time"),
        N_("A brief is delivered, or up for review, within 10 minutes of the client's order."),
        (Series.TURNAROUND,),
        0.95,
    ),
    Slo(
        "canary",
        N_("Test briefs"),
        N_("The hourly test brief is drafted, judged and decided in time."),
        (Series.CANARY,),
        0.99,
    ),
)
BY_NAME: Mapping[str, Slo] = {slo.name: slo for slo in SLOS}


class Severity(StrEnum):
    """What a burning budget calls for: PAGE: somebody now. TICKET: somebody today."""

    PAGE = "page"
    TICKET = "ticket"


@dataclass(frozen=True, slots=True)
class Window:
    """A rule: the budget burns `burn` times too fast over `long`, and still does over `short`."""

    long: timedelta
    short: timedelta
    burn: float
    severity: Severity


# The workbook's, table 5-8: 2 % of a month's budget in an hour, 5 % in six, 10 % in one day and in three.
WINDOWS: tuple[Window, ...] = (
    Window(HOUR, 5 * MINUTE, 14.4, Severity.PAGE),
    Window(6 * HOUR, 30 * MINUTE, 6.0, Severity.PAGE),
    Window(DAY, 2 * HOUR, 3.0, Severity.TICKET),
    Window(3 * DAY, 6 * HOUR, 1.0, Severity.TICKET),
)
FAST = tuple(window for window in WINDOWS if window.severity is Severity.PAGE)


def spans(windows: Sequence[Window] = WINDOWS) -> list[timedelta]:
    """The times over which has to be counted, the shortest first."""
    return sorted({span for window in windows for span in (window.long, window.short)})


@dataclass(frozen=True, slots=True)
class Burning:
    """A rule that holds: how fast the budget burns over its long window, and by which count."""

    window: Window
    burn: float
    count: Count

    @property
    def severity(self) -> Severity:
        return self.window.severity


def burn_of(count: Count, objective: float) -> float:
    """How many times as fast as it may the budget burns: 1 uses up exactly all of it within its window."""
    return count.bad / count.total / (1 - objective) if count.total else 0.0


def burning(
    slo: Slo,
    counts: Mapping[timedelta, Count],
    windows: Sequence[Window] = WINDOWS,
    was: Severity | None = None,
) -> Burning | None:
    """The first rule that holds. counts: by how far back they go, for each of `spans(windows)`. was: what was told.

    At low volume a share means little, so that more are bad than chance explains too: see `by_chance`.
    """
    for window in windows:
        long, short = counts.get(window.long, NONE), counts.get(window.short, NONE)
        burn = burn_of(long, slo.objective)
        if long.bad < LEAST_BAD or burn < window.burn or not _still(short, slo, window, was):
            continue
        if long.bad >= by_chance(long.total, slo.objective):
            return Burning(window, burn, long)
    return None


def _still(short: Count, slo: Slo, window: Window, was: Severity | None) -> bool:
    """Whether the budget burns now. Where nothing happened of late, nothing says that it does not any more."""
    if not short.total:
        return was in {window.severity, Severity.PAGE}
    return burn_of(short, slo.objective) >= window.burn


@lru_cache(4096)
def by_chance(total: int, objective: float) -> int:
    """How many of so many have to be bad, so that chance alone makes that of it once in 1 / CHANCE looks at most."""
    share = 1 - objective
    expected = total * share
    if expected > MANY:
        return math.ceil(expected + DEVIATIONS * math.sqrt(expected * objective))
    probability = objective**total
    rest, bad = 1 - probability, 1
    while rest > CHANCE and bad <= total:
        probability *= (total - bad + 1) / bad * share / objective
        rest -= probability
        bad += 1
    return max(LEAST_BAD, bad)


@dataclass(frozen=True, slots=True)
class Budget:
    """What may be bad within the window, and what was."""

    slo: Slo
    count: Count

    @property
    def allowed(self) -> float:
        """How many may be bad: a share of all, and at low volume some few all the same."""
        return max(LEAST_BAD, self.count.total * (1 - self.slo.objective))

    @property
    def used(self) -> float:
        """The share of that which is used up; above 1 where the objective was missed."""
        return self.count.bad / self.allowed

    @property
    def left(self) -> float:
        return max(0.0, 1 - self.used)

    @property
    def kept(self) -> float | None:
        """The share that was good; None where nothing was counted."""
        return self.count.good / self.count.total if self.count.total else None


def step_of(budget: Budget) -> int:
    """The highest of STEPS that is used up; 0 where none is, or too few were bad to say so."""
    if budget.count.bad < LEAST_BAD:
        return 0
    return max((step for step in STEPS if round(budget.used * 100, 6) >= step), default=0)


@dataclass(frozen=True, slots=True)
class State:
    """How a level stands, as admins were last told. step: the percent of its budget that they heard of as used up."""

    burning: Severity | None = None
    since: datetime | None = None
    step: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """How a level stood at an hour. used: of its budget, 1 is all of it. burn: over the last hour."""

    at: datetime
    good: int
    bad: int
    used: float
    burn: float


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time in which something was bad, without a longer pause."""

    since: datetime
    until: datetime
    bad: int


def stretches(hours: Sequence[tuple[datetime, Count]]) -> Sequence[Stretch]:
    """What used a budget up: the times with the most bad events, the worst first. hours: in order, of which some may be
    missing; an hour without a bad event ends a stretch.
    """
    found: list[Stretch] = []
    for at, count in hours:
        if not count.bad:
            continue
        if found and found[-1].until == at:
            found[-1] = Stretch(found[-1].since, at + HOUR, found[-1].bad + count.bad)
        else:
            found.append(Stretch(at, at + HOUR, count.bad))
    return sorted(found, key=lambda one: -one.bad)[:SHOWN_STRETCHES]


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened to a brief: the name of its event, and when."""

    name: str
    at: datetime


def turnaround(steps: Sequence[Step]) -> tuple[datetime, bool] | None:
    """When a brief was first decided on since its client's yes, and whether in time; None where it was not, or waited
    for room under a ceiling meanwhile, which the business itself drew. steps: in order.
    """
    began: datetime | None = None
    for step in steps:
        if step.name == "queued" and began is None:
            began = step.at
        elif step.name in {"held", "cancelled"}:
            return None
        elif began is not None and step.name in {"in_review", "delivered", "failed"}:
            return step.at, step.name != "failed" and step.at - began <= TURNAROUND
    return None
