"""How soon service levels notice what goes wrong, and how often they cry wolf, by the rules of `bot.slo.model`.

Simulated minutes with a fixed seed, and no time passes: each minute has its events, of which each is bad by chance, and
the rules are held against what was counted, as the jobs `uptime` and `slo_guard` do it. The baseline is the same
windows without a least number of bad events, as they stand in the workbook.
"""

import asyncio
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate
from math import log
from pathlib import Path
from statistics import median

from benchmarks.report import Check, Row, at_most
from bot.ops.series import Count
from bot.slo.model import BY_NAME, MINUTE, WINDOWS, Burning, Severity, Slo, burn_of, burning, spans

SEED = 20_261_128
MONTH = 30 * 24 * 60  # minutes
A_MINUTE = 60  # events, where something breaks
BEFORE = 3 * 24 * 60  # minutes of health before it does
RUNS = 25
MONTHS = 30
LOOK_EVERY = 10  # minutes, beside those in which something was bad
# The share that is bad, and after how many minutes that is to be noticed.
BROKEN = {1.0: 1.0, 0.10: 9.0, 0.02: 41.0, 0.01: 185.0}
SLACK = 1.2
# A small business, day and night alike: events a day of each service level.
QUIET_DAY = {
    "availability": 1_440 + 500,
    "web_latency": 500,
    "chat_latency": 300,
    "webhooks": 20,
    "turnaround": 10,
    "canary": 24,
}
HEALTHY = 0.5  # of what the objective lets be bad
Rule = Callable[[Slo, dict[timedelta, Count]], Burning | None]


@dataclass(frozen=True, slots=True)
class History:
    """Good and bad events up to each minute."""

    good: Sequence[int]
    bad: Sequence[int]

    def counts(self, minute: int) -> dict[timedelta, Count]:
        """What was counted within each span, up to and including that minute."""
        return {span: self._since(minute, max(0, minute + 1 - span // MINUTE)) for span in spans()}

    def _since(self, minute: int, first: int) -> Count:
        return Count(self.good[minute + 1] - self.good[first], self.bad[minute + 1] - self.bad[first])


def history(minutes: Iterator[tuple[int, int]]) -> History:
    """The history of these minutes, each with its good and its bad events."""
    good, bad = zip(*minutes, strict=True)
    return History(list(accumulate(good, initial=0)), list(accumulate(bad, initial=0)))


def ours(slo: Slo, counts: dict[timedelta, Count]) -> Burning | None:
    """The product's own rule."""
    return burning(slo, counts)


def by_the_book(slo: Slo, counts: dict[timedelta, Count]) -> Burning | None:
    """The same windows, whatever few events there were."""
    for window in WINDOWS:
        burns = [burn_of(counts[span], slo.objective) for span in (window.long, window.short)]
        if min(burns) >= window.burn:
            return Burning(window, burns[0], counts[window.long])
    return None


def detected(share: float, chance: random.Random, slo: Slo) -> int:
    """Minutes until a word is said, where from one minute on that share is bad, after days of health."""
    until = 8 * 60
    one = history(_broken(share, (1 - slo.objective) * HEALTHY, chance, until))
    return next(m - BEFORE + 1 for m in range(BEFORE, BEFORE + until) if ours(slo, one.counts(m)) is not None)


def _broken(share: float, before: float, chance: random.Random, until: int) -> Iterator[tuple[int, int]]:
    for minute in range(BEFORE + until):
        now = share if minute >= BEFORE else before
        bad = bad_of(A_MINUTE, now, chance)
        yield A_MINUTE - bad, bad


def bad_of(events: int, share: float, chance: random.Random) -> int:
    """How many of so many are bad, each by itself with that chance: from one bad one to the next at a time."""
    if share >= 1:
        return events
    bad, at = 0, 0
    while (at := at + 1 + int(log(1 - chance.random()) / log(1 - share))) <= events:
        bad += 1
    return bad


def cries(slo: Slo, rule: Rule, chance: random.Random) -> dict[Severity, int]:
    """How often in a healthy month a word is said, by how loud it is: once until it is over."""
    rate, share = QUIET_DAY[slo.name] / (24 * 60), (1 - slo.objective) * HEALTHY
    one = history(_healthy(rate, share, chance))
    found, before = dict.fromkeys(Severity, 0), None
    for minute in range(MONTH):
        if minute % LOOK_EVERY and one.bad[minute + 1] == one.bad[minute]:
            continue
        now = rule(slo, one.counts(minute))
        if now is not None and before is not now.severity:
            found[now.severity] += 1
        before = None if now is None else now.severity
    return found


def _healthy(rate: float, share: float, chance: random.Random) -> Iterator[tuple[int, int]]:
    whole, part = divmod(rate, 1)
    for _minute in range(MONTH):
        events = int(whole) + (chance.random() < part)
        bad = bad_of(events, share, chance)
        yield events - bad, bad


def a_month(rule: Rule, months: int, seed: int = SEED) -> dict[Severity, float]:
    """How often a word is said in a healthy month, of all service levels together, on average."""
    chance = random.Random(seed)
    found = [cries(BY_NAME[name], rule, chance) for _month in range(months) for name in QUIET_DAY]
    return {severity: sum(one[severity] for one in found) / months for severity in Severity}


async def measure(folder: Path) -> Row:  # noqa: ARG001 - every row's shape
    """Times to a word, and false words in healthy months."""
    chance, slo = random.Random(SEED), BY_NAME["availability"]
    times = {share: [detected(share, chance, slo) for _run in range(RUNS)] for share in BROKEN}
    false, book = a_month(ours, MONTHS), a_month(by_the_book, MONTHS // 10)
    pages, tickets = false[Severity.PAGE], false[Severity.TICKET]
    said = ", ".join(f"{share:.0%} bad: {median(of):.0f} min" for share, of in times.items())
    return Row(
        f"burn rates of service levels, {A_MINUTE} events a minute, objective {slo.objective:.1%}, seed {SEED}",
        f"{said}; {pages:.2f} false pages a month, {tickets:.2f} false tickets",
        f"the same windows without a least number: {book[Severity.PAGE]:.1f} false pages, "
        f"{book[Severity.TICKET]:.1f} false tickets a month",
        [*_soon(times), at_most("false pages", pages, 0.1, "a month")],
        [f"{share:.0%} bad: {min(of)} to {max(of)} min in {RUNS} runs" for share, of in times.items()],
    )


def _soon(times: dict[float, list[int]]) -> list[Check]:
    return [at_most(f"{share:.0%} bad", median(of), SLACK * BROKEN[share], "min") for share, of in times.items()]


def main() -> int:
    """Print the row; 1 where it missed its reach."""
    row = asyncio.run(measure(Path()))
    print(row)
    return 0 if row.reached else 1


if __name__ == "__main__":
    sys.exit(main())
