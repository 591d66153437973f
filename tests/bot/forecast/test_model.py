"""The method alone."""

import random

from hypothesis import given
from hypothesis import strategies as st

from bot.forecast.model import AHEAD, FEWEST, forecast, seasonal_naive, usual_difference

DAYS = st.lists(st.integers(-(10**9), 10**12), min_size=FEWEST, max_size=120)


@given(DAYS)
def test_bounds_hold_each_other(days: list[int]) -> None:
    """The outer bounds hold the inner ones, whatever was, and there are as many days as asked for."""
    found = forecast(days, 10)
    assert len(found.days) == 10
    for one in [*found.days, found.total]:
        assert one.low95 <= one.low80 <= one.high80 <= one.high95


@given(st.lists(st.integers(0, 10**6), min_size=FEWEST, max_size=60))
def test_never_below_zero(days: list[int]) -> None:
    """What was never below zero is not expected to be."""
    assert min(one.low95 for one in forecast(days).days) >= 0


def test_weekdays() -> None:
    """A business that rests on weekends is expected to rest on them, and to work as ever."""
    week = [100.0] * 5 + [0.0] * 2
    middles = [round(one.middle) for one in forecast(week * 8).days]
    assert middles == [round(value) for value in (week * 5)[:AHEAD]]


def test_a_new_level() -> None:
    """After a lasting jump the new level is expected, and the old one is not in the inner range for long."""
    chance = random.Random(5)
    days = [chance.gauss(100, 5) for _ in range(60)] + [chance.gauss(200, 5) for _ in range(40)]
    assert 185 < forecast(days).days[0].middle < 215


def test_by_what_it_is_measured() -> None:
    """The last week again, day by day; and the mean difference of a day from that a week before."""
    days = [float(day) for day in range(28)]
    assert seasonal_naive(days, 9) == [21, 22, 23, 24, 25, 26, 27, 21, 22]
    assert usual_difference(days) == 7
