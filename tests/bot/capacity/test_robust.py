"""What is unusual and where a line leads, on series of which the truth is known."""

import math
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from bot.capacity.robust import HOUR, line_through, odd_hour, usual_day

MONDAY = datetime(2026, 6, 1, tzinfo=UTC)
DAYS = 29 + 90
Rate = Callable[[datetime], float]


def shop(at: datetime) -> float:
    """A small business: six messages an hour by day, hardly any by night, fewer at weekends."""
    by_day = 6.0 if 8 <= at.hour < 19 else 0.4
    return by_day * (0.3 if at.weekday() > 4 else 1.0)


def counts(chance: random.Random, rate: Rate, spread: float, days: int = DAYS) -> dict[datetime, int]:
    """So many events in each hour: by chance alone where `spread` is 0, else in bursts as well."""
    found = {}
    for number in range(24 * days):
        at = MONDAY + number * HOUR
        mean = rate(at) * (chance.gammavariate(1 / spread, spread) if spread else 1.0)
        found[at] = _poisson(chance, mean)
    return found


def _poisson(chance: random.Random, mean: float) -> int:
    limit, product, number = math.exp(-mean), chance.random(), 0
    while product > limit:
        product *= chance.random()
        number += 1
    return number


@pytest.mark.parametrize("spread", [0.0, 0.3], ids=["by chance", "in bursts"])
def test_false_alarms(spread: float, measured: Callable[[str], None]) -> None:
    """On a quiet business a series has at most one false alarm in ninety days."""
    alarms = 0
    for seed in range(2):
        series = counts(random.Random(seed), shop, spread)
        looked_at = [MONDAY + number * HOUR for number in range(24 * 29, 24 * DAYS)]
        alarms += sum((odd := odd_hour(series, at)) is not None and odd.score > 0 for at in looked_at)
    measured(f"false alarms of a series, spread {spread}: {alarms} in 180 days")
    assert alarms <= 2


@pytest.mark.parametrize("value", [60, 120])
def test_a_flood(value: int) -> None:
    """Several times as many events as usual are found in the hour that they come in."""
    series = counts(random.Random(7), shop, 0.3, 30)
    at = MONDAY + 28 * timedelta(days=1) + 14 * HOUR
    odd = odd_hour(series | {at: value}, at)
    assert odd is not None
    assert (odd.value, odd.score > 0) == (value, True)


def test_silence() -> None:
    """Where hundreds come in an hour, none at all is odd, and known to be too few."""
    series = counts(random.Random(7), lambda at: 100.0, 0.0, 30)
    at = MONDAY + 28 * timedelta(days=1) + 14 * HOUR
    odd = odd_hour(series | {at: 0}, at)
    assert odd is not None
    assert odd.score < 0


def test_a_new_business() -> None:
    """In the first week nothing is unusual, since nothing is usual yet."""
    series = dict.fromkeys((MONDAY + number * HOUR for number in range(24 * 6)), 1)
    at = MONDAY + 24 * 6 * HOUR
    assert odd_hour(series | {at: 1000}, at) is None


def test_hours_of_which_nothing_is_known() -> None:
    """A long stop leaves hours of which nothing is known: they are not taken for hours without anything."""
    series = counts(random.Random(3), lambda at: 30.0, 0.0, 30)
    at = MONDAY + 28 * timedelta(days=1) + 14 * HOUR
    stopped = {hour: value for hour, value in series.items() if not at - timedelta(days=20) < hour < at}
    assert odd_hour(stopped | {at: 30}, at) is None
    assert odd_hour(stopped | {at: 300}, at) is not None


def test_odd_days_do_not_move_what_is_usual() -> None:
    """Five odd days out of twenty-eight change nothing about the next hour's verdict."""
    series = counts(random.Random(3), shop, 0.0, 30)
    at = MONDAY + 28 * timedelta(days=1) + 14 * HOUR
    for day in range(5):
        series[at - timedelta(days=7 + day)] = 500
    assert odd_hour(series | {at: 7}, at) is None
    assert odd_hour(series | {at: 60}, at) is not None


def test_a_line_leads_to_its_limit() -> None:
    """A disk that loses 100 MB an hour from 5,000 on is at 1,000 after forty, also with noise and odd hours."""
    chance = random.Random(1)
    points = [(float(hour), 9000.0 - 100 * hour + chance.gauss(0, 50)) for hour in range(41)]
    points[10] = (10.0, 0.0)
    line = line_through(points)
    assert line is not None
    within = line.reaches(1000, rising=False)
    assert within is not None
    assert 36 * HOUR < within < 44 * HOUR


@pytest.mark.parametrize("slope", [0.0, 100.0])
def test_a_line_that_leads_elsewhere(slope: float) -> None:
    """What stays or grows is never at a limit below it."""
    chance = random.Random(1)
    line = line_through([(float(hour), 9000.0 + slope * hour + chance.gauss(0, 50)) for hour in range(41)])
    assert line is not None
    assert line.reaches(1000, rising=False) is None


def test_few_points() -> None:
    """Of few hours nothing is said."""
    assert line_through([(float(hour), 100.0 - hour) for hour in range(7)]) is None


def test_the_next_day() -> None:
    """The busiest hour of the next day is one of those that were busy before."""
    series = counts(random.Random(5), shop, 0.0, 28)
    hour, most = max(usual_day(series, MONDAY + timedelta(days=28)), key=lambda one: one[1])
    assert 7 <= hour.hour <= 19
    assert 6 <= most <= 15
