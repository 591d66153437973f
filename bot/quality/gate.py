"""The gate: from the judge's samples of a brief's drafts to what happens next. A sample is one scoring of a draft, of
several independent ones. Pure, and quick enough to be simulated some 100,000 times.

A draft passes alone only where its weighted score reaches the target, no criterion is under its floor, and samples that
are independent of the first one agree. The first sample chose the draft, so its noise is on the draft's side (the
winner's curse): it is never enough by itself, and the later samples must reach the target without it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.quality.model import CRITERIA, WEIGHTS, Evaluation, Floors

Scores = tuple[int, ...]


class Move(StrEnum):
    """What can happen next."""

    SAMPLE = "sample"
    REDRAFT = "redraft"
    APPROVE = "approve"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Sample:
    """One independent judgement of the draft of that attempt.

    scores: 0 to 100 in the order of `CRITERIA`; None where the answer was not scored.
    """

    attempt: int
    scores: Scores | None


@dataclass(frozen=True, slots=True)
class Rules:
    """When a draft passes alone.

    target: in points. near: how many points from the target a score is too close to call by one sample.
    samples: how many are then taken, an odd number. attempts: drafts before a person decides.
    automatic: False where a person has to decide on the draft in any case.
    """

    target: int = 80
    near: int = 10
    samples: int = 7
    attempts: int = 3
    floors: Scores = tuple(criterion.floor for criterion in CRITERIA)
    automatic: bool = True


@dataclass(frozen=True, slots=True)
class Step:
    """What happens next, and with which draft.

    attempt: the draft to judge, to approve, to hand to a person; with REDRAFT the one to make.
    samples: with SAMPLE, how many of that draft there are to be; those that are missing may be taken at once.
    weighted: what counts of the approved or handed over draft, in hundredths of a point; None where not scored.
    """

    move: Move
    attempt: int
    samples: int = 0
    weighted: int | None = None


def weighted(scores: Scores) -> int:
    """The weighted score in hundredths of a point."""
    return sum(weight * score for weight, score in zip(WEIGHTS, scores, strict=True))


def passes(scores: Scores, rules: Rules) -> bool:
    """Whether these scores reach the target with no criterion under its floor."""
    return weighted(scores) >= rules.target * 100 and all(
        score >= floor for score, floor in zip(scores, rules.floors, strict=True)
    )


def counted(samples: Sequence[Scores], rules: Rules) -> Scores:
    """What the samples of one draft amount to: the median per criterion of an odd number, the worst of an even one."""
    if len(samples) % 2 == 0:
        return min(samples, key=lambda scores: (passes(scores, rules), weighted(scores)))
    return tuple(sorted(scores)[len(samples) // 2] for scores in zip(*samples, strict=True))


def next_step(samples: Sequence[Sample], attempt: int, rules: Rules) -> Step:
    """What happens after these samples of a brief's drafts, of which the one of `attempt` is the newest."""
    here = [sample.scores for sample in samples if sample.attempt == attempt]
    scored = [scores for scores in here if scores is not None]
    if len(scored) < len(here):
        return _to_a_person(samples, attempt, rules)
    wanted = _wanted(scored, rules)
    if len(scored) < wanted:
        return Step(Move.SAMPLE, attempt, samples=wanted)
    good = _agreed(scored, rules)
    if good and rules.automatic:
        return Step(Move.APPROVE, attempt, weighted=weighted(counted(scored, rules)))
    if good or attempt >= rules.attempts:
        return _to_a_person(samples, attempt, rules)
    return Step(Move.REDRAFT, attempt + 1)


def _wanted(scored: Sequence[Scores], rules: Rules) -> int:
    """How many samples of a draft there have to be, by what those so far say."""
    if not scored or not rules.automatic:
        return 1
    if any(_near(scores, rules) for scores in scored[:2]):
        return max(2, rules.samples)
    return 2 if passes(scored[0], rules) else 1


def _near(scores: Scores, rules: Rules) -> bool:
    return abs(weighted(scores) - rules.target * 100) <= rules.near * 100


def _agreed(scored: Sequence[Scores], rules: Rules) -> bool:
    """Whether what counts passes, and the samples after the first reach the target without it."""
    if not passes(counted(scored, rules), rules):
        return False
    later = scored[1:]
    return sum(map(weighted, later)) >= rules.target * 100 * len(later)


def _to_a_person(samples: Sequence[Sample], attempt: int, rules: Rules) -> Step:
    """The draft with the highest counted score; of equals, and where none was scored, the newest."""
    by_attempt: dict[int, list[Scores]] = {attempt: []}
    for sample in samples:
        if sample.scores is not None:
            by_attempt.setdefault(sample.attempt, []).append(sample.scores)
    merits = {n: weighted(counted(scored, rules)) if scored else None for n, scored in by_attempt.items()}
    best = max(merits, key=lambda n: (-1 if (merit := merits[n]) is None else merit, n))
    return Step(Move.PERSON, best, weighted=merits[best])


def sample_of(attempt: int, evaluation: Evaluation) -> Sample:
    """An evaluation of the draft of that attempt, as the gate sees it."""
    if not evaluation.scored:
        return Sample(attempt, None)
    by_criterion = {result.criterion: result.score for result in evaluation.results}
    return Sample(attempt, tuple(by_criterion[criterion] for criterion in CRITERIA))


def floors_of(floors: Floors) -> Scores:
    """Floors in the order of `CRITERIA`."""
    return tuple(floors.of(criterion) for criterion in CRITERIA)
