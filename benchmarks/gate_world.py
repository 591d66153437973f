"""A world in which the true quality of every draft is known: briefs, drafts, simulated judges, and the gate at work."""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from bot.quality.gate import Move, Rules, Sample, Scores, next_step, weighted
from bot.quality.model import WEIGHTS

ASSUMPTIONS = (
    "true quality: a brief's level is normal, mean 82, sd 8; a draft adds its own, sd 4; each criterion its own, sd 6",
    "an attempt is 2 points better than the one before, for being told what was criticised; at most 3 attempts",
    "truly bad: true weighted quality under 80, or a criterion truly under its floor; people see exactly that",
    "a sample is truth plus bias plus normal noise, rounded, within 0 to 100; sd is that of the weighted score",
    "noise is drawn anew for each sample; half of its variance is common to the four criteria of a sample",
    "human load: the share of briefs that go to a person, blind audits (5 % of what passes) included",
)
BRIEF_MEAN, BRIEF_SD, DRAFT_SD, CRITERION_SD, GAIN, COMMON = 82.0, 8.0, 4.0, 6.0, 2.0, 0.5
ATTEMPTS, ACCEPTABLE, AUDITED = 3, 80, 0.05
_SQUARES = sum((weight / 100) ** 2 for weight in WEIGHTS)


@dataclass(frozen=True, slots=True)
class Judge:
    """A simulated judge: the standard deviation and the bias of its weighted score, in points."""

    sd: float
    bias: float

    def sample(self, truth: tuple[float, ...], rng: random.Random) -> Scores:
        """One independent judgement of a draft of which these are the true qualities by criterion."""
        of_criterion = self.sd / math.sqrt(COMMON + (1 - COMMON) * _SQUARES)
        common = rng.gauss(self.bias, of_criterion * math.sqrt(COMMON))
        own = of_criterion * math.sqrt(1 - COMMON)
        return tuple(min(100, max(0, round(true + common + rng.gauss(0, own)))) for true in truth)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a brief.

    firsts: the first sample of each attempt, weighted, in hundredths; bad: whether that draft is truly bad.
    """

    firsts: tuple[int, ...]
    bad: tuple[bool, ...]
    approved: bool
    attempt: int
    counted: int | None
    samples: tuple[Sample, ...] = field(repr=False)

    @property
    def decided_bad(self) -> bool:
        """Whether the draft that the gate decided on is truly bad."""
        return self.bad[self.attempt - 1]


def drafts(rng: random.Random) -> Iterator[tuple[float, ...]]:
    """The true qualities, by criterion, of a brief's drafts in turn."""
    level = rng.gauss(BRIEF_MEAN, BRIEF_SD)
    for attempt in range(ATTEMPTS):
        draft = level + GAIN * attempt + rng.gauss(0, DRAFT_SD)
        yield tuple(min(100.0, max(0.0, draft + rng.gauss(0, CRITERION_SD))) for _ in WEIGHTS)


def is_bad(truth: tuple[float, ...], rules: Rules) -> bool:
    quality = sum(weight * true for weight, true in zip(WEIGHTS, truth, strict=True))
    return quality < ACCEPTABLE * 100 or any(t < floor for t, floor in zip(truth, rules.floors, strict=True))


def work_off(count: int, judge: Judge, rules: Rules, rng: random.Random) -> list[Outcome]:
    """So many briefs through the gate, by the function that the product itself calls."""
    return [_one(judge, rules, rng) for _ in range(count)]


def _one(judge: Judge, rules: Rules, rng: random.Random) -> Outcome:
    truths = list(drafts(rng))
    firsts = [judge.sample(truth, rng) for truth in truths]
    samples: list[Sample] = []
    step = next_step(samples, 1, rules)
    attempt = 1
    while step.move in {Move.SAMPLE, Move.REDRAFT}:
        if step.move is Move.REDRAFT:
            attempt = step.attempt
        else:
            there = sum(sample.attempt == attempt for sample in samples)
            scores = firsts[attempt - 1] if there == 0 else judge.sample(truths[attempt - 1], rng)
            samples.append(Sample(attempt, scores))
        step = next_step(samples, attempt, rules)
    return Outcome(
        firsts=tuple(weighted(first) for first in firsts),
        bad=tuple(is_bad(truth, rules) for truth in truths),
        approved=step.move is Move.APPROVE,
        attempt=step.attempt,
        counted=step.weighted,
        samples=tuple(samples),
    )


@dataclass(frozen=True, slots=True)
class Figure:
    """Shares of all briefs, 0 to 1: those that go to a person, and those whose client got a truly bad draft."""

    load: float
    bad: float


def of_gate(outcomes: list[Outcome]) -> Figure:
    """What the gate did; an audited draft is read by a person, who finds it bad where it is."""
    alone = [outcome for outcome in outcomes if outcome.approved]
    held, unread = len(outcomes) - len(alone), 1 - AUDITED
    load = (held + AUDITED * len(alone)) / len(outcomes)
    return Figure(load, unread * sum(outcome.decided_bad for outcome in alone) / len(outcomes))


def of_retrying(outcomes: list[Outcome], present: float) -> Figure:
    """The same briefs by "retry until one noisy score reaches the target", in hundredths of a point; nobody audits."""
    held = bad = 0
    for outcome in outcomes:
        first = next((n for n, score in enumerate(outcome.firsts) if score >= present), None)
        held += first is None
        bad += first is not None and outcome.bad[first]
    return Figure(held / len(outcomes), bad / len(outcomes))


def of_retrying_at(outcomes: list[Outcome], load: float) -> Figure:
    """The same with its target set so that people have exactly that load, between two targets by their mixture."""
    best = sorted(max(outcome.firsts) for outcome in outcomes)
    lines = [best[min(len(best) - 1, max(0, round(load * len(best)) + beside))] for beside in (-40, 0, 40)]
    tried = sorted((of_retrying(outcomes, present) for present in {*lines, 0, 10_001}), key=lambda figure: figure.load)
    for below, above in pairwise(tried):
        if below.load <= load <= above.load:
            share = 0.0 if above.load == below.load else (load - below.load) / (above.load - below.load)
            return Figure(load, below.bad + share * (above.bad - below.bad))
    raise AssertionError("loads from 0 to 1 are enclosed")
