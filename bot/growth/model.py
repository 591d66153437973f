"""Growth: who came, who paid, and whether clients would recommend the studio. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
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
class Growth:
    """The last days: clients who came, those of them who have paid, answers, and referrals."""

    days: int
    leads: int
    converted: int
    nps: Nps
    referrals: Brought
