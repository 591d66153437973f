"""What the suite shows of money in its small form, at full size; 1 where anything was lost, doubled or unlike."""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from bot.ops.logs import logs
from tests.bot.ledger.test_machine import TheLedger
from tests.bot.refunds.test_machine import OnePayment
from tests.house import providers
from tests.machines import run
from tests.money.flood import Kept, flood
from tests.money.orders import in_any_order
from tests.money.races import PROCESSES, Tally, race
from tests.postgres import cluster, migrated

ENGINES = ("sqlite", "postgresql")
IN_PARALLEL = 2
UNSAFE_RACES = 100


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def main() -> int:
    """Show what is named, or everything."""
    shows: Mapping[str, Callable[[argparse.Namespace], bool]] = {
        "races": _races,
        "events": _events,
        "orders": _orders,
        "machines": _machines,
    }
    parser = argparse.ArgumentParser(prog="python -m tests.money", description=__doc__)
    parser.add_argument("shows", nargs="*", metavar="SHOW", help=f"{', '.join(shows)} (default: all)")
    parser.add_argument("--races", type=int, default=1_000, help="of two refunds on one payment, on each database")
    parser.add_argument("--events", type=int, default=10_000, help="each delivered twice")
    parser.add_argument("--orders", type=int, default=5_000, help="in which an invoice's seven events are told")
    parser.add_argument("--examples", type=int, default=500, help="ways that each state machine takes")
    parser.add_argument("--steps", type=int, default=50, help="of each way")
    parser.add_argument("--seed", type=int, default=int(time.time()) % 100_000)
    parser.add_argument("--database", choices=ENGINES, help="only on this one")
    arguments = parser.parse_args()
    unknown = sorted(set(arguments.shows) - set(shows))
    if unknown:
        parser.error(f"nothing shows {', '.join(unknown)}; there are {', '.join(shows)}")
    logs.configure("error", [])
    good = True
    for name in arguments.shows or shows:
        began = time.monotonic()
        shown = shows[name](arguments)
        say(f"  {'held' if shown else 'NOT HELD'}, {time.monotonic() - began:.0f} s, seed {arguments.seed}")
        good = good and shown
    return 0 if good else 1


@contextmanager
def _database(engine: str) -> Iterator[str]:
    """A fresh, migrated database's address."""
    if engine == "sqlite":
        with tempfile.TemporaryDirectory(prefix="echopilot-money-") as folder:
            yield f"sqlite:///{folder}/echopilot.db"
        return
    with cluster(durable=True) as server, server.database() as url:
        yield url


async def _with_providers(show: Callable[..., Any], *given: Any) -> Any:
    async with providers() as stand_ins:
        return await show(stand_ins, *given)


def _engines(arguments: argparse.Namespace) -> tuple[str, ...]:
    return (arguments.database,) if arguments.database else ENGINES


def _races(arguments: argparse.Namespace) -> bool:
    good = True
    for engine in _engines(arguments):
        with _database(engine) as url:
            unsafe = min(arguments.races, UNSAFE_RACES)
            sound, unsound = asyncio.run(_with_providers(race, url, arguments.races, unsafe))
        _tell_of(sound, engine)
        _tell_of(unsound, f"{engine}, with the check moved out of the transaction")
        good = good and not sound.over and not sound.unserved and sound.sent == sound.races and unsound.over > 0
    return good


def _tell_of(tally: Tally, where: str) -> None:
    say(f"{tally.races:,} races of two refunds on one payment, {PROCESSES} processes, {where}:")
    unserved = len(tally.unserved)
    say(f"  {tally.taken:,} taken, {tally.sent:,} sent, {tally.over:,} payments over, {unserved:,} unserved")
    for line in tally.unserved[:3]:
        say(f"    {line}")


def _events(arguments: argparse.Namespace) -> bool:
    good = True
    for engine in _engines(arguments):
        with _database(engine) as url:
            kept: Kept = asyncio.run(_with_providers(flood, url, arguments.events, 0.01, arguments.seed))
        say(f"{arguments.events:,} events delivered twice, shuffled, 1 % of deliveries malformed, {engine}:")
        say(f"  {kept.rows:,} rows; sound ones answered {kept.sound}, malformed ones {kept.malformed}")
        sound = kept.sound == {200: 2 * arguments.events} and set(kept.malformed) == {400}
        good = good and sound and kept.rows == arguments.events
    return good


def _orders(arguments: argparse.Namespace) -> bool:
    """In several processes, since it is their processor time that it takes."""
    each = -(-arguments.orders // IN_PARALLEL)
    with ProcessPoolExecutor(IN_PARALLEL) as pool:
        parts = list(pool.map(partial(_some_orders, each), range(arguments.seed, arguments.seed + IN_PARALLEL)))
    good = True
    for name in parts[0]:
        ended: dict[str, int] = {}
        for part in parts:
            for state, count in part[name].items():
                ended[state] = ended.get(state, 0) + count
        say(f"{sum(ended.values()):,} orders of the seven events of an invoice, told twice, {name}:")
        say(f"  {len(ended)} final state{'s' if len(ended) > 1 else ''}")
        for state, count in sorted(ended.items(), key=lambda one: -one[1])[:5]:
            say(f"    {count:,}: {state}")
        good = good and len(ended) == 1
    return good


def _some_orders(count: int, seed: int) -> Mapping[str, Mapping[str, int]]:
    logs.configure("error", [])
    with _database("sqlite") as url:
        found: Mapping[str, Mapping[str, int]] = asyncio.run(_with_providers(in_any_order, url, count, seed))
    return found


def _machines(arguments: argparse.Namespace) -> bool:
    with tempfile.TemporaryDirectory(prefix="echopilot-money-") as folder:
        path = Path(folder) / "echopilot.db"
        asyncio.run(migrated(f"sqlite:///{path}"))
        for machine in (TheLedger, OnePayment):
            run(machine, path, arguments.examples, arguments.steps)
            say(f"{machine.__name__}: {arguments.examples:,} ways of {arguments.steps:,} steps, always zero-sum")
    return True


if __name__ == "__main__":
    sys.exit(main())
