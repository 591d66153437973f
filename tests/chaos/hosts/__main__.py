"""Kill and cut off hosts at random, and count at the providers what was lost or doubled; or upgrade them under load."""

import argparse
import asyncio
import shutil
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from tests.chaos.cast import Plan
from tests.chaos.hosts import network
from tests.chaos.hosts.fleet import DATABASE
from tests.chaos.hosts.servers import pooler_missing
from tests.chaos.hosts.trial import Outcome, at_random
from tests.chaos.hosts.upgrade import Upgraded, rolling

CANNOT = 77  # as other tests of programs say that they were skipped
EXAMPLES = 3
STUCK_SECONDS = 90.0  # a host that was cut off has pauses of its own when it comes back
Trial = Callable[[argparse.Namespace, Path], bool]


def say(words: str = "") -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def main() -> int:
    arguments = _arguments()
    if reason := network.cannot():
        say(f"SKIPPED, nothing was tried: {reason}")
        return CANNOT
    if not network.inside():
        return network.enter("tests.chaos.hosts")
    folder = Path(tempfile.mkdtemp(prefix="echopilot-hosts-"))
    folder.chmod(0o755)  # PostgreSQL runs as another user
    say(f"seed {arguments.seed}, work and logs in {folder}")
    done = [one(arguments, folder) for one in _chosen(arguments)]
    if all(done):
        shutil.rmtree(folder)
    say("passed" if all(done) else f"FAILED, see {folder}")
    return 0 if all(done) else 1


def _chosen(arguments: argparse.Namespace) -> list[Trial]:
    ways = (False, True) if arguments.all else (arguments.pooler,)
    trials = (_random, _upgrade) if arguments.all else (_upgrade if arguments.upgrade else _random,)
    return [partial(trial, pooler=pooler) for trial in trials for pooler in ways]


def _into(folder: Path, name: str, *, pooler: bool) -> Path:
    made = folder / (f"{name}-pooler" if pooler else name)
    made.mkdir()
    return made


def _lacks_pooler(*, pooler: bool) -> bool:
    if pooler and (reason := pooler_missing()):
        say(f"\nSKIPPED, nothing was tried through PgBouncer: {reason}")
        return True
    return False


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.hosts", description=__doc__)
    parser.add_argument("--briefs", type=int, default=40, help="how many briefs are handed in")
    parser.add_argument("--events", type=int, default=8, help="how often a host is struck")
    parser.add_argument("--lost", type=float, default=0.0, help="share of the providers' replies that get lost besides")
    parser.add_argument("--refunded", type=float, default=0.1, help="share of the briefs whose money goes back")
    parser.add_argument("--seed", type=int, default=int(time.time()) % 100_000)
    parser.add_argument("--pooler", action="store_true", help="with PgBouncer before the database")
    parser.add_argument("--all", action="store_true", help="both, each without and with PgBouncer")
    parser.add_argument("--upgrade", action="store_true", help="upgrade host by host in place of striking them")
    return parser.parse_args()


def _plan(arguments: argparse.Namespace) -> Plan:
    return Plan(
        arguments.briefs, arguments.seed, arguments.lost, refunded=arguments.refunded, stuck_seconds=STUCK_SECONDS
    )


def _random(arguments: argparse.Namespace, folder: Path, *, pooler: bool) -> bool:
    if _lacks_pooler(pooler=pooler):
        return True
    place = _into(folder, "events", pooler=pooler)
    outcome = asyncio.run(at_random(_plan(arguments), arguments.events, place, pooler=pooler))
    say(f"\n{len(outcome.events)} events on six hosts{', through PgBouncer' if pooler else ''}")
    _events(outcome)
    _table(outcome)
    return not outcome.findings.count


def _upgrade(arguments: argparse.Namespace, folder: Path, *, pooler: bool) -> bool:
    if _lacks_pooler(pooler=pooler):
        return True
    place = _into(folder, "upgrade", pooler=pooler)
    upgraded: Upgraded = asyncio.run(rolling(_plan(arguments), place, pooler=pooler))
    say(f"\ntwo rolling upgrades{', through PgBouncer' if pooler else ''}")
    say(f"  each took               {', '.join(f'{seconds:.0f} s' for seconds in upgraded.steps)}")
    taps, failed, longest = upgraded.taps, upgraded.failed_taps, upgraded.longest_tap
    say(f"  taps                    {taps}, failed {failed}, longest {longest:.1f} s")
    _table(upgraded.outcome)
    return not upgraded.outcome.findings.count and not failed + upgraded.outcome.webhooks[1].total()


def _events(outcome: Outcome) -> None:
    kinds = Counter(event.kind for event in outcome.events)
    say(f"  events                  {', '.join(f'{count} {kind}' for kind, count in kinds.items())}")
    first = outcome.events[0].began if outcome.events else 0.0
    for event in outcome.events:
        say(f"    {event.began - first:6.1f} s  {event.host:9} {event.kind} for {event.ended - event.began:.1f} s")
    say(f"  of the database's host  {sum(event.host == DATABASE for event in outcome.events)}")
    say(f"  another had the role    {_seconds(outcome.took_over['roles'])}")
    say(f"  another had the task    {_seconds(outcome.took_over['tasks'])}")
    say(f"  came back to its role   {_seconds(outcome.came_back)} after its event was over")


def _seconds(values: Sequence[float]) -> str:
    if not values:
        return "never"
    return f"{len(values)} times, p50 {statistics.median(values):.1f} s, longest {max(values):.1f} s"


def _table(outcome: Outcome) -> None:
    taken, failed, gone_on = outcome.webhooks
    say(f"  briefs and refunds      {outcome.briefs} and {outcome.refunds}")
    say(f"  wall time               {outcome.seconds:.0f} s")
    say(f"  starts                  {len(outcome.boots)}, longest {max(outcome.boots):.1f} s")
    say(f"  starts in vain          {len(outcome.ends)} (no database, or no provider: the supervisor tries again)")
    say(f"  webhooks                {taken} taken, {failed.total()} failed, {gone_on} went on to the next host")
    for why, times in failed.items():
        say(f"    {times} x {why}")
    say(f"  messages said twice     {outcome.repeated} (allowed)")
    say(f"  lost or doubled         {outcome.findings.count}")
    for kind, cases in outcome.findings.wrong.items():
        say(f"    {kind}: {len(cases)}")
        for case in cases[:EXAMPLES]:
            say(f"      {case}")


if __name__ == "__main__":
    sys.exit(main())
