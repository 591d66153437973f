"""The gate: four criteria, their weights and floors, and the decision, which code makes and never the judge."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Criterion(StrEnum):
    """What a draft is judged by."""

    CLARITY = "clarity"
    ACCURACY = "accuracy"
    COMPLETENESS = "completeness"
    TONE = "tone"


WEIGHTS: dict[Criterion, int] = {
    Criterion.CLARITY: 30,
    Criterion.ACCURACY: 30,
    Criterion.COMPLETENESS: 20,
    Criterion.TONE: 20,
}


@dataclass(frozen=True, slots=True)
class Result:
    """The judge's answer on one criterion: a score from 0 to 100 and why; `quote` stands in the draft word for word."""

    criterion: Criterion
    score: int
    reason: str
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Floors:
    """The lowest score that each criterion may have in a draft that passes without a person."""

    default: int = 60
    accuracy: int = 70

    def of(self, criterion: Criterion) -> int:
        return self.accuracy if criterion is Criterion.ACCURACY else self.default


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One judgement of one draft. `results` is empty where the answer was not scored.

    weighted: hundredths of a point, 0 to 10,000; None where not scored.
    """

    draft_id: int
    look: int
    results: tuple[Result, ...]
    weighted: int | None
    passed: bool
    model: str

    @property
    def scored(self) -> bool:
        return self.weighted is not None

    @property
    def points(self) -> int:
        """The weighted score in whole points, rounded down so that 79.99 never reads as 80."""
        return (self.weighted or 0) // 100


def complete(results: Sequence[Result]) -> bool:
    """Whether there is exactly one result per criterion, each within 0 to 100."""
    return sorted(result.criterion for result in results) == sorted(Criterion) and all(
        0 <= result.score <= 100 for result in results
    )


def weighted(results: Sequence[Result]) -> int:
    """The weighted score in hundredths of a point (0 to 10,000) of a complete set of results."""
    return sum(WEIGHTS[result.criterion] * result.score for result in results)


def below_floor(results: Sequence[Result], floors: Floors) -> Mapping[Criterion, int]:
    """The criteria under their floor, with that floor."""
    return {r.criterion: floors.of(r.criterion) for r in results if r.score < floors.of(r.criterion)}


def evaluate(
    draft_id: int, look: int, results: Sequence[Result], *, target: int, floors: Floors, model: str
) -> Evaluation:
    """Decide on a judge's answer: passed only if complete, the weighted score reaches `target` (points, 0 to 100), and
    no criterion is under its floor. An incomplete answer is not scored: neither 0 nor a pass.
    """
    if not complete(results):
        return Evaluation(draft_id, look, (), None, passed=False, model=model)
    score = weighted(results)
    passed = score >= target * 100 and not below_floor(results, floors)
    return Evaluation(draft_id, look, tuple(results), score, passed=passed, model=model)


def lowest(evaluations: Sequence[Evaluation]) -> Evaluation | None:
    """The look that counts: where two at one draft differ, the worse one; None where none was scored."""
    scored = [e for e in evaluations if e.scored]
    return min(scored, key=lambda e: e.weighted or 0) if scored else None
