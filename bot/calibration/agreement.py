"""How well gate and people agree, and how sure one can be of it: kappa, rates, exact bounds, anytime-valid evidence.

Everything here is arithmetic on counts. "Bad" is a draft that the gate let through and a person would not have.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

CONFIDENCE = 0.95
# The claim that is to be proven: of the drafts that pass without a person, at most this share is bad.
LIMIT = 0.05
# How much of the evidence is bet on "none at all is bad". With this much, 59 clean audits in a row prove the claim,
# which is as few as any valid test can do with; the rest is what a first bad audit leaves to go on with.
ON_NONE = 0.96


@dataclass(frozen=True, slots=True)
class Confusion:
    """The gate against people. The first word is the gate's (passed, held), the second a person's (good, bad).

    Counts, or shares of a population where `as_if_all_were_read` made them.
    """

    passed_good: float
    passed_bad: float
    held_good: float
    held_bad: float

    @property
    def total(self) -> float:
        return self.passed_good + self.passed_bad + self.held_good + self.held_bad

    def as_if_all_were_read(self, passed: int, held: int) -> "Confusion | None":
        """The table that reading every draft would be expected to give, from how many the gate passed and held in all.

        People read nearly every held draft, but only the audited share of the passed ones, so rates from the plain
        counts would be wrong ("verification bias"): each half is scaled up to its true size. None where a half that
        is not empty has no label. Begg and Greenes, Biometrics 39 (1983) 207-215.
        """
        passed_read, held_read = self.passed_good + self.passed_bad, self.held_good + self.held_bad
        if (passed and not passed_read) or (held and not held_read):
            return None
        up, down = passed / (passed_read or 1), held / (held_read or 1)
        return Confusion(self.passed_good * up, self.passed_bad * up, self.held_good * down, self.held_bad * down)


def kappa(table: Confusion) -> float | None:
    """Cohen's kappa, -1 to 1: agreement beyond chance. Cohen, Educ. Psychol. Meas. 20 (1960) 37-46.

    None where it is not defined: nothing was labelled, or both sides gave one and the same label to everything, so
    that chance alone would agree every time.
    """
    if not table.total:
        return None
    agreed = (table.passed_good + table.held_bad) / table.total
    passed = (table.passed_good + table.passed_bad) / table.total
    good = (table.passed_good + table.held_good) / table.total
    by_chance = passed * good + (1 - passed) * (1 - good)
    return None if by_chance == 1 else (agreed - by_chance) / (1 - by_chance)


def true_pass_rate(table: Confusion) -> float | None:
    """Of the drafts that people call good, the share that the gate passed (sensitivity); None where there are none."""
    good = table.passed_good + table.held_good
    return table.passed_good / good if good else None


def false_pass_rate(table: Confusion) -> float | None:
    """Of the drafts that people call bad, the share that the gate passed; None where there are none."""
    bad = table.passed_bad + table.held_bad
    return table.passed_bad / bad if bad else None


def _log_choose(total: int, some: int) -> float:
    return math.lgamma(total + 1) - math.lgamma(some + 1) - math.lgamma(total - some + 1)


def _tail(first: int, last: int, total: int, share: float) -> float:
    """P(first <= X <= last) of a binomial X of `total` trials; 0 < share < 1."""
    ok, failed = math.log(share), math.log1p(-share)
    terms = (_log_choose(total, k) + k * ok + (total - k) * failed for k in range(first, last + 1))
    return min(1.0, math.fsum(math.exp(term) for term in terms))


def upper_bound(bad: int, total: int, confidence: float = CONFIDENCE) -> float:
    """The exact one-sided upper bound of a share of which `bad` of `total` were seen: 0 of 20 gives 13.9 %.

    The share at which so few would be seen with probability 1 - confidence. It holds for one look at counts that
    were not waited for; `proven` is for looking again and again. Clopper and Pearson, Biometrika 26 (1934) 404-413.
    """
    if bad >= total:
        return 1.0
    low, high = bad / total, 1.0
    while high - low > 1e-9:
        middle = (low + high) / 2
        low, high = (middle, high) if _tail(0, bad, total, middle) > 1 - confidence else (low, middle)
    return high


def _log_spread(bad: int, total: int, low: float, high: float, limit: float) -> float:
    """Log of the likelihood under a share even between low and high, over that under the limit.

    The integral of p^bad (1-p)^good up to x is the beta function times a binomial tail of total + 1 trials.
    """
    upto_high = _tail(bad + 1, total + 1, total + 1, high) if high < 1 else 1.0
    upto_low = _tail(bad + 1, total + 1, total + 1, low) if low > 0 else 0.0
    if upto_high <= upto_low:
        return -math.inf
    beta = -math.log(total + 1) - _log_choose(total, bad)
    mean = beta + math.log(upto_high - upto_low) - math.log(high - low)
    return mean - bad * math.log(limit) - (total - bad) * math.log1p(-limit)


def log_evidence(bad: int, total: int, limit: float = LIMIT) -> float:
    """Natural log of the evidence that the share of bad ones is under `limit`, after `bad` of `total` audits.

    The evidence is a fair bet against "the share is the limit or more": a mixture of likelihood ratios, so under that
    hypothesis it is a non-negative supermartingale that starts at 1, and by Ville's inequality it ever reaches 20 with
    probability 5 % at most, however often one looks. Robbins, Ann. Math. Statist. 41 (1970) 1397-1409; Howard et al.,
    Ann. Statist. 49 (2021) 1055-1080.
    """
    spread = math.log(1 - ON_NONE) + _log_spread(bad, total, 0.0, limit, limit)
    if bad:
        return spread
    none = math.log(ON_NONE) - total * math.log1p(-limit)
    return max(none, spread) + math.log1p(math.exp(-abs(none - spread)))


@lru_cache(maxsize=4096)
def proven(bad: int, total: int, limit: float = LIMIT) -> bool:
    """Whether the audits prove, at 95 %, that at most `limit` of what passes is bad, however often one looked."""
    return log_evidence(bad, total, limit) >= -math.log(1 - CONFIDENCE)


@lru_cache(maxsize=4096)
def disproven(bad: int, total: int, limit: float = LIMIT) -> bool:
    """Whether they prove the opposite, that more than `limit` is bad, in the same way."""
    return bad > limit * total and _log_spread(bad, total, limit, 1.0, limit) >= -math.log(1 - CONFIDENCE)


@lru_cache(maxsize=256)
def audits_needed(bad: int, limit: float = LIMIT) -> int:
    """How many audits, of which `bad` are bad, prove the claim: 59 where none is."""
    low, high = bad, 64
    while not proven(bad, high, limit):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if proven(bad, middle, limit) else (middle, high)
    return high
