"""The gate: from the looks that the judge took at a brief's drafts to what happens next. Pure, and quick enough to be
simulated some 100,000 times.

A draft passes alone only where its weighted score reaches the line, no criterion is under its floor, and looks that
are independent of the first one agree. The first look chose the draft, so its noise is on the draft's side (the
winner's curse): it is never enough by itself, and the later looks must reach the line without it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.quality.model import CRITERIA, WEIGHTS, Evaluation, Floors

Scores = tuple[int, ...]


class Move(StrEnum):
    """What can happen next."""

    LOOK = "look"
    REDRAFT = "redraft"
    APPROVE = "approve"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Look:
    """One independent judgement of the draft of that attempt.

    scores: 0 to 100 in the order of `CRITERIA`; None where the answer was not scored.
    """

    attempt: int
    scores: Scores | None


@dataclass(frozen=True, slots=True)
class Rules:
    """When a draft passes alone.

    target: the line, in points. near: how many points from the line a score is too close to call by one look.
    looks: how many looks are then taken, an odd number. attempts: drafts before a person decides.
    automatic: False where a person has to decide on the draft in any case.
    """

    target: int = 80
    near: int = 10
    looks: int = 7
    attempts: int = 3
    floors: Scores = tuple(criterion.floor for criterion in CRITERIA)
    automatic: bool = True


@dataclass(frozen=True, slots=True)
class Step:
    """What happens next, and with which draft.

    attempt: the draft to look at, to approve, to hand to a person; with REDRAFT the one to make.
    looks: with LOOK, how many looks at that draft there are to be; those that are missing may be taken at once.
    weighted: what counts of the approved or handed over draft, in hundredths of a point; None where not scored.
    """

    move: Move
    attempt: int
    looks: int = 0
    weighted: int | None = None


def weighted(scores: Scores) -> int:
    """The weighted score in hundredths of a point."""
    return sum(weight * score for weight, score in zip(WEIGHTS, scores, strict=True))


def passes(scores: Scores, rules: Rules) -> bool:
    """Whether these scores reach the line with no criterion under its floor."""
    return weighted(scores) >= rules.target * 100 and all(
        score >= floor for score, floor in zip(scores, rules.floors, strict=True)
    )


def counted(looks: Sequence[Scores], rules: Rules) -> Scores:
    """What the looks at one draft amount to: the median per criterion of an odd number, the worst of an even one."""
    if len(looks) % 2 == 0:
        return min(looks, key=lambda scores: (passes(scores, rules), weighted(scores)))
    return tuple(sorted(scores)[len(looks) // 2] for scores in zip(*looks, strict=True))


def next_step(looks: Sequence[Look], attempt: int, rules: Rules) -> Step:
    """What happens after these looks at a brief's drafts, of which the one of `attempt` is the newest."""
    here = [look.scores for look in looks if look.attempt == attempt]
    scored = [scores for scores in here if scores is not None]
    if len(scored) < len(here):
        return _to_a_person(looks, attempt, rules)
    wanted = _wanted(scored, rules)
    if len(scored) < wanted:
        return Step(Move.LOOK, attempt, looks=wanted)
    good = _agreed(scored, rules)
    if good and rules.automatic:
        return Step(Move.APPROVE, attempt, weighted=weighted(counted(scored, rules)))
    if good or attempt >= rules.attempts:
        return _to_a_person(looks, attempt, rules)
    return Step(Move.REDRAFT, attempt + 1)


def _wanted(scored: Sequence[Scores], rules: Rules) -> int:
    """How many looks at a draft there have to be, by what the looks so far say."""
    if not scored or not rules.automatic:
        return 1
    if any(_near(scores, rules) for scores in scored[:2]):
        return max(2, rules.looks)
    return 2 if passes(scored[0], rules) else 1


def _near(scores: Scores, rules: Rules) -> bool:
    return abs(weighted(scores) - rules.target * 100) <= rules.near * 100


def _agreed(scored: Sequence[Scores], rules: Rules) -> bool:
    """Whether what counts passes, and the looks after the first reach the line without it."""
    if not passes(counted(scored, rules), rules):
        return False
    later = scored[1:]
    return sum(map(weighted, later)) >= rules.target * 100 * len(later)


def _to_a_person(looks: Sequence[Look], attempt: int, rules: Rules) -> Step:
    """The draft with the highest counted score; of equals, and where none was scored, the newest."""
    by_attempt: dict[int, list[Scores]] = {attempt: []}
    for look in looks:
        if look.scores is not None:
            by_attempt.setdefault(look.attempt, []).append(look.scores)
    merits = {n: weighted(counted(scored, rules)) if scored else None for n, scored in by_attempt.items()}
    best = max(merits, key=lambda n: (-1 if (merit := merits[n]) is None else merit, n))
    return Step(Move.PERSON, best, weighted=merits[best])


def look_at(attempt: int, evaluation: Evaluation) -> Look:
    """An evaluation of the draft of that attempt, as the gate sees it."""
    if not evaluation.scored:
        return Look(attempt, None)
    by_criterion = {result.criterion: result.score for result in evaluation.results}
    return Look(attempt, tuple(by_criterion[criterion] for criterion in CRITERIA))


def floors_of(floors: Floors) -> Scores:
    """Floors in the order of `CRITERIA`."""
    return tuple(floors.of(criterion) for criterion in CRITERIA)
