"""What is usual for an hour, and what is not; where a line leads. By medians, which a few odd hours do not move. Pure.

Counts of events vary by the root of what is usual, so they are compared as 2 √(n + 3/8), whose spread is about 1
whatever is usual (F. J. Anscombe, 1948, https://doi.org/10.1093/biomet/35.3-4.246). How the usual is spread is
measured by the median distance from the median (MAD, times 1.4826 for the normal distribution).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

HOUR = timedelta(hours=1)
LOOKS_BACK = timedelta(days=28)
FEWEST_DAYS = 7  # of fewer nothing is usual yet
# So many times the usual distance is odd. Measured on simulated quiet businesses (tests/bot/capacity/test_robust.py):
# at most one false alarm of a series in ninety days.
ODD = 5.0
LEAST_APART = 3.0  # and so much more than usual, in events
NORMAL_OF_MAD = 1.4826
DAYS_OF_WORK = 5


@dataclass(frozen=True, slots=True)
class Odd:
    """An hour unlike those that it is compared with. usual: what half of them had at most; score: how far it is off."""

    hour: datetime
    value: int
    usual: int
    score: float


def odd_hour(series: Mapping[datetime, int], hour: datetime, least_apart: float = LEAST_APART) -> Odd | None:
    """The hour, where it is odd against the same hour, and those beside it, of the four weeks before; days of work and
    weekends apart where there are enough of both. Of an hour without a row nothing is known.
    """
    before = _alike(series, hour)
    if before is None:
        return None
    value, usual = series.get(hour, 0), median(before)
    shifted = [_even(one) for one in before]
    middle = median(shifted)
    spread = max(1.0, NORMAL_OF_MAD * median(abs(one - middle) for one in shifted))
    score = (_even(value) - middle) / spread
    if abs(score) < ODD or abs(value - usual) < least_apart:
        return None
    return Odd(hour, value, round(usual), score)


def _even(count: float) -> float:
    return 2 * math.sqrt(max(count, 0) + 3 / 8)


def _alike(series: Mapping[datetime, int], hour: datetime) -> list[int] | None:
    back = [at for day in range(1, LOOKS_BACK.days + 1) if (at := hour - timedelta(days=day)) in series]
    if len(back) < FEWEST_DAYS:
        return None
    alike = [at for at in back if _works(at) == _works(hour)]
    chosen = alike if len(alike) >= FEWEST_DAYS else back
    around = (-HOUR, timedelta(), HOUR)
    return [series[at + shift] for at in chosen for shift in around if at + shift in series]


def _works(at: datetime) -> bool:
    return at.weekday() < DAYS_OF_WORK


@dataclass(frozen=True, slots=True)
class Line:
    """Where a series leads. level: about now; slope: per hour, as half of all pairs have it at most; low, high: between
    which the slopes of the middle half of all pairs are.
    """

    level: float
    slope: float
    low: float
    high: float

    def reaches(self, limit: float, *, rising: bool) -> timedelta | None:
        """How long until it is at the limit, above it (rising) or below; none where it is there already. None where it
        does not surely lead there: the middle half of all pairs have to agree on the direction.
        """
        if not (self.low > 0 if rising else self.high < 0):
            return None
        return max(timedelta(), timedelta(hours=(limit - self.level) / self.slope))


def line_through(points: Sequence[tuple[float, float]]) -> Line | None:
    """The line by the median of all slopes (Theil and Sen); None of fewer than eight points. points: hour, value."""
    if len(points) < 8:
        return None
    thinned = points[:: max(1, len(points) // 120)]
    slopes = sorted(
        (later - value) / (at - hour)
        for place, (hour, value) in enumerate(thinned)
        for at, later in thinned[place + 1 :]
        if at != hour
    )
    slope = median(slopes)
    end = max(hour for hour, _ in points)
    level = median(value + slope * (end - hour) for hour, value in thinned)
    return Line(level, slope, slopes[len(slopes) // 4], slopes[3 * len(slopes) // 4])


def usual_day(series: Mapping[datetime, int], now: datetime) -> list[tuple[datetime, float]]:
    """What is to be expected of each of the next 24 hours, as busy as one in ten of those alike was: ninth decile.
    Without those hours of which nothing is usual yet.
    """
    first = now.replace(minute=0, second=0, microsecond=0) + HOUR
    expected = []
    for ahead in range(24):
        hour = first + ahead * HOUR
        alike = _alike(series, hour)
        if alike:
            expected.append((hour, _ninth_decile(alike)))
    return expected


def _ninth_decile(values: Sequence[int]) -> float:
    ordered = sorted(values)
    return float(ordered[min(len(ordered) - 1, math.ceil(0.9 * len(ordered)) - 1)])
