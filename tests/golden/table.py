"""How a judge did on the golden cases: the confusion table, what it got wrong, what it cost, and a plain verdict."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from bot.calibration.agreement import Confusion, kappa, upper_bound
from bot.kernel.task_type import TaskType
from tests.golden.cases import Sample

# Each bad draft is bad in a way that a careful reader sees, so a judge who lets more than this pass is not one to
# leave alone with clients; a judge who holds more good ones than that saves nobody any work.
BAD_PASSED, GOOD_HELD = 0.10, 0.20
COLUMNS = ("", "good passed", "good held", "bad passed", "bad held", "kappa")


@dataclass(frozen=True, slots=True)
class Judged:
    """What the judge said of one draft. points: None where it was not scored; cost in millionths of a US dollar."""

    sample: Sample
    points: int | None
    passed: bool
    why: str
    calls: int
    cost_micro_usd: int
    latency_ms: int


def confusion(judged: Sequence[Judged]) -> Confusion:
    """The judge against the truth, in counts."""
    outcomes = [(one.passed, not one.sample.wrong) for one in judged]
    return Confusion(
        passed_good=outcomes.count((True, True)),
        passed_bad=outcomes.count((True, False)),
        held_good=outcomes.count((False, True)),
        held_bad=outcomes.count((False, False)),
    )


def rows(judged: Sequence[Judged]) -> list[tuple[str, ...]]:
    """The table: a row per task type, and one for all."""
    groups = [(t.value, [one for one in judged if one.sample.task_type is t]) for t in TaskType]
    return [COLUMNS, *(_row(name, group) for name, group in [*groups, ("all", list(judged))])]


def _row(name: str, judged: Sequence[Judged]) -> tuple[str, ...]:
    table = confusion(judged)
    agreement = kappa(table)
    counts = (table.passed_good, table.held_good, table.passed_bad, table.held_bad)
    return (name, *(str(count) for count in counts), "–" if agreement is None else f"{agreement:.2f}")


def report(judged: Sequence[Judged]) -> str:
    """The table, what was got wrong, and what it cost, as printed."""
    table = rows(judged)
    widths = [max(len(row[column]) for row in table) for column in range(len(COLUMNS))]
    lines = [f"{row[0]:<{widths[0]}}  " + "  ".join(map(str.rjust, row[1:], widths[1:])) for row in table]
    let_through = [one for one in judged if one.passed and one.sample.wrong]
    held = [one for one in judged if not one.passed and not one.sample.wrong]
    lines += ["", *_listed("Passed although bad", let_through), *_listed("Held although good", held)]
    calls, cost = sum(one.calls for one in judged), sum(one.cost_micro_usd for one in judged) / 1_000_000
    seconds = median(one.latency_ms for one in judged) / 1000
    return "\n".join([*lines, f"{calls} calls, {cost:.4f} USD, {seconds:.1f} s each (median)"])


def _listed(title: str, judged: Sequence[Judged]) -> list[str]:
    if not judged:
        return []
    lines = [f"{title}:"]
    for one in judged:
        points = "not scored" if one.points is None else f"{one.points} points"
        lines.append(f"  {one.sample.task_type}, {one.sample.name}: {points}. {one.sample.wrong or one.why}")
    return [*lines, ""]


def verdict(judged: Sequence[Judged]) -> str:
    """Whether this judge may let drafts pass alone, by these cases."""
    table = confusion(judged)
    bad, good = int(table.passed_bad + table.held_bad), int(table.passed_good + table.held_good)
    passed, held = int(table.passed_bad), int(table.held_good)
    bound = upper_bound(passed, bad)
    figures = (
        f"{passed} of {bad} bad drafts pass ({passed / bad:.0%}; under {bound:.0%} with 95 % confidence, for drafts "
        f"like these), {held} of {good} good ones are held ({held / good:.0%})"
    )
    if passed > BAD_PASSED * bad:
        return f"Verdict: do not leave drafts to this judge alone. {figures}."
    if held > GOOD_HELD * good:
        return f"Verdict: careful, but little help. {figures}."
    return f"Verdict: fit to pass drafts alone. {figures}."
