"""How the gate stands, as figures: agreement with people, what passed unseen, drift, and the worst disagreements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from bot.calibration.agreement import Confusion
from bot.calibration.learning import Count, Judged, Proposal, Shadow, count
from bot.kernel.task_type import TaskType


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict of the gate as learning sees it, with what it is told by.

    target: the line that it was held to. human: what a person decided, None where nobody did. prompt: the version of
    the drafter's prompt, None where it is the one in the code. blind: that person did not see its scores.
    """

    id: int
    brief_id: int
    task_type: TaskType
    target: int
    human: str | None
    blind: bool
    prompt: int | None
    judge_model: str
    judged: Judged

    @property
    def disagreement(self) -> int:
        """How far from the line the score was, in hundredths of a point, where a person disagreed; else 0."""
        judged = self.judged
        if judged.good is None or judged.weighted is None or judged.passed == judged.good:
            return 0
        return abs(judged.weighted - self.target * 100)


@dataclass(frozen=True, slots=True)
class Adopted:
    """The line that counts for a type since an admin adopted it; id grows with every adoption."""

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


@dataclass(frozen=True, slots=True)
class TypeLine:
    """A type's line: the proposal, who adopted the present one, and the last 30 days under the proposed one."""

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


def standing(decisions: Sequence[Decision], probes: tuple[int, int], stars: Mapping[int, int]) -> Standing:
    """Count the decisions, and hold the gate against people."""
    rows = [decision.judged for decision in decisions]
    passed = sum(row.passed for row in rows)
    read = _against_people(rows)
    return Standing(
        decisions=len(rows),
        passed=passed,
        read=read,
        blind=_against_people([decision.judged for decision in decisions if decision.blind]),
        whole=read.as_if_all_were_read(passed, len(rows) - passed),
        audits=count([row for row in rows if row.passed]),
        probes=probes,
        stars=stars,
    )


def _against_people(rows: Sequence[Judged]) -> Confusion:
    audits, decided = count([row for row in rows if row.passed]), count([row for row in rows if not row.passed])
    return Confusion(audits.clean, audits.bad, decided.clean, decided.bad)


def versions(decisions: Sequence[Decision]) -> list[Version]:
    """The decisions by prompt and judge, the newest version first."""

    def key(decision: Decision) -> tuple[int, str]:
        return -(decision.prompt or 0), decision.judge_model

    found = []
    for _, same in groupby(sorted(decisions, key=key), key=key):
        group = list(same)
        scores = [d.judged.weighted for d in group if d.judged.weighted is not None]
        mean = sum(scores) / len(scores) / 100 if scores else None
        passed = sum(d.judged.passed for d in group)
        read = count([d.judged for d in group])
        found.append(Version(group[0].prompt, group[0].judge_model, len(group), mean, passed, read))
    return found


def worst(decisions: Sequence[Decision], most: int) -> list[Decision]:
    """The decisions on which gate and person were furthest apart, furthest first."""
    apart = [decision for decision in decisions if decision.disagreement]
    return sorted(apart, key=lambda decision: -decision.disagreement)[:most]
