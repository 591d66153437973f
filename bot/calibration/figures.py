"""How the gate stands, as figures: agreement with people, what passed unseen, drift, and the worst disagreements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from bot.calibration.agreement import Confusion
from bot.calibration.learning import Count, Judged, Proposal, Shadow
from bot.kernel.task_type import TaskType
from bot.quality.model import CRITERIA, Criterion


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict of the gate, as people read it.

    weighted: hundredths of a point, None where not scored. target: what it was held to. human: what a person
    decided, None where nobody did. prompt: the version of the drafter's prompt, None where it is the one in the code.
    blind: that person did not see its scores.
    """

    id: int
    brief_id: int
    task_type: TaskType
    weighted: int | None
    target: int
    passed: bool
    human: str | None
    blind: bool
    prompt: int | None
    judge_model: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Tally:
    """How many decisions of the gate were alike. good: a person let them out; None where nobody decided.

    scored: how many of them have a score. weighted: the sum of the scores, in hundredths of a point.
    """

    prompt: int | None
    judge_model: str
    passed: bool
    blind: bool
    good: bool | None
    decisions: int
    scored: int
    weighted: int


@dataclass(frozen=True, slots=True)
class Labels:
    """How often people let drafts of a type with so many points out (good), or did not."""

    task_type: str
    judge_model: str
    points: int
    good: bool
    times: int

    def judged(self, at: datetime) -> Judged:
        """The same, as what a target is learnt from."""
        return Judged(self.points * 100, passed=False, bound=False, good=self.good, created_at=at, times=self.times)


@dataclass(frozen=True, slots=True)
class Adopted:
    """The target that counts for a type since an admin adopted it; id grows with every adoption."""

    id: int
    target: int
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Opinions:
    """Gate and person on the same draft. score: points, None where not scored; reasons: the judge's, by criterion."""

    brief_id: int
    draft_id: int
    title: str
    text: str
    line: int
    score: int | None
    passed: bool
    reasons: Sequence[tuple[str, int, str]]
    human: str
    person: str
    why: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """The gate over a span of time.

    read: gate against people, as counted; blind: only where they did not see its scores.
    whole: the same for all drafts, see `Confusion.as_if_all_were_read`.
    audits: what passed and was read blind. probes: known-bad drafts that were held, and how many there were.
    """

    decisions: int
    passed: int
    read: Confusion
    blind: Confusion
    whole: Confusion | None
    audits: Count
    probes: tuple[int, int]
    stars: Mapping[int, int]

    @property
    def weakest(self) -> int:
        """How many labels there are where they are fewest: of what passed, of what was held, unless all of it has one;
        or in all.
        """
        labels = round(self.read.total)
        halves = ((self.audits.total, self.passed), (labels - self.audits.total, self.decisions - self.passed))
        return min([labels, *(read for read, of in halves if read < of)])


@dataclass(frozen=True, slots=True)
class Week:
    """The mean of the judge's scores of a week's newest drafts, by criterion; since: when it begins."""

    since: datetime
    drafts: int
    scores: Mapping[Criterion, float]


def week(since: datetime, found: Sequence[Mapping[Criterion, int]]) -> Week:
    """The means of what was found of a week."""
    given = {one: [scores[one] for scores in found if one in scores] for one in CRITERIA}
    return Week(since, len(found), {one: sum(all_of) / len(all_of) for one, all_of in given.items() if all_of})


@dataclass(frozen=True, slots=True)
class TypeTarget:
    """A type's target: the proposal, who adopted the present one, and the last 30 days under the proposed one."""

    task_type: TaskType
    proposal: Proposal
    adopted: Adopted | None
    past: Shadow


@dataclass(frozen=True, slots=True)
class Version:
    """What came of one version of the drafter's prompt under one judge. score: the mean, in points."""

    prompt: int | None
    judge_model: str
    decisions: int
    score: float | None
    passed: int
    read: Count


@dataclass(frozen=True, slots=True)
class Overview:
    """How the gate stood over the last `days`, and each target as it is. task_type None: all types."""

    task_type: TaskType | None
    standing: Standing
    targets: Sequence[TypeTarget]
    days: int
    now: datetime


@dataclass(frozen=True, slots=True)
class Table:
    """The decisions of a type, or of all (None), as they were known at that time."""

    task_type: TaskType | None
    decisions: Sequence[Decision]
    now: datetime


@dataclass(frozen=True, slots=True)
class Settled:
    """A proposal that an admin adopted, or declined (`target` is `before` then); by: their name."""

    task_type: TaskType
    line: int
    before: int
    by: str
    at: datetime


def standing(tallies: Sequence[Tally], probes: tuple[int, int], stars: Mapping[int, int]) -> Standing:
    """Count the decisions, and hold the gate against people."""
    decisions = sum(one.decisions for one in tallies)
    passed = sum(one.decisions for one in tallies if one.passed)
    read = _against_people(tallies)
    return Standing(
        decisions=decisions,
        passed=passed,
        read=read,
        blind=_against_people([one for one in tallies if one.blind]),
        whole=read.as_if_all_were_read(passed, decisions - passed),
        audits=_count([one for one in tallies if one.passed]),
        probes=probes,
        stars=stars,
    )


def _against_people(tallies: Sequence[Tally]) -> Confusion:
    audits, decided = (_count([one for one in tallies if one.passed is passed]) for passed in (True, False))
    return Confusion(audits.clean, audits.bad, decided.clean, decided.bad)


def _count(tallies: Sequence[Tally]) -> Count:
    bad, good = (sum(one.decisions for one in tallies if one.good is label) for label in (False, True))
    return Count(bad, bad + good)


def versions(tallies: Sequence[Tally]) -> list[Version]:
    """The decisions by prompt and judge, the newest version first."""

    def key(one: Tally) -> tuple[int, str]:
        return -(one.prompt or 0), one.judge_model

    found = []
    for _, same in groupby(sorted(tallies, key=key), key=key):
        group = list(same)
        scored = sum(one.scored for one in group)
        mean = sum(one.weighted for one in group) / scored / 100 if scored else None
        passed = sum(one.decisions for one in group if one.passed)
        decisions = sum(one.decisions for one in group)
        found.append(Version(group[0].prompt, group[0].judge_model, decisions, mean, passed, _count(group)))
    return found
