"""The ledger held against Stripe: 10,000 rows, with mismatches of each class planted, beside a comparison by SQL."""

import sqlite3
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from benchmarks.report import Row, at_least, at_most, median
from bot.reconciliation.model import Figure, Found, Kind, match
from tests.bot.reconciliation.planted import NOW, Sides, sides

ROWS, OF_EACH, ROUNDS = 10_000, 20, 5
T = TypeVar("T")
SUMS = "SELECT name, currency, sum(gross), sum(fee) FROM {} GROUP BY 1, 2"
COMPARED = "SELECT count(*) FROM ({0} EXCEPT {1}) UNION ALL SELECT count(*) FROM ({1} EXCEPT {0})"


def compared(both: Sides) -> int:
    """How many sums one side has and the other has not, by SQLite: it finds that they differ, and names none."""
    connection = sqlite3.connect(":memory:")
    for table in ("theirs", "ours"):
        connection.execute(f"CREATE TABLE {table} (name TEXT, currency TEXT, gross INTEGER, fee INTEGER)")
    _fill(connection, "theirs", ((str(move.key), move.figure) for move in both.moves))
    _fill(connection, "ours", ((str((one.about, one.move)), one.figure) for one in both.booked))
    both_ways = COMPARED.format(SUMS.format("theirs"), SUMS.format("ours"))
    count = sum(number for (number,) in connection.execute(both_ways))
    connection.close()
    return int(count)


def _fill(connection: sqlite3.Connection, table: str, rows: Iterable[tuple[str, Figure]]) -> None:
    values = ((name, one.currency, one.gross, one.fee) for name, one in rows)
    connection.executemany(f"INSERT INTO {table} VALUES (?, ?, ?, ?)", values)


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """What it returns, and the median of the seconds that it took."""
    seconds = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - start)
    return result, median(seconds)


async def measure(folder: Path) -> Row:  # noqa: ARG001 - every row's shape
    """Seconds to find and name all that is planted; what is found besides, and what is missed."""
    both = sides(ROWS, OF_EACH)
    found, took = timed(lambda: match(both.moves, both.booked, both.received, NOW))
    bare, bare_took = timed(lambda: compared(both))
    named = sum(both.planted.get(one.about) is one.kind for one in found)
    planted = len(both.planted)
    return Row(
        f"{len(both.moves):,} movements, {len(both.booked):,} entries, {OF_EACH} mismatches of each class planted",
        f"{took * 1000:.0f} ms, {named} of {planted} found and named, {len(found) - named} false",
        f"the sums compared by SQLite: {bare_took * 1000:.0f} ms, {bare} sums differ, none named",
        [
            at_most("seconds", took, 10, "s"),
            at_least("found and named", named, planted, "mismatches"),
            at_most("false", len(found) - named, 0, "mismatches"),
        ],
        [_line(kind, found) for kind in Kind],
    )


def _line(kind: Kind, found: list[Found]) -> str:
    return f"{kind.value}: {sum(one.kind is kind for one in found)}"
