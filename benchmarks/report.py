"""A measured row: its figure, its baseline from the same run, the reach, and the verdict, as printed."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0 to 1) of the values lie: the nearest rank, no interpolation."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def median(values: Sequence[float]) -> float:
    return quantile(values, 0.5)


def spread(seconds: Sequence[float]) -> str:
    """ "n 60, p50 31.0 ms, p99 44.1 ms"."""
    return f"n {len(seconds)}, p50 {quantile(seconds, 0.5) * 1000:.1f} ms, p99 {quantile(seconds, 0.99) * 1000:.1f} ms"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to reach, in words with its figure, and whether it was."""

    words: str
    reached: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table. `raw` holds the plain figures behind it, one line each."""

    title: str
    figure: str
    baseline: str
    checks: Sequence[Check]
    raw: Sequence[str] = field(default_factory=tuple)

    @property
    def reached(self) -> bool:
        return all(check.reached for check in self.checks)

    def __str__(self) -> str:
        lines = [self.title, f"  measured  {self.figure}", f"  baseline  {self.baseline}"]
        lines += [f"  reach     {check.words}: {'reached' if check.reached else 'MISSED'}" for check in self.checks]
        lines += [f"  raw       {line}" for line in self.raw]
        return "\n".join(lines)


def at_most(what: str, value: float, limit: float, unit: str) -> Check:
    return Check(f"{what} {value:,.2f} {unit}, at most {limit:,.2f} {unit}", value <= limit)


def at_least(what: str, value: float, limit: float, unit: str) -> Check:
    return Check(f"{what} {value:,.2f} {unit}, at least {limit:,.2f} {unit}", value >= limit)
