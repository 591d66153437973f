"""What the automatic check rests on. No model is trained: what people decide moves minimum scores and prompts,
and nothing else; so an audit of the training says of these whether they stand. Pure.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from statistics import fmean

from bot.calibration.agreement import kappa
from bot.calibration.figures import Decision, Standing, TypeTarget, Version, Week
from bot.kernel.text.words import FEW
from bot.prompts.model import Version as Prompt
from bot.quality.model import CRITERIA, Criterion

FAIR = 0.4  # kappa below which agreement is hardly more than chance: Landis and Koch, Biometrics 33 (1977) 159-174
DRIFTS = 5.0  # points by which a criterion's scores may move before somebody should look
DRAFT = "draft"


class Finding(StrEnum):
    """What does not stand."""

    FEW = "few"
    AGREEMENT = "agreement"
    DRIFT = "drift"
    PROBES = "probes"
    UNTRIED = "untried"


@dataclass(frozen=True, slots=True)
class Drift:
    """The mean of a criterion's scores of the last week, beside that of the weeks before."""

    criterion: Criterion
    now: float
    before: float

    @property
    def moved(self) -> float:
        """By how many points."""
        return self.now - self.before


@dataclass(frozen=True, slots=True)
class Audit:
    """The evidence of the last `days`. first: of the days of the week that is audited. recent: of the last 30 of them.

    fresh: decisions by people on drafts of that week. learnt: ids of the decisions that minimum scores follow from.
    prompts: those in use; changed: of these written in that week. weeks: the newest first.
    """

    first: date
    days: int
    standing: Standing
    recent: Standing
    fresh: int
    decisions: Sequence[Decision]
    learnt: Collection[int]
    targets: Sequence[TypeTarget]
    prompts: Sequence[Prompt]
    changed: int
    versions: Sequence[Version]
    weeks: Sequence[Week]
    at: datetime

    @property
    def labelled(self) -> Sequence[Decision]:
        """Drafts that people decided on."""
        return [one for one in self.decisions if one.human is not None]

    @property
    def drifts(self) -> Sequence[Drift]:
        """Of each criterion, where this week and those before have enough drafts to tell."""
        if not self.weeks or self.weeks[0].drafts < FEW:
            return []
        now, *others = self.weeks
        found = []
        for criterion in CRITERIA:
            before = [week.scores[criterion] for week in others if criterion in week.scores and week.drafts >= FEW]
            if criterion in now.scores and before:
                found.append(Drift(criterion, now.scores[criterion], fmean(before)))
        return found

    @property
    def untried(self) -> Sequence[Prompt]:
        """Drafting prompts in use of whose drafts people decided on too few to tell how good they are."""
        read: dict[int | None, int] = {}
        for one in self.versions:
            read[one.prompt] = read.get(one.prompt, 0) + one.read.total
        return [one for one in self.prompts if one.purpose == DRAFT and read.get(one.version, 0) < FEW]

    @property
    def findings(self) -> Sequence[Finding]:
        """What does not stand; where too little is known, that alone is said of it."""
        return list(self._found())

    def _found(self) -> Iterator[Finding]:
        if self.standing.read.total < FEW:
            yield Finding.FEW
        elif (agreed := kappa(self.standing.read)) is not None and agreed < FAIR:
            yield Finding.AGREEMENT
        if any(abs(one.moved) >= DRIFTS for one in self.drifts):
            yield Finding.DRIFT
        held, tried = self.standing.probes
        if held < tried:
            yield Finding.PROBES
        if self.standing.read.total >= FEW and self.untried:
            yield Finding.UNTRIED

    @property
    def empty(self) -> bool:
        """Whether nothing was checked, so that there is nothing to audit."""
        return not self.standing.decisions
