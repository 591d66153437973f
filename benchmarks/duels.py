"""Duels of prompts: false winners and power of the test in `bot.experiments.model`, looked at after every pair.

A simulated duel is up to 400 pairs; each is won by A with a fixed probability, independent of the others. Ties carry
nothing and are left out. The baseline is what one is tempted to do: a z-test at 5 % (|z| ≥ 1.96), also looked at after
every pair, from the tenth on. Beside the simulated shares stand the exact ones, by following every possible score.
"""

import asyncio
import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from statistics import median

from benchmarks.report import Row, at_least, at_most
from bot.experiments.model import LONGEST, Tally, Verdict, decide

DUELS = 1_000
SEED = 20_261_123
Test = Callable[[int, int], str]
WINNERS = (Verdict.WON_A, Verdict.WON_B)


@dataclass(frozen=True, slots=True)
class Ended:
    """How a simulated duel ended, and after how many pairs."""

    verdict: str
    pairs: int


def e_process(a: int, b: int) -> str:
    """The test that duels use."""
    return decide(Tally(a, b))


def z_test(a: int, b: int) -> str:
    """The baseline: "significant" by the normal approximation, whenever one looks."""
    n = a + b
    if n >= 10 and abs(a - b) / sqrt(n) >= 1.96:
        return Verdict.WON_A if a > b else Verdict.WON_B
    return Verdict.RUNNING if n < LONGEST else Verdict.UNDECIDED


def simulate(test: Test, probability: float, duels: int = DUELS, seed: int = SEED) -> list[Ended]:
    """Duels in which A wins each pair with the given probability, each looked at after every pair."""
    chance = random.Random(seed)
    return [_one(test, probability, chance) for _ in range(duels)]


def _one(test: Test, probability: float, chance: random.Random) -> Ended:
    a = b = 0
    while True:
        if chance.random() < probability:
            a += 1
        else:
            b += 1
        verdict = test(a, b)
        if verdict != Verdict.RUNNING:
            return Ended(verdict, a + b)


def exact(test: Test, probability: float) -> dict[str, float]:
    """The probability of each ending, by adding up every way there."""
    ended: dict[str, float] = dict.fromkeys((*WINNERS, Verdict.UNDECIDED), 0.0)
    running = {0: 1.0}  # wins of A: probability, among duels of n pairs that go on
    for n in range(1, LONGEST + 1):
        following: dict[int, float] = {}
        for a, share in _steps(running, probability):
            following[a] = following.get(a, 0.0) + share
        running = {}
        for a, share in following.items():
            verdict = test(a, n - a)
            if verdict == Verdict.RUNNING:
                running[a] = share
            else:
                ended[verdict] += share
    return ended


def _steps(running: dict[int, float], probability: float) -> Iterator[tuple[int, float]]:
    for a, share in running.items():
        yield a + 1, share * probability
        yield a, share * (1 - probability)


def share(ended: list[Ended], *verdicts: str) -> float:
    return sum(one.verdict in verdicts for one in ended) / len(ended)


def _line(name: str, test: Test, probability: float) -> str:
    ended, by_sum = simulate(test, probability), exact(test, probability)
    decided = [one.pairs for one in ended if one.verdict in WINNERS]
    return (
        f"{name} at {probability:.0%}: A {share(ended, Verdict.WON_A):.1%} (exactly {by_sum[Verdict.WON_A]:.1%}), "
        f"B {share(ended, Verdict.WON_B):.1%} (exactly {by_sum[Verdict.WON_B]:.1%}), "
        f"median of the decided {median(decided):.0f} pairs"
    )


async def measure(folder: Path) -> Row:  # noqa: ARG001 - every row's shape
    """False winners between equal prompts, and how often a better one is found."""
    false = share(simulate(e_process, 0.5), *WINNERS)
    peeked = share(simulate(z_test, 0.5), *WINNERS)
    at_60, at_65 = (simulate(e_process, p) for p in (0.6, 0.65))
    found = [share(ended, Verdict.WON_A) for ended in (at_60, at_65)]
    return Row(
        f"prompt duels, {DUELS:,} simulated each, looked at after every pair, at most {LONGEST} pairs, seed {SEED}",
        f"false winners {false:.1%}; the better prompt found {found[0]:.1%} at 60/40, {found[1]:.1%} at 65/35",
        f"z-test looked at as often: false winners {peeked:.1%}",
        [
            at_most("false winners", 100 * false, 5, "%"),
            at_least("found at 60/40", 100 * found[0], 80, "%"),
            at_least("found at 65/35", 100 * found[1], 99, "%"),
        ],
        [
            *(_line("e-process", e_process, p) for p in (0.5, 0.6, 0.65)),
            *(_line("z-test", z_test, p) for p in (0.5, 0.6)),
        ],
    )


def main() -> int:
    """Print the row; 1 where it missed its reach."""
    row = asyncio.run(measure(Path()))
    print(row)
    return 0 if row.reached else 1


if __name__ == "__main__":
    sys.exit(main())
