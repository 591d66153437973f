"""When a duel of two prompts is decided: a test of p = 1/2 on the untied pairs, valid although one looks at each pair.

The evidence is the likelihood ratio of a Beta mixture against the fair coin. While both prompts are equally good it is
a martingale that begins at 1, so by Ville's inequality it ever reaches 1/alpha with probability alpha at most, however
often one looks and whenever one stops. It grows towards either side, so it tests both.

Sources: J. Ville, Étude critique de la notion de collectif (1939); H. Robbins, Statistical methods related to the law
of the iterated logarithm, Ann. Math. Statist. 41 (1970) 1397-1409 (the mixture); A. Ramdas, P. Grünwald, V. Vovk and
G. Shafer, Game-theoretic statistics and safe anytime-valid inference, Statistical Science 38 (2023) 576-601.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import exp, lgamma, log

from bot.prompts.model import Version

ALPHA = 0.05
# Of the priors tried, Beta(5, 5) decides soonest at 65 to 35 and has near the best power at 60 to 40
# (`python -m benchmarks duels`). Twelve wins in a row decide.
PRIOR = 5.0
LONGEST = 400  # judged pairs, ties among them
STOPPED = "stopped"


class Verdict(StrEnum):
    """What a duel has come to; the values are states of the `duels` table."""

    RUNNING = "running"
    WON_A = "won_a"
    WON_B = "won_b"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Tally:
    """The pairs judged so far: won by A, won by B, tied."""

    a: int = 0
    b: int = 0
    ties: int = 0

    @property
    def pairs(self) -> int:
        return self.a + self.b + self.ties


@dataclass(frozen=True, slots=True)
class Duel:
    """A row of `duels`: two versions of the drafting prompt for a type. state: a Verdict, or "stopped" by a person."""

    id: int
    tenant: str
    task_type: str
    prompt_a: int
    prompt_b: int
    state: str
    created_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Pair:
    """A row of `duel_pairs`: what both versions made of one brief. winner: a, b or tie; None until it was judged."""

    id: int
    brief_id: int
    text_a: str
    text_b: str
    winner: str | None


@dataclass(frozen=True, slots=True)
class Standing:
    """A duel with all that is shown of it."""

    duel: Duel
    a: Version
    b: Version
    tally: Tally


def log_evidence(a: int, b: int) -> float:
    """The natural logarithm of the evidence against p = 1/2 from `a` wins and `b` losses, in any order."""
    return _log_beta(PRIOR + a, PRIOR + b) - _log_beta(PRIOR, PRIOR) + (a + b) * log(2)


def evidence(tally: Tally) -> float:
    """How many times better a difference explains the pairs than none; ties say nothing. From 20 it is decided."""
    return exp(log_evidence(tally.a, tally.b))


def decide(tally: Tally) -> Verdict:
    """Whether the duel is decided, goes on, or has to end after LONGEST pairs with no difference shown."""
    if log_evidence(tally.a, tally.b) >= -log(ALPHA):
        return Verdict.WON_A if tally.a > tally.b else Verdict.WON_B
    return Verdict.RUNNING if tally.pairs < LONGEST else Verdict.UNDECIDED


def _log_beta(x: float, y: float) -> float:
    return lgamma(x) + lgamma(y) - lgamma(x + y)
