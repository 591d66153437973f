"""Service levels: how fast budgets burn, when that is worth a word, and what used them up."""

import random
from datetime import UTC, datetime, timedelta
from statistics import median

import pytest

from benchmarks.burn_rates import BROKEN, SLACK, cries, detected, ours
from bot.ops.series import Count
from bot.slo.model import (
    BY_NAME,
    DAY,
    FAST,
    HOUR,
    MINUTE,
    SLOS,
    TURNAROUND,
    WINDOWS,
    Budget,
    Severity,
    Step,
    Stretch,
    burn_of,
    burning,
    by_chance,
    spans,
    step_of,
    stretches,
    turnaround,
)

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
AVAILABILITY, CANARY = BY_NAME["availability"], BY_NAME["canary"]


def test_names_differ() -> None:
    """Each service level has a name of its own and promises less than all."""
    assert (len(BY_NAME), all(0 < slo.objective < 1 for slo in SLOS)) == (len(SLOS), True)


def test_burn() -> None:
    """As many bad ones as may be burn a budget once over; of nothing nothing burns."""
    assert burn_of(Count(999, 1), 0.999) == pytest.approx(1)
    assert burn_of(Count(0, 5), 0.99) == pytest.approx(100)
    assert burn_of(Count(), 0.999) == 0


def test_both_windows_count() -> None:
    """What burnt an hour ago and does not any more is no reason for a word."""
    counts = dict.fromkeys(spans(), Count(3_500, 100))
    found = burning(AVAILABILITY, counts)
    assert found is not None
    assert (found.severity, found.window.long) == (Severity.PAGE, HOUR)
    assert burning(AVAILABILITY, counts | {5 * MINUTE: Count(300, 0), 30 * MINUTE: Count(1_800, 0)}, FAST) is None


def test_nothing_happened_since() -> None:
    """What burns and is followed by nothing burns on, since nothing says that it is over; a good event does. Where
    nothing burnt, nothing is told of what is past.
    """
    counts = dict.fromkeys(spans(), Count(3, 3)) | {5 * MINUTE: Count(), 30 * MINUTE: Count()}
    assert burning(CANARY, counts, FAST) is None
    assert burning(CANARY, counts, FAST, Severity.TICKET) is None
    assert burning(CANARY, counts, FAST, Severity.PAGE) is not None
    good = counts | {5 * MINUTE: Count(1, 0), 30 * MINUTE: Count(1, 0)}
    assert burning(CANARY, good, FAST, Severity.PAGE) is None


@pytest.mark.parametrize(("bad", "told"), [(1, False), (2, False), (3, True)])
def test_few_bad_events(bad: int, told: bool) -> None:
    """One or two bad events are never told, however few there were in all; three of six test briefs are."""
    counts = dict.fromkeys(spans(), Count(6 - bad, bad))
    assert (burning(CANARY, counts) is not None) is told


def test_what_chance_explains() -> None:
    """As many bad events as a kept promise brings by chance are not told: four of thirty, say."""
    slo = BY_NAME["turnaround"]
    assert burning(slo, dict.fromkeys(spans(), Count(26, 4))) is None
    assert burning(slo, dict.fromkeys(spans(), Count(20, 10))) is not None


@pytest.mark.parametrize(("total", "objective"), [(3, 0.95), (60, 0.999), (500, 0.99), (40_000, 0.999)])
def test_by_chance(total: int, objective: float) -> None:
    """So many are bad by chance in fewer than one look of 10,000, which a simulation of many looks agrees with."""
    least, chance = by_chance(total, objective), random.Random(1)
    looks = 2_000 if total < 1_000 else 20
    often = sum(sum(chance.random() > objective for _ in range(total)) >= least for _ in range(looks))
    assert least >= 3
    assert often <= 2


@pytest.mark.parametrize(("share", "minutes"), BROKEN.items())
def test_how_soon_it_is_told(share: float, minutes: float) -> None:
    """At 60 events a minute what breaks is told within the minutes that the workbook's windows take for it."""
    chance = random.Random(1)
    assert median(detected(share, chance, AVAILABILITY) for _run in range(5)) <= SLACK * minutes


@pytest.mark.parametrize("name", ["webhooks", "turnaround"])
def test_healthy_month(name: str) -> None:
    """A healthy month of a small business calls nobody."""
    assert cries(BY_NAME[name], ours, random.Random(1))[Severity.PAGE] == 0


def test_budget() -> None:
    """A budget is a share of all events, and of few ones some few; half and all of it are steps that are told."""
    assert Budget(AVAILABILITY, Count(99_950, 50)).used == pytest.approx(0.5)
    assert step_of(Budget(AVAILABILITY, Count(99_950, 50))) == 50
    assert step_of(Budget(AVAILABILITY, Count(99_900, 100))) == 100
    assert step_of(Budget(CANARY, Count(20, 2))) == 0
    assert Budget(CANARY, Count(20, 2)).left == pytest.approx(1 / 3)
    assert Budget(CANARY, Count()).kept is None


def test_stretches() -> None:
    """Hours with bad events that follow each other are one time, and the worst comes first."""
    hours = [(NOON, Count(9, 1)), (NOON + HOUR, Count(5, 5)), (NOON + 3 * HOUR, Count(0, 9)), (NOON + DAY, Count(9, 0))]
    assert stretches(hours) == [
        Stretch(NOON + 3 * HOUR, NOON + 4 * HOUR, 9),
        Stretch(NOON, NOON + 2 * HOUR, 6),
    ]


def steps(**minutes: int) -> list[Step]:
    return [Step(name, NOON + minute * MINUTE) for name, minute in minutes.items()]


@pytest.mark.parametrize(
    ("happened", "counts"),
    [
        (steps(queued=0, in_review=3, delivered=900), (NOON + 3 * MINUTE, True)),
        (steps(queued=0, delivered=11), (NOON + 11 * MINUTE, False)),
        (steps(queued=0, failed=1, queued_again=2), (NOON + MINUTE, False)),
        (steps(queued=0, held=1, delivered=600), None),
        (steps(queued=0, cancelled=1), None),
        (steps(queued=0), None),
        (steps(delivered=5), None),
    ],
)
def test_turnaround(happened: list[Step], counts: tuple[datetime, bool] | None) -> None:
    """A brief counts when it is first decided on, as good within ten minutes of the yes; one that a fault stopped is
    bad, and one that waited for a ceiling, or was cancelled, counts for nothing.
    """
    assert turnaround(happened) == counts
    assert timedelta(minutes=10) == TURNAROUND


def test_windows() -> None:
    """Every rule's short window lies within its long one, and pages come before tickets."""
    assert all(window.short < window.long for window in WINDOWS)
    assert [window.severity for window in WINDOWS] == [Severity.PAGE] * 2 + [Severity.TICKET] * 2
