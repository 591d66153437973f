"""What a draft is judged by, and what one sample of the judge's amounts to. Code computes; the judge only scores."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_


class Criterion(StrEnum):
    """What a draft is judged by: name, label, weight (percent), floor (points) and the question that the judge answers.

    Prompt, schema, weighted score, floors and the order on cards are all read from here.
    """

    label: str
    weight: int
    floor: int
    question: str

    CLARITY = "clarity", N_("Clarity"), 30, 60, "Is it easy to follow, well ordered, without padding?"
    ACCURACY = (
        "accuracy", N_("Accuracy"), 30, 70,
        "Does every fact, name and figure stand in the brief or follow from it? An invented one fails.",
    )  # fmt: skip
    COMPLETENESS = "completeness", N_("Completeness"), 20, 60, "Is everything there that the brief asks for?"
    TONE = "tone", N_("Tone"), 20, 60, "Does it suit the reader and the purpose that the brief names?"

    # the defaults are never used: with them type checkers know that Criterion("tone") finds a criterion by its name
    def __new__(cls, name: str, label: str = "", weight: int = 0, floor: int = 0, question: str = "") -> "Criterion":
        criterion = str.__new__(cls, name)
        criterion._value_ = name
        criterion.label, criterion.weight, criterion.floor, criterion.question = label, weight, floor, question
        return criterion

    @property
    def words(self) -> str:
        """Its name, as people read it where a line begins."""
        return _(self.label)


CRITERIA: tuple[Criterion, ...] = tuple(Criterion)
WEIGHTS: tuple[int, ...] = tuple(criterion.weight for criterion in CRITERIA)


@dataclass(frozen=True, slots=True)
class Result:
    """The judge's answer on one criterion: a score from 0 to 100 and why; `quote` stands in the draft word for word."""

    criterion: Criterion
    score: int
    reason: str
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Floors:
    """The lowest score that each criterion may have in a draft that passes without a person: its own, or `other`."""

    other: Mapping[Criterion, int] = field(default_factory=dict)

    def of(self, criterion: Criterion) -> int:
        return self.other.get(criterion, criterion.floor)


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
    return sorted(result.criterion for result in results) == sorted(CRITERIA) and all(
        0 <= result.score <= 100 for result in results
    )


def weighted(results: Sequence[Result]) -> int:
    """The weighted score in hundredths of a point (0 to 10,000) of a complete set of results."""
    return sum(result.criterion.weight * result.score for result in results)


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


def counted(samples: Sequence[Evaluation]) -> Evaluation | None:
    """What the samples of one draft amount to; None where none was scored.

    Of an odd number of samples the median per criterion, with the reason that came with it; of an even number the worst
    one, since two that differ do not agree (the same rule as in `bot.quality.gate`, which alone says what passes).
    """
    scored = [look for look in samples if look.scored]
    if len(scored) % 2 == 0:
        return min(scored, key=lambda look: (look.passed, look.weighted or 0), default=None)
    if len(scored) == 1:
        return scored[0]
    by_criterion = ([r for look in scored for r in look.results if r.criterion is criterion] for criterion in CRITERIA)
    results = tuple(sorted(found, key=lambda r: r.score)[len(found) // 2] for found in by_criterion)
    first = scored[0]
    return Evaluation(first.draft_id, first.look, results, weighted(results), passed=False, model=first.model)
