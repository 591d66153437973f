"""Which clients may leave: how long they are silent against their own rhythm, with the reasons, and how often the rule
was right. Pure.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from statistics import median

LEAST_ORDERS = 4  # days with an order under which nobody has a rhythm
AT_RISK, HIGH_RISK = 2.0, 3.0  # times the usual pause
GONE_AFTER = timedelta(days=180)  # who is silent for so long has left
HORIZON = timedelta(days=60)  # who does not order for so long after a look had left then
LOOKS = 3  # looks back, one horizon apart
LOOK_BACK = timedelta(days=365)
TOO_FEW = 20  # clients that were looked at, under which nothing is said of the rule
HALF = timedelta(days=90)
LOW_STARS = 2
DAY = timedelta(days=1)


class Risk(StrEnum):
    """How likely a client is to leave."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Reason(StrEnum):
    """What speaks for it, beside the silence."""

    LESS = "orders less"
    LATE = "has an overdue invoice"
    STARS = "gave few stars"


@dataclass(frozen=True, slots=True)
class Outlook:
    """A client who may leave. silence: since their last order; usual: the pause that is usual for them."""

    client_id: int
    name: str
    risk: Risk
    last_order: datetime
    silence: timedelta
    usual: timedelta
    reasons: Sequence[Reason]


@dataclass(frozen=True, slots=True)
class Score:
    """How the rule did on clients whose later orders it did not see. left: who ordered nothing afterwards; flagged: of
    whom it said that they may leave; right: of whom it said so, and who left.
    """

    looked_at: int
    left: int
    flagged: int
    right: int

    @property
    def enough(self) -> bool:
        """Whether there are enough to tell."""
        return self.looked_at >= TOO_FEW


@dataclass(frozen=True, slots=True)
class Outlooks:
    """Clients at risk, the highest first; how many have a rhythm, and how the rule did."""

    at_risk: Sequence[Outlook]
    known: int
    score: Score


@dataclass(frozen=True, slots=True)
class Pause:
    """Where a client stands: silent since `last_order`, with `usual` between their orders, and `longest` at most."""

    last_order: datetime
    silence: timedelta
    usual: timedelta
    longest: timedelta

    @property
    def risk(self) -> Risk:
        """By the silence against their own rhythm; what they took before without leaving is no sign."""
        if self.silence <= self.longest or self.silence < AT_RISK * self.usual:
            return Risk.LOW
        return Risk.HIGH if self.silence >= HIGH_RISK * self.usual else Risk.MEDIUM


def pause_of(orders: Iterable[datetime], now: datetime) -> Pause | None:
    """Where the client stood then, by what they had ordered by then; None for who has no rhythm or has left.

    Several orders of one day are one.
    """
    days = {at.date(): at for at in sorted(orders) if at <= now}
    times = list(days.values())
    if len(times) < LEAST_ORDERS or now - times[-1] > GONE_AFTER:
        return None
    gaps = [later - earlier for earlier, later in pairwise(times)]
    usual = median(gap.total_seconds() for gap in gaps)
    return Pause(times[-1], now - times[-1], max(timedelta(seconds=usual), DAY), max(gaps))


def reasons_of(orders: Sequence[datetime], now: datetime, stars: Sequence[int], *, late: bool) -> Sequence[Reason]:
    """What else speaks for it. stars: their newest ones."""
    lately = sum(at > now - HALF for at in orders)
    before = sum(now - 2 * HALF < at <= now - HALF for at in orders)
    found = {
        Reason.LESS: before >= 2 and 2 * lately <= before,
        Reason.LATE: late,
        Reason.STARS: any(one <= LOW_STARS for one in stars),
    }
    return [reason for reason, holds in found.items() if holds]


def score_of(orders: Mapping[int, Sequence[datetime]], now: datetime) -> Score:
    """Look at each client as they stood some time ago, and then at what they did in the time after that."""
    looked_at = left = flagged = right = 0
    for look in range(1, LOOKS + 1):
        then = now - look * HORIZON
        for times in orders.values():
            pause = pause_of(times, then)
            if pause is None:
                continue
            gone = not any(then < at <= then + HORIZON for at in times)
            said = pause.risk is not Risk.LOW
            looked_at, left, flagged, right = looked_at + 1, left + gone, flagged + said, right + (gone and said)
    return Score(looked_at, left, flagged, right)
