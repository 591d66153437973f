"""The forecast on real daily series, from one day after another (rolling origin), beside the last week again.

A task is one series, one length of history, and one day from which the next are told. Errors are scaled by the mean
difference of a day from the same one a week before, within the history (MASE); means are of series, so that long ones
count no more than others. Short histories stand apart.
"""

import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, quantiles

from benchmarks import daily_series
from benchmarks.report import Check, Row, at_least, at_most, median
from bot.forecast.model import AHEAD, WEEK, Expected, forecast, seasonal_naive, usual_difference

SHORT, HISTORIES = 30, (60, 120, 365)
ORIGINS, APART = 6, 28  # the newest days from which it is tried, and days between them
Series = Mapping[str, Sequence[float]]


@dataclass(frozen=True, slots=True)
class Score:
    """Of one task or the mean of several. naive: the error of the last week again; in80, in95: shares of days within
    bounds; sum80, sum95: of sums of all days.
    """

    own: float
    naive: float
    in80: float
    in95: float
    naive80: float
    naive95: float
    sum80: float
    sum95: float


def tasks(days: Sequence[float], history: int, ahead: int) -> list[tuple[Sequence[float], Sequence[float]]]:
    """Histories with what followed; none whose every week is like the one before, of which there is no scale."""
    ends = list(range(history, len(days) - ahead + 1, APART))[-ORIGINS:]
    found = [(days[end - history : end], days[end : end + ahead]) for end in ends]
    return [(before, after) for before, after in found if usual_difference(before) > 0]


def scored(before: Sequence[float], after: Sequence[float]) -> Score:
    """How far off both were."""
    made, again, scale = forecast(before, len(after)), seasonal_naive(before, len(after)), usual_difference(before)
    told, bounds, total = made.days, naive_bounds(before, again), sum(after)
    return Score(
        fmean(abs(value - one.middle) for value, one in zip(after, told, strict=True)) / scale,
        fmean(abs(value - one) for value, one in zip(after, again, strict=True)) / scale,
        _inside(after, _bounds(told, 80)),
        _inside(after, _bounds(told, 95)),
        _inside(after, bounds[80]),
        _inside(after, bounds[95]),
        float(made.total.low80 <= total <= made.total.high80),
        float(made.total.low95 <= total <= made.total.high95),
    )


def naive_bounds(before: Sequence[float], again: Sequence[float]) -> dict[int, list[tuple[float, float]]]:
    """The last week again with what weeks differed by in the history, one week and two weeks apart."""
    found: dict[int, list[tuple[float, float]]] = {80: [], 95: []}
    for step, value in enumerate(again):
        apart = WEEK if step < WEEK else 2 * WEEK
        cuts = quantiles(
            [one - old for one, old in zip(before[apart:], before, strict=False)], n=40, method="inclusive"
        )
        found[80].append((max(0.0, value + cuts[3]), max(0.0, value + cuts[35])))
        found[95].append((max(0.0, value + cuts[0]), max(0.0, value + cuts[38])))
    return found


def _bounds(told: Sequence[Expected], share: int) -> list[tuple[float, float]]:
    return [(one.low80, one.high80) if share == 80 else (one.low95, one.high95) for one in told]


def _inside(after: Sequence[float], bounds: Sequence[tuple[float, float]]) -> float:
    return fmean(low - 1e-9 <= value <= high + 1e-9 for value, (low, high) in zip(after, bounds, strict=True))


def mean(scores: Sequence[Score]) -> Score:
    """Each of their figures, on average."""
    return Score(*(fmean(getattr(one, name) for one in scores) for name in Score.__slots__))


def of_series(series: Series, history: int, ahead: int) -> tuple[dict[str, Score], int]:
    """Each series' score with that history, and how many tasks there were."""
    each = {name: [scored(*one) for one in tasks(days, history, ahead)] for name, days in series.items()}
    return {name: mean(some) for name, some in each.items() if some}, sum(map(len, each.values()))


def together(several: Iterable[Mapping[str, Score]]) -> dict[str, Score]:
    """Each series' score over several lengths of history."""
    found: defaultdict[str, list[Score]] = defaultdict(list)
    for one in several:
        for name, score in one.items():
            found[name].append(score)
    return {name: mean(some) for name, some in found.items()}


def line(name: str, score: Score) -> str:
    own, naive = f"{score.in80:.0%} and {score.in95:.0%}", f"{score.naive80:.0%} and {score.naive95:.0%}"
    sums = f"{score.sum80:.0%} and {score.sum95:.0%}"
    return f"{name}: MASE {score.own:.3f}, last week again {score.naive:.3f}; within {own}, {naive}; sums {sums}"


async def measure(folder: Path) -> Row | None:  # noqa: ARG001 - every row's shape
    """Both kinds of series, with a short history and with longer ones; None where the series are not there."""
    if not daily_series.FOLDER.is_dir():
        return None
    known, unseen = daily_series.known(), daily_series.unseen()
    by_history = {history: of_series(known | unseen, history, AHEAD) for history in (SHORT, *HISTORIES)}
    long, count = together(by_history[one][0] for one in HISTORIES), sum(by_history[one][1] for one in HISTORIES)
    short, few = by_history[SHORT]
    whole, brief = mean(list(long.values())), mean(list(short.values()))
    took = _seconds(known["bikes"])
    return Row(
        f"{AHEAD} days of {len(long)} series, {count} times with {', '.join(map(str, HISTORIES))} days of history",
        f"MASE {whole.own:.3f}; {whole.in80:.1%} within the 80 % bounds, {whole.in95:.1%} within those of 95 %",
        f"last week again: MASE {whole.naive:.3f}; {whole.naive80:.1%} and {whole.naive95:.1%}",
        [
            at_most("MASE against last week again", whole.own / whole.naive, 0.88, "x"),
            Check(f"{whole.in80:.1%} within the 80 % bounds, 76 to 86 %", 0.76 <= whole.in80 <= 0.86),
            at_least("within the 95 % bounds", 100 * whole.in95, 92, "%"),
        ],
        [
            line(f"{SHORT} days of history, {few} times", brief),
            line(f"the {len(known)} series it was shaped by", mean([long[one] for one in known if one in long])),
            line(f"{len(unseen)} unseen", mean([long[one] for one in unseen if one in long])),
            *(line(f"{days} days of history", mean(list(by_history[days][0].values()))) for days in HISTORIES),
            *(line(name, score) for name, score in sorted(long.items())),
            f"one forecast with 365 days of history: {took * 1000:.0f} ms",
        ],
    )


def _seconds(days: Sequence[float]) -> float:
    took = []
    for _ in range(5):
        start = time.perf_counter()
        forecast(days[-365:])
        took.append(time.perf_counter() - start)
    return median(took)


def main() -> int:
    """Other horizons: `python -m benchmarks.forecast 14`."""
    ahead = int(sys.argv[1]) if len(sys.argv) > 1 else AHEAD
    for name, series in (("shaped by", daily_series.known()), ("unseen", daily_series.unseen())):
        for history in (SHORT, *HISTORIES):
            found, count = of_series(series, history, ahead)
            print(line(f"{name}, {len(found)} series, {history} days, {count} times", mean(list(found.values()))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
