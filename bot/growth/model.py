"""Growth: who came, who paid, and whether clients would recommend the studio. Pure."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from math import sqrt

from bot.kernel.money import Money

AGAIN_AFTER = timedelta(days=90)  # so long nobody is asked a second time
STARS_WAIT = timedelta(hours=24)  # so long the question for stars has its client to itself
TOO_FEW = 20  # answers under which a score says nothing
HIGHEST = 10
PROMOTER, PASSIVE = 9, 7  # https://en.wikipedia.org/wiki/Net_promoter_score
LOW_STARS = 2  # who gave so few has other worries


class QuestionState(StrEnum):
    """WAITS: for the stars of its brief. ASKED: the client was shown it. LEFT: they did not want to say."""

    WAITS = "waits"
    ASKED = "asked"
    ANSWERED = "answered"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Question:
    """A row of `nps_questions`. due_at: since when it may be asked although the stars of its brief were not given."""

    id: int
    tenant: str
    client_id: int
    brief_id: int
    state: QuestionState
    score: int | None
    due_at: datetime
    asked_at: datetime | None
    version: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Nps:
    """How many answers there are of each score."""

    counts: Mapping[int, int]

    @property
    def answers(self) -> int:
        """The sample size."""
        return sum(self.counts.values())

    @property
    def promoters(self) -> int:
        """Those who answered 9 or 10."""
        return sum(count for score, count in self.counts.items() if score >= PROMOTER)

    @property
    def detractors(self) -> int:
        """Those who answered 0 to 6."""
        return sum(count for score, count in self.counts.items() if score < PASSIVE)

    @property
    def score(self) -> int | None:
        """Promoters less detractors in percent; None where there are too few answers to tell."""
        if self.answers < TOO_FEW:
            return None
        return round(100 * (self.promoters - self.detractors) / self.answers)

    @property
    def margin(self) -> int | None:
        """How far off it may be, 19 times out of 20; None where there are too few to tell."""
        n = self.answers
        if n < TOO_FEW:
            return None
        mean = (self.promoters - self.detractors) / n
        return round(100 * 1.96 * sqrt(((self.promoters + self.detractors) / n - mean * mean) / n))


@dataclass(frozen=True, slots=True)
class Brought:
    """Newcomers of a time by referral links: how many, how many of them paid, and what was credited for it."""

    came: int
    paid: int
    credited: Sequence[Money]


@dataclass(frozen=True, slots=True)
class Worth:
    """What clients who ever paid brought in one currency: revenue less refunds and what was lost, and how many
    they are.
    """

    clients: int
    total: Money

    @property
    def each(self) -> Money:
        """What one brought on average (LTV so far)."""
        return Money(round(self.total.minor / self.clients), self.total.currency)


@dataclass(frozen=True, slots=True)
class Growth:
    """The last days: clients who came, those of them who have paid, answers, and referrals.

    spent: what admins say was spent to win clients, as much of it as falls into these days, by currency. worth: since
    the first entry of the ledger, by currency.
    """

    days: int
    leads: int
    converted: int
    nps: Nps
    referrals: Brought
    spent: Sequence[Money] = ()
    worth: Sequence[Worth] = ()

    @property
    def costs(self) -> Sequence[Money]:
        """What winning clients cost: what was spent, and the credits for referrals."""
        found: dict[str, int] = {}
        for one in (*self.spent, *self.referrals.credited):
            found[one.currency] = found.get(one.currency, 0) + one.minor
        return [Money(minor, currency) for currency, minor in sorted(found.items()) if minor]

    @property
    def cac(self) -> Sequence[Money]:
        """What it cost to win one who pays, by currency; none where nobody paid, or nothing is known of costs."""
        return [Money(round(one.minor / self.converted), one.currency) for one in self.costs] if self.converted else []

    def times(self, currency: str) -> float | None:
        """How many times what winning one costs is what one brings; None where both are not known."""
        cost = next((one.minor for one in self.cac if one.currency == currency), 0)
        worth = next((one.each.minor for one in self.worth if one.total.currency == currency), None)
        return None if not cost or worth is None else worth / cost

    def as_row(self) -> dict[str, int]:
        """By name, for a file and for later: whole numbers, amounts in minor units."""
        row = {"days": self.days, "leads": self.leads, "converted": self.converted, "nps_answers": self.nps.answers}
        row |= {} if self.nps.score is None else {"nps": self.nps.score}
        row |= {"referred": self.referrals.came, "referred_paid": self.referrals.paid}
        for one in self.worth:
            row |= {f"ltv:{one.total.currency}": one.each.minor, f"payers:{one.total.currency}": one.clients}
        row |= {f"cost:{one.currency}": one.minor for one in self.costs}
        return row | {f"cac:{one.currency}": one.minor for one in self.cac}


def falling_into(by_month: Mapping[date, Sequence[Money]], first: date, last: date) -> Sequence[Money]:
    """As much of what months cost as falls into these days, the last one too: each day has the same part."""
    found: dict[str, Fraction] = {}
    for month, amounts in by_month.items():
        length = monthrange(month.year, month.month)[1]
        begin, end = max(month, first), min(month.replace(day=length), last)
        part = Fraction(max(0, (end - begin).days + 1), length)
        for one in amounts:
            found[one.currency] = found.get(one.currency, Fraction(0)) + part * one.minor
    return [Money(round(minor), currency) for currency, minor in sorted(found.items())]
