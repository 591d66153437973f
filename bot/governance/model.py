"""Key figures held against their targets, and what breaks a policy. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.decisions.values import Unit, value
from bot.finance.model import Figures
from bot.kernel.translation import gettext_noop as N_
from bot.reports.model import DayReport

SPAN = timedelta(days=30)
OFF_PERCENT = 10  # more than this beside its target is told
FEWEST = 5  # drafts, briefs or stars: of fewer no share or mean is formed


@dataclass(frozen=True, slots=True)
class Kpi:
    """A key figure. more_is_better: whether it should be the target at least, or at most. title: to be translated."""

    name: str
    title: str
    unit: Unit
    more_is_better: bool = True


KPIS: tuple[Kpi, ...] = (
    Kpi("revenue", N_("Revenue"), Unit.MONEY),
    Kpi("margin", N_("Margin"), Unit.SHARE),
    Kpi("delivered", N_("Delivered briefs"), Unit.COUNT),
    Kpi("quality", N_("Quality score"), Unit.COUNT),
    Kpi("untouched", N_("Approved without a person"), Unit.SHARE),
    Kpi("stars", N_("Stars from clients"), Unit.TENTHS),
    Kpi("cost", N_("AI cost of a delivered brief"), Unit.USD, more_is_better=False),
)
BY_NAME: Mapping[str, Kpi] = {kpi.name: kpi for kpi in KPIS}


def actuals(report: DayReport, money: Figures) -> dict[str, float]:
    """Each figure of that time, in its unit; those that cannot be told yet are left out."""
    delivered = report.handed_in.delivered + report.from_before.delivered
    found: dict[str, float] = {"revenue": money.revenue, "delivered": delivered}
    if money.share is not None:
        found["margin"] = money.share * 100
    approved = report.auto_approved + report.human_approved
    if approved >= FEWEST:
        found["untouched"] = 100 * report.auto_approved / approved
    if report.quality is not None and approved >= FEWEST:
        found["quality"] = report.quality
    total, given = report.stars
    if given >= FEWEST:
        found["stars"] = 10 * total / given
    if delivered >= FEWEST:
        found["cost"] = report.model_cost_micro_usd / delivered
    return found


@dataclass(frozen=True, slots=True)
class Target:
    """What a figure should be. by: the name of the admin who set it by chat, "" where the settings say it."""

    amount: int
    by: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """A figure beside its target; either may be missing. currency: of those that are money."""

    kpi: Kpi
    actual: float | None
    target: Target | None
    currency: str

    @property
    def off(self) -> int:
        """How far it is on the wrong side of its target, in per cent; 0 where it is not, or cannot be told."""
        if self.actual is None or self.target is None:
            return 0
        short = self.target.amount - self.actual
        return max(0, round(100 * (short if self.kpi.more_is_better else -short) / self.target.amount))

    @property
    def too_far(self) -> bool:
        """Whether people are to be told."""
        return self.off > OFF_PERCENT

    def value(self, amount: float) -> str:
        """An amount of it, as `bot.decisions.values.shown` reads it."""
        return value(self.kpi.unit, amount, self.currency if self.kpi.unit is Unit.MONEY else "")


@dataclass(frozen=True, slots=True)
class Breach:
    """Something that a policy forbids. fingerprint: of what; facts: what the words of its alert name."""

    fingerprint: str
    facts: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Waited:
    """A deed that others had to approve. answered_at: when it was approved, refused or ended; None: it still waits."""

    id: int
    needed: int
    asked_at: datetime
    answered_at: datetime | None

    def took(self, now: datetime) -> timedelta:
        """How long it waited for people."""
        return (self.answered_at or now) - self.asked_at


@dataclass(frozen=True, slots=True)
class Asked:
    """Refunds that one person asked for: how many, and the most within 24 hours."""

    person_id: int
    name: str
    times: tuple[datetime, ...]

    def held_by(self, cap: int) -> int:
        """How many of them would have waited for somebody else, had one person been let make `cap` within 24 hours."""
        made: list[datetime] = []
        held = 0
        for at in sorted(self.times):
            if sum(at - one < timedelta(days=1) for one in made) >= cap:
                held += 1
            else:
                made.append(at)
        return held

    @property
    def busiest(self) -> int:
        """The most within 24 hours."""
        return max(
            (sum(timedelta() <= at - one < timedelta(days=1) for one in self.times) for at in self.times), default=0
        )
