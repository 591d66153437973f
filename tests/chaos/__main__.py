"""Kill EchoPilot at random moments or at named points, and count at the providers what was lost or doubled."""

import argparse
import asyncio
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.chaos.cast import Plan
from tests.chaos.faults import FAULTS
from tests.chaos.planted import Path as Walked
from tests.chaos.points import (
    every_point,
    refund_points,
    repair_points,
    reviewed_points,
    some_pairs,
    two_keys_points,
)
from tests.chaos.trial import Outcome, at_points, at_random, with_fault
from tests.postgres import cluster

LONGEST_BOOT_SECONDS = 5.0
EXAMPLES = 3


@dataclass(frozen=True)
class Walk:
    """Where the program dies, and on which path. back_minor: above 5.00 USD a refund needs two keys."""

    points: Callable[[], Sequence[str]]
    path: Walked = "brief"
    reviewed: float = 0.0
    back_minor: int = 100


POINTS = {
    "points": Walk(every_point),
    "points, with an operator": Walk(reviewed_points, reviewed=1.0),
    "points, of a refund": Walk(refund_points, "refund"),
    "points, of a refund with two keys": Walk(two_keys_points, "refund", back_minor=600),
    "points, of a repair": Walk(repair_points, "repair"),
}


def say(words: str = "") -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def main() -> int:
    arguments = _arguments()
    folder = Path(tempfile.mkdtemp(prefix="echopilot-chaos-"))
    say(f"seed {arguments.seed}, work and logs in {folder}")
    trials = {"faults": _faults, "points": _points, "pairs": _pairs}
    chosen = [trial for name, trial in trials.items() if getattr(arguments, name)] or [_random]
    good = [trial(arguments, folder) for trial in chosen]
    if all(good):
        shutil.rmtree(folder)
    say("passed" if all(good) else f"FAILED, see {folder}")
    return 0 if all(good) else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--briefs", type=int, default=100, help="how many briefs are handed in")
    parser.add_argument("--kills", type=int, default=20, help="how often the program is killed at random")
    parser.add_argument("--lost", type=float, default=0.1, help="share of the providers' replies that get lost")
    parser.add_argument("--refunded", type=float, default=0.2, help="share of the briefs whose money goes back")
    parser.add_argument("--seed", type=int, default=int(time.time()) % 100_000)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite", help="for kills at random")
    parser.add_argument("--points", action="store_true", help="die at every named crash point, a brief at each")
    parser.add_argument("--every", type=int, default=1, help="with --points: only every n-th point")
    parser.add_argument("--pairs", type=int, default=0, help="die at so many random pairs of points")
    parser.add_argument("--faults", nargs="*", default=None, metavar="FAULT", help="plant faults (default: all)")
    arguments = parser.parse_args()
    if arguments.faults == []:
        arguments.faults = list(FAULTS)
    return arguments


def _random(arguments: argparse.Namespace, folder: Path) -> bool:
    plan = Plan(arguments.briefs, arguments.seed, arguments.lost, arguments.kills, refunded=arguments.refunded)
    with _database(arguments.database) as url:
        outcome = asyncio.run(at_random(plan, _folder(folder, "random"), url))
    _table(f"{outcome.kills} kills at random ({outcome.busy_kills} with work under way)", outcome, arguments.lost)
    return _good(outcome)


@contextmanager
def _database(engine: str) -> Iterator[str]:
    """An empty database's address; "" for a SQLite file beside the logs."""
    if engine == "sqlite":
        yield ""
        return
    with cluster(durable=True) as server, server.empty_database() as url:
        yield url


def _points(arguments: argparse.Namespace, folder: Path) -> bool:
    good = True
    for name, of in POINTS.items():
        entries = [(point,) for point in of.points()[:: arguments.every]]
        plan = Plan(len(entries), arguments.seed, 0.0, clients=1, reviewed=of.reviewed)
        plan.back_minor = of.back_minor
        outcome = asyncio.run(at_points(plan, entries, _folder(folder, name), path=of.path))
        _table(f"{len(outcome.dead_at)} {name}", outcome, 0.0)
        good = good and _good(outcome)
    return good


def _pairs(arguments: argparse.Namespace, folder: Path) -> bool:
    pairs = some_pairs(arguments.pairs, arguments.seed)
    plan = Plan(len(pairs), arguments.seed, 0.0, clients=1, reviewed=0.0)
    outcome = asyncio.run(at_points(plan, pairs, _folder(folder, "pairs")))
    _table(f"{len(pairs)} pairs of points, {len(outcome.dead_at)} deaths", outcome, 0.0)
    return _good(outcome)


def _faults(arguments: argparse.Namespace, folder: Path) -> bool:
    """Every planted fault must be found; the same points without a fault are part of --points."""
    found = 0
    say("\nplanted fault                                        found as")
    for name in arguments.faults:
        outcome = asyncio.run(with_fault(name, arguments.seed, _folder(folder, name)))
        found += outcome.findings.count > 0
        kinds = ", ".join(f"{len(cases)} x {kind}" for kind, cases in outcome.findings.wrong.items())
        say(f"{FAULTS[name].wrong:52} {kinds or 'NOT FOUND'} ({outcome.seconds:.0f} s)")
    say(f"{found} of {len(arguments.faults)} planted faults found")
    return found == len(arguments.faults)


def _folder(folder: Path, name: str) -> Path:
    made = folder / name.replace(" ", "-").replace(",", "")
    made.mkdir()
    return made


def _good(outcome: Outcome) -> bool:
    return not outcome.findings.count and not outcome.ends


def _table(title: str, outcome: Outcome, lost: float) -> None:
    boots = sorted(outcome.boots)
    repeated = ", ".join(f"{count} {kind}" for kind, count in outcome.findings.repeated.items() if count)
    say(f"\n{title}, {lost:.0%} of replies lost")
    say(f"  briefs                  {outcome.briefs}")
    say(f"  refunds and repairs     {outcome.refunds} and {outcome.repairs}")
    say(f"  wall time               {outcome.seconds:.0f} s")
    say(f"  starts                  {len(boots)}, p50 {statistics.median(boots):.2f} s, longest {boots[-1]:.2f} s")
    late = sum(boot > LONGEST_BOOT_SECONDS for boot in boots)
    say(f"  starts over {LONGEST_BOOT_SECONDS:.0f} s         {late} (fails nothing: a busy machine starts late)")
    say(f"  ended by itself         {len(outcome.ends)} times {sorted(set(outcome.ends)) or ''}")
    if outcome.missed:
        say(f"  points not on the path  {len(outcome.missed)}: {', '.join(outcome.missed[:12])} …")
    say(f"  messages said twice     {outcome.repeated} (allowed): {repeated or 'none'}")
    say(f"  lost or doubled         {outcome.findings.count}")
    for kind, cases in outcome.findings.wrong.items():
        say(f"    {kind}: {len(cases)}")
        for case in cases[:EXAMPLES]:
            say(f"      {case}")


if __name__ == "__main__":
    sys.exit(main())
