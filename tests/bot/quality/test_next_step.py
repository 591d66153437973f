"""The gate's one function: whatever the looks say, some things never happen, and it always comes to an end."""

import statistics
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from bot.quality.gate import Move, Rules, Sample, Scores, Step, counted, next_step, passes, sample_of, weighted
from bot.quality.model import CRITERIA, Evaluation, Floors, Result, evaluate
from bot.quality.model import counted as counted_of

USUAL = Rules(near=3, samples=3)
SCORES = st.tuples(*[st.integers(0, 100)] * len(CRITERIA))
HIGH = st.tuples(*[st.integers(55, 100)] * len(CRITERIA))
RULES = st.builds(
    Rules,
    target=st.integers(0, 100),
    near=st.integers(0, 20),
    samples=st.sampled_from([3, 5, 7]),
    attempts=st.integers(1, 4),
    automatic=st.booleans(),
)


def played(score: Callable[[], Scores | None], rules: Rules) -> tuple[list[Sample], Step]:
    """Follow the gate until the brief leaves it, with a judge that answers what `score` says."""
    samples: list[Sample] = []
    step = next_step(samples, 1, rules)
    while step.move in {Move.SAMPLE, Move.REDRAFT}:
        if step.move is Move.SAMPLE:
            samples.append(Sample(step.attempt, score()))
        assert len(samples) <= 7 * rules.attempts
        step = next_step(samples, step.attempt, rules)
    return samples, step


def at(points: int) -> Scores:
    return (points,) * len(CRITERIA)


def walk(*answers: Scores | None, rules: Rules = USUAL) -> Step:
    """What the gate says after these looks at the first draft."""
    return next_step([Sample(1, scores) for scores in answers], 1, rules)


@given(st.data(), RULES)
def test_what_an_approval_rests_on(data: st.DataObject, rules: Rules) -> None:
    """Approved is only a draft with two looks or more, all scored, whose counted scores reach line and floors, and
    whose later looks reach the line by themselves.
    """
    samples, step = played(lambda: data.draw(st.none() | HIGH | SCORES), rules)
    if step.move is not Move.APPROVE:
        return
    here = [look.scores for look in samples if look.attempt == step.attempt]
    scored = [scores for scores in here if scores is not None]
    assert len(scored) == len(here) >= 2
    assert rules.automatic
    assert passes(counted(scored, rules), rules)
    assert step.weighted == weighted(counted(scored, rules)) >= rules.target * 100
    assert statistics.mean(map(weighted, scored[1:])) >= rules.target * 100


@given(st.data(), RULES)
def test_a_broken_floor_never_passes(data: st.DataObject, rules: Rules) -> None:
    """Where every look has one criterion under its floor, nothing is approved, however high the rest."""
    low = data.draw(st.integers(0, len(CRITERIA) - 1))

    def score() -> Scores:
        rest = data.draw(st.tuples(*[st.integers(90, 100)] * len(CRITERIA)))
        return tuple(rules.floors[i] - 1 if i == low else points for i, points in enumerate(rest))

    _, step = played(score, rules)
    assert step.move is Move.PERSON


@given(st.data(), RULES)
def test_not_scored_never_passes(data: st.DataObject, rules: Rules) -> None:
    """A look that is not scored ends in a person, whatever the others say."""
    before = data.draw(st.lists(HIGH, max_size=4))
    after = data.draw(st.lists(HIGH, max_size=4))
    step = walk(*before, None, *after, rules=rules)
    assert step.move is Move.PERSON


@given(st.data(), RULES)
def test_it_ends(data: st.DataObject, rules: Rules) -> None:
    """Every sequence of looks ends in an approval or with a person, after as many drafts as the rules allow."""
    samples, step = played(lambda: data.draw(st.none() | SCORES), rules)
    assert step.move in {Move.APPROVE, Move.PERSON}
    assert {look.attempt for look in samples} == set(range(1, 1 + max(look.attempt for look in samples)))
    assert max(look.attempt for look in samples) <= rules.attempts


@given(st.data(), RULES)
def test_a_person_gets_the_best_draft(data: st.DataObject, rules: Rules) -> None:
    """Whoever decides sees the draft with the highest counted score, and of equals the newest."""
    samples, step = played(lambda: data.draw(SCORES), rules)
    if step.move is Move.PERSON:
        merit = {
            n: weighted(counted([look.scores for look in samples if look.attempt == n and look.scores], rules))
            for n in {look.attempt for look in samples}
        }
        assert (step.weighted, step.attempt) == max((merit[n], n) for n in merit)


@given(SCORES, st.lists(SCORES, min_size=1, max_size=4))
def test_without_automatic_a_person_decides(first: Scores, rest: list[Scores]) -> None:
    """Where a person has to decide, no looks make it an approval."""
    rules = Rules(automatic=False, attempts=1)
    assert walk(first, *rest, rules=rules).move is Move.PERSON


def test_one_good_look_is_not_enough() -> None:
    """A clear pass is looked at once more, and passes if that look agrees."""
    assert walk(at(90)) == Step(Move.SAMPLE, 1, samples=2)
    assert walk(at(90), at(88)) == Step(Move.APPROVE, 1, weighted=8800)
    assert walk(at(90), at(70)) == Step(Move.REDRAFT, 2)


def test_near_the_line_the_median_decides() -> None:
    """From so many points under the line to as many above it the median of so many looks decides, as the rules say."""
    assert walk(at(76)).move is Move.REDRAFT
    assert walk(at(77)) == walk(at(83)) == Step(Move.SAMPLE, 1, samples=3)
    assert walk(at(84), at(82)) == walk(at(78), at(99)) == Step(Move.SAMPLE, 1, samples=3)
    assert walk(at(79), at(82), at(81)) == Step(Move.APPROVE, 1, weighted=8100)
    assert walk(at(81), at(82), at(70)).move is Move.REDRAFT


def test_as_it_comes_seven_looks_decide() -> None:
    """Without other settings seven looks decide from ten points under the line to ten above it."""
    assert walk(at(69), rules=Rules()).move is Move.REDRAFT
    assert walk(at(70), rules=Rules()) == walk(at(90), rules=Rules()) == Step(Move.SAMPLE, 1, samples=7)
    assert walk(at(91), rules=Rules()) == Step(Move.SAMPLE, 1, samples=2)


def test_the_first_look_does_not_carry_the_others() -> None:
    """The winner's curse: looks after the first that do not reach the line by themselves stop a median that does."""
    assert passes(counted([at(95), at(81), at(60)], USUAL), USUAL)
    assert walk(at(83), at(81), at(60)).move is Move.REDRAFT


def test_the_median_is_taken_per_criterion() -> None:
    """One look that is off in one criterion does not decide about that criterion."""
    samples = [(80, 80, 80, 80), (84, 20, 84, 84), (82, 82, 82, 82)]
    assert counted(samples, USUAL) == (82, 80, 82, 82)


@given(st.lists(SCORES, min_size=1, max_size=5))
def test_cards_count_as_the_gate_does(samples: list[Scores]) -> None:
    """What a card shows as the score is what the gate counted."""
    evaluations = [as_evaluation(number, scores) for number, scores in enumerate(samples, start=1)]
    shown = counted_of(evaluations)
    assert shown is not None
    assert shown.weighted == weighted(counted(samples, USUAL))
    assert [sample_of(1, evaluation) for evaluation in evaluations] == [Sample(1, scores) for scores in samples]


def as_evaluation(look: int, scores: Scores) -> Evaluation:
    results = [Result(criterion, score, "because") for criterion, score in zip(CRITERIA, scores, strict=True)]
    return evaluate(1, look, results[::-1], target=80, floors=Floors(), model="m")
