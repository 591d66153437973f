"""`python -m benchmarks.gate`: what the gate lets through and what it asks of people, against "retry until 80".

True quality is known because it is simulated (`benchmarks.gate_world` says how); the gate is the product's own
function, and so is what it learns.
"""

import argparse
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from benchmarks.gate_world import (
    ASSUMPTIONS,
    AUDITED,
    Figure,
    Judge,
    Outcome,
    of_gate,
    of_retrying,
    of_retrying_at,
    work_off,
)
from benchmarks.report import Check, at_most
from bot.calibration.agreement import LIMIT, audits_needed, proven, upper_bound
from bot.calibration.learning import Judged, propose
from bot.quality.gate import Rules

JUDGES = [Judge(sd, bias) for bias in (-5, 0, 5) for sd in (4, 8, 12)]
BEGUN = datetime(2026, 1, 1, tzinfo=UTC)
BETWEEN_PROPOSALS = 100
JUST_OVER = 0.055
HISTORIES, AUDITS = 1_000, 1_000


@dataclass(frozen=True, slots=True)
class Measured:
    """The gate, and "retry until" with its line set to the same human load."""

    judge: Judge
    line: float
    gate: Figure
    retrying: Figure

    def __str__(self) -> str:
        ratio = f"{self.gate.bad / self.retrying.bad:.2f}" if self.retrying.bad else "-"
        return (
            f"sd {self.judge.sd:>2g}, bias {self.judge.bias:+3g}: line {self.line:4.1f}, load {self.gate.load:5.1%}, "
            f"bad {self.gate.bad:6.2%}, retrying at that load {self.retrying.bad:6.2%}, {ratio} x"
        )


def judged(outcome: Outcome, rules: Rules, at: datetime, rng: random.Random) -> Judged:
    """The decision as the product's rows would tell it: people read what is held, and the audited share of the rest."""
    score = outcome.counted
    under = any(
        score < floor
        for sample in outcome.samples
        if sample.attempt == outcome.attempt and sample.scores is not None
        for score, floor in zip(sample.scores, rules.floors, strict=True)
    )
    bound = not outcome.approved and (under or (score is not None and score >= rules.target * 100))
    read = not outcome.approved or rng.random() < AUDITED
    return Judged(score, outcome.approved, bound, not outcome.decided_bad if read else None, at)


def learned_line(judge: Judge, rules: Rules, briefs: int, seed: int) -> int:
    """The line after so many briefs, where every proposal was adopted as it came."""
    rng = random.Random(seed)
    rows: list[Judged] = []
    since = BEGUN
    for number in range(0, briefs, BETWEEN_PROPOSALS):
        at = BEGUN + timedelta(hours=number)
        rows += [judged(o, rules, at, rng) for o in work_off(BETWEEN_PROPOSALS, judge, rules, rng)]
        proposal = propose(rows, rules.target, since)
        if proposal.target != proposal.present:
            rules = replace(rules, target=proposal.target)
            since = at + timedelta(hours=1)
    return rules.target


def compared(judge: Judge, rules: Rules, outcomes: list[Outcome]) -> Measured:
    gate = of_gate(outcomes)
    return Measured(judge, rules.target, gate, of_retrying_at(outcomes, gate.load))


def after_learning(judge: Judge, rules: Rules, briefs: int, histories: int) -> Measured:
    """The mean over histories of what the gate does at the line that each has learned."""
    found: list[Measured] = []
    by_line: dict[int, Measured] = {}
    for seed in range(histories):
        line = learned_line(judge, rules, briefs, seed)
        if line not in by_line:
            at_line = replace(rules, target=line)
            by_line[line] = compared(judge, at_line, work_off(briefs, judge, at_line, random.Random(4711)))
        found.append(by_line[line])

    def mean(values: Sequence[float]) -> float:
        return sum(values) / len(values)

    return Measured(
        judge,
        mean([one.line for one in found]),
        Figure(mean([one.gate.load for one in found]), mean([one.gate.bad for one in found])),
        Figure(mean([one.retrying.load for one in found]), mean([one.retrying.bad for one in found])),
    )


def false_claims(share: float) -> tuple[float, float]:
    """Of simulated histories whose true share of bad ones is `share`, how many are ever called proven when looked at
    after each audit: by `proven`, and by the exact bound of a single look.
    """
    plan = [audits_needed(bad) for bad in range(AUDITS // 10)]
    plain = [next(n for n in range(1, 9999) if upper_bound(bad, n) <= LIMIT) for bad in range(40)]
    rng = random.Random(59)
    false = naive = 0
    for _ in range(HISTORIES):
        bad, claimed, claimed_plainly = 0, False, False
        for audits in range(1, AUDITS + 1):
            bad += rng.random() < share
            claimed |= bad < len(plan) and audits >= plan[bad]
            claimed_plainly |= bad < len(plain) and audits >= plain[bad]
        false, naive = false + claimed, naive + claimed_plainly
    assert proven(0, plan[0])
    return false / HISTORIES, naive / HISTORIES


def pooled(rows: Sequence[Measured]) -> float:
    return sum(row.gate.bad for row in rows) / sum(row.retrying.bad for row in rows)


def main() -> int:
    """Simulate and print; 1 where a reach was missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gate", description=__doc__)
    parser.add_argument("--briefs", type=int, default=8_000, help="briefs per judge and history (8,000)")
    parser.add_argument("--histories", type=int, default=3, help="histories of learning per judge (3)")
    parser.add_argument("--near", type=int, default=Rules().near, help="points from the target that take more samples")
    parser.add_argument("--samples", type=int, default=Rules().samples, help="samples that are then taken")
    given = parser.parse_args()
    rules, began = Rules(near=given.near, samples=given.samples), time.monotonic()
    print("Assumed:", *(f"  {line}" for line in ASSUMPTIONS), f"\n{rules}\n", sep="\n")
    print('"retry until 80", one noisy score, up to 3 attempts, and this gate at the line of 80:', flush=True)
    plain, learned, calls = [], [], 0
    for judge in JUDGES:
        outcomes = work_off(given.briefs, judge, rules, random.Random(1))
        calls += sum(len(outcome.samples) for outcome in outcomes)
        at_80 = of_retrying(outcomes, 80 * 100)
        plain.append(compared(judge, rules, outcomes))
        print(f"  {plain[-1]}; retrying at 80: load {at_80.load:.1%}, bad {at_80.bad:.2%}", flush=True)
    print(f"  samples a brief: {calls / len(JUDGES) / given.briefs:.1f}; all judges together {pooled(plain):.2f} x\n")
    print(f"this gate after learning from {given.briefs:,} briefs, mean of {given.histories} histories:")
    for judge in JUDGES:
        learned.append(after_learning(judge, rules, given.briefs, given.histories))
        print(f"  {learned[-1]}", flush=True)
    false, naive = false_claims(JUST_OVER)
    print(f"\nlooked at after each of {AUDITS:,} audits, {JUST_OVER:.1%} truly bad: called proven in {false:.1%} of")
    print(f"{HISTORIES:,} histories; by the exact bound of one look, peeked at in the same way, in {naive:.1%}\n")
    checks: list[Check] = [
        at_most(
            "bad drafts let through after learning, of those of retrying at equal load,", pooled(learned), 0.25, "x"
        ),
        at_most("false “proven”", 100 * false, 100 * LIMIT, "%"),
    ]
    for check in checks:
        print(f"{check.words}: {'reached' if check.reached else 'MISSED'}")
    print(f"({time.monotonic() - began:.0f} s)")
    return 0 if all(check.reached for check in checks) else 1


if __name__ == "__main__":
    sys.exit(main())
