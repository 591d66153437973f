"""What the next days bring, by the days before, and between which bounds. Pure, and without a library: docs/adr/0030.

What a day of the week has more or less than its week (of whole weeks, older ones counting less, shrunk by how unsure it
is) is taken off; what is left is followed by six levels, quick and slow. They, and the same days of the last weeks, are
mixed by how well each did on this very series from earlier days. The bounds are those between which such a share of the
mixture's own past errors lie (split conformal: https://arxiv.org/abs/1604.04173), wider where there are few of them.
"""

import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from datetime import date
from statistics import fmean, median

LOAD = "load"  # the series of briefs a day, in hundredths; all others are currencies, in minor units
PARTS = 100  # of a brief
WEEK = 7
AHEAD = 30  # days that are told
FEWEST = 28  # days of history; of fewer nothing is told
MOST = 365  # days of history; older ones say nothing of the next month
TRIED = 90  # earlier days at most from which it is tried
FADES = 0.9  # what a week counts against the one after it
WEEKS = 26  # that weekdays are told of; an older one counts less than a fifteenth
FOLLOWED = 120  # days that the levels follow
PACES = (0.03, 0.07, 0.15, 0.3, 0.5, 0.8)  # what of a new day's difference each level takes up
TYPICAL = (4, 8)  # weeks that medians are of
ROOT = 2  # of a series never below zero, which evens out what a few great days would raise
STRICT = 10.0  # how much the better is preferred in the mixture
# How much wider the bounds are where there are few errors, as Student's t is; and in any case, since errors far ahead
# are known of few days only (by the real series of `python -m benchmarks forecast`).
WIDER = {80: 1.0, 95: 2.5}
WIDE = {80: 1.12, 95: 1.0}
TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Expected:
    """A day that is to come: the middle, and the bounds of 80 and 95 in a hundred."""

    middle: float
    low80: float
    high80: float
    low95: float
    high95: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """Each of the days that follow, and what they add up to."""

    days: Sequence[Expected]
    total: Expected


@dataclass(frozen=True, slots=True)
class Told:
    """A day of a forecast; naive: the same day of the last week, by which it is measured."""

    day: date
    expected: Expected
    naive: int


@dataclass(frozen=True, slots=True)
class Made:
    """A series' forecast of that day and those after it. history: days that it was made by; scale: see
    `usual_difference`.
    """

    series: str
    made_on: date
    days: Sequence[Told]
    total: Expected
    history: int
    scale: int


@dataclass(frozen=True, slots=True)
class PastError:
    """How far off forecasts were of so many days that are over, on average of all that were made of them.

    own, naive: the error, and that of the last week again; mase: the error by the usual difference of a week (MASE);
    bias: what came above what was told; in80, in95: the share of days within the bounds.
    """

    days: int
    own: float
    naive: float
    mase: float
    bias: float
    in80: float
    in95: float


def forecast(days: Sequence[float], ahead: int = AHEAD) -> Forecast:
    """The days that follow. days: one value each, without gaps, the newest last, FEWEST at least; what was never below
    zero is not expected below it.
    """
    known = [float(value) for value in days[-MOST:]]
    floor = min(0.0, *known)
    first = max(14, min(len(known) - 60, len(known) // 2), len(known) - TRIED)
    tried = [(place, _candidates(known[:place], ahead)) for place in range(first, len(known))]
    weights = _weights(known, tried)
    misses = [
        [value - told for value, told in zip(known[place:], _mixed(rows, weights), strict=False)]
        for place, rows in tried
    ]
    middles = _mixed(_candidates(known, ahead), weights)
    each = {share: _bounds([[one[step] for one in misses if step < len(one)] for step in range(ahead)], share)
            for share in WIDER}  # fmt: skip
    told = [_expected(middle, each[80][step], each[95][step], floor) for step, middle in enumerate(middles)]
    # errors of one month mostly are of one kind, so that the bounds of its days add up
    return Forecast(told, Expected(*(sum(column) for column in zip(*map(astuple, told), strict=True))))


def _expected(middle: float, likely: tuple[float, float], possible: tuple[float, float], floor: float) -> Expected:
    outer = min(likely[0], possible[0]), max(likely[1], possible[1])  # each is widened by itself
    return Expected(max(floor, middle), *(max(floor, middle + apart) for apart in (*likely, *outer)))


def seasonal_naive(days: Sequence[float], ahead: int = AHEAD) -> list[float]:
    """The same days of the last week again: what any forecast is measured by."""
    return [float(days[-WEEK + step % WEEK]) for step in range(ahead)]


def usual_difference(days: Sequence[float]) -> float:
    """How far a day is from the same one a week before, on average: by it errors are scaled (MASE, Hyndman and Koehler,
    2006, https://doi.org/10.1016/j.ijforecast.2006.03.001).
    """
    known = days[-MOST:]
    return fmean(abs(value - before) for value, before in zip(known[WEEK:], known, strict=False))


def thinned(of: Made, kept: float) -> Made:
    """The same with that share of everything."""
    days = [replace(one, expected=_times(one.expected, kept)) for one in of.days]
    return replace(of, days=days, total=_times(of.total, kept))


def _times(expected: Expected, share: float) -> Expected:
    return Expected(*(value * share for value in astuple(expected)))


Rows = list[list[float]]


def _candidates(past: Sequence[float], ahead: int) -> Rows:
    """What each of the levels says of the days that follow, the medians of the last weeks, and the last one."""
    even = min(past) >= 0
    levels = _levels([value ** (1 / ROOT) for value in past] if even else past, ahead)
    rows = [[max(0.0, value) ** ROOT for value in row] for row in levels] if even else levels
    return [*rows, *(_typical(past, ahead, weeks) for weeks in TYPICAL), seasonal_naive(past, ahead)]


def _levels(past: Sequence[float], ahead: int) -> Rows:
    effects = _weekdays(past)
    count = len(past)
    plain = [value - effects[(place - count) % WEEK] for place, value in enumerate(past)]
    start = fmean(plain[:WEEK])
    levels = []
    for pace in PACES:
        level = start
        for value in plain[-FOLLOWED:]:
            level += pace * (value - level)
        levels.append(level)
    return [[level + effects[step % WEEK] for step in range(ahead)] for level in levels]


def _typical(past: Sequence[float], ahead: int, weeks: int) -> list[float]:
    """Of each day of the week the median of that many last ones."""
    days = [median(past[-WEEK * weeks :][place::WEEK]) for place in range(WEEK)]
    newest = min(len(past), WEEK * weeks)
    return [days[(newest + step) % WEEK] for step in range(ahead)]


def _weekdays(past: Sequence[float]) -> list[float]:
    """What each of the next seven days has more than its week."""
    weeks = [past[end - WEEK : end] for end in range(len(past), WEEK - 1, -WEEK)][:WEEKS]
    if len(weeks) < 2:
        return [0.0] * WEEK
    shares = [FADES**age for age in range(len(weeks))]
    total = sum(shares)
    apart = [[value - mean for value in week] for week in weeks for mean in (fmean(week),)]
    effects = [sum(share * week[day] for share, week in zip(shares, apart, strict=True)) / total for day in range(WEEK)]
    spread = sum(
        share * sum((value - effect) ** 2 for value, effect in zip(week, effects, strict=True))
        for share, week in zip(shares, apart, strict=True)
    )
    unsure = spread / total / (len(weeks) - 1) / (WEEK - 1)
    sure = fmean(effect * effect for effect in effects)
    return [effect * max(0.0, 1 - unsure / (sure + 1e-12)) for effect in effects]


def _weights(known: Sequence[float], tried: Sequence[tuple[int, Rows]]) -> list[float]:
    """By how well each candidate did; a soft choice is steadier than the best."""
    sums = [0.0] * len(tried[0][1])
    for place, rows in tried:
        for number, row in enumerate(rows):
            sums[number] += fmean(abs(value - told) for value, told in zip(known[place:], row, strict=False))
    best = min(sums)
    raw = [math.exp(-STRICT * (one - best) / (best + 1e-12)) for one in sums]
    return [one / sum(raw) for one in raw]


def _mixed(rows: Rows, weights: Sequence[float]) -> list[float]:
    columns = zip(*rows, strict=True)
    return [sum(weight * value for weight, value in zip(weights, column, strict=True)) for column in columns]


def _bounds(misses: Sequence[Sequence[float]], share: int) -> list[tuple[float, float]]:
    """What is to be added to the middle, by how far ahead: by errors of all distances, by their size there."""
    sizes = [median(map(abs, some)) if len(some) > 3 else 0.0 for some in misses]
    padded = [sizes[0], *sizes, sizes[-1]]
    spreads, widest = [], 0.0
    for place in range(len(sizes)):
        widest = max(widest, fmean(padded[place : place + 3]))
        spreads.append(widest + TINY)
    scaled = sorted(miss / spread for some, spread in zip(misses, spreads, strict=True) for miss in some)
    apart = max(2.0, len(scaled) / len(misses) / 2)  # errors of neighbours are nearly the same
    top = min(1.0, (0.5 + share / 200) * (1 + 0.5 / apart))
    wider = WIDE[share] * (1 + WIDER[share] / apart)
    low, high = _quantile(scaled, 1 - top), _quantile(scaled, top)
    return [(spread * wider * low, spread * wider * high) for spread in spreads]


def _quantile(ordered: Sequence[float], share: float) -> float:
    """Between neighbours in a straight line."""
    place = share * (len(ordered) - 1)
    lower = math.floor(place)
    upper = min(lower + 1, len(ordered) - 1)
    return ordered[lower] + (place - lower) * (ordered[upper] - ordered[lower])
