"""`python -m benchmarks` measures every row; `python -m benchmarks NAME ...` only those."""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any

from benchmarks import (
    at_once,
    backups,
    burn_rates,
    deliverables,
    duels,
    first_call,
    forecast,
    idle,
    million,
    one_brief,
    read_command,
    reconcile,
    refund_path,
    start_up,
    waiting,
    webhook,
    whole_brief,
    workers,
)
from benchmarks.report import Row
from bot.ops.logs import logs

Measure = Callable[[Path], Coroutine[Any, Any, Row | None]]
ROWS: Mapping[str, Measure] = {
    "first-call": first_call.measure,
    "one-brief": one_brief.measure,
    "whole-brief": whole_brief.measure,
    "at-once": at_once.measure,
    "read-command": read_command.measure,
    "webhook": webhook.measure,
    "waiting": waiting.measure,
    "workers": workers.measure,
    "start-up": start_up.measure,
    "duels": duels.measure,
    "refund": refund_path.measure,
    "reconcile": reconcile.measure,
    "forecast": forecast.measure,
    "burn-rates": burn_rates.measure,
    "deliverables": deliverables.measure,
    "idle": idle.measure,
    "a-million": million.measure,
    "backups": backups.measure,
}
ONLY_WHEN_NAMED = ("idle", "a-million", "backups")  # some minutes, and but for the first some gigabytes of disk


def main() -> int:
    """Measure and print; 1 where a row that could be measured missed its reach."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="NAME", help=", ".join(ROWS))
    names = parser.parse_args().rows or [name for name in ROWS if name not in ONLY_WHEN_NAMED]
    unknown = sorted(set(names) - set(ROWS))
    if unknown:
        parser.error(f"no such row: {', '.join(unknown)}; there are {', '.join(ROWS)}")
    logs.configure("warning", [])
    missed, began = [], time.monotonic()
    for name in names:
        with tempfile.TemporaryDirectory(prefix="echopilot-bench-") as folder:
            row = asyncio.run(ROWS[name](Path(folder)))
        if row is None:
            print(f"{name}\n  not measured: what it needs is not at hand (benchmarks/README.md)\n", flush=True)
            continue
        print(f"{name}: {row}\n", flush=True)
        if not row.reached:
            missed.append(name)
    verdict = f"missed: {', '.join(missed)}" if missed else "every measured row reached"
    print(f"{verdict} ({time.monotonic() - began:.0f} s)")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
