"""The simulated world of `make bench-gate`."""

import random
import statistics

import pytest

from benchmarks.gate_world import Judge, Outcome, drafts, of_gate, of_retrying, of_retrying_at, work_off
from bot.quality.gate import Rules, weighted


@pytest.mark.parametrize(("sd", "bias"), [(4, -5), (8, 0), (12, 5)])
def test_a_judge_is_as_noisy_as_it_says(sd: float, bias: float) -> None:
    """The weighted score of a middling draft is off by the bias on average, and spreads by the sd."""
    rng, judge = random.Random(1), Judge(sd, bias)
    scores = [weighted(judge.sample((50.0,) * 4, rng)) / 100 for _ in range(4000)]
    assert abs(statistics.mean(scores) - 50 - bias) < 0.6
    assert abs(statistics.stdev(scores) - sd) < 0.4


def test_attempts_improve_a_little() -> None:
    """On average a brief's third draft is 4 points better than its first."""
    rng = random.Random(2)
    made = [[sum(draft) / 4 for draft in drafts(rng)] for _ in range(4000)]
    gains = [three - one for one, _, three in made]
    assert abs(statistics.mean(gains) - 4) < 0.5


def test_figures() -> None:
    """Load and bad ones are counted of all briefs; one in twenty that pass is read by a person and found out."""
    outcomes = [
        Outcome((8100, 0, 0), (True, False, False), True, 1, 8100, ()),
        Outcome((7900, 8000, 0), (False, False, True), True, 2, 8000, ()),
        Outcome((7000, 7000, 7000), (True, True, True), False, 3, 7000, ()),
        Outcome((7000, 7000, 8500), (False, False, True), False, 2, 7000, ()),
    ]
    assert of_gate(outcomes).load == (2 + 0.05 * 2) / 4
    assert of_gate(outcomes).bad == 0.95 / 4
    assert (of_retrying(outcomes, 8000).load, of_retrying(outcomes, 8000).bad) == (1 / 4, 2 / 4)


def test_equal_load_is_equal() -> None:
    """Retrying is compared at the load that was asked for, and lets less through the higher that is."""
    outcomes = work_off(1500, Judge(8, 0), Rules(), random.Random(3))
    found = [of_retrying_at(outcomes, load) for load in (0.1, 0.25, 0.5, 0.9)]
    assert [figure.load for figure in found] == [0.1, 0.25, 0.5, 0.9]
    assert [figure.bad for figure in found] == sorted((figure.bad for figure in found), reverse=True)
