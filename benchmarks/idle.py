"""What the program costs while nothing happens: with all of its jobs, with none of them, and as it was before.

`python -m benchmarks.idle --before PATH` measures the program of another folder too, with its own .venv. All run at the
same time, each against a stage of its own, so that the same minutes are compared.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.programs import ROOT, Program, echopilot
from benchmarks.report import Row, at_most
from benchmarks.seeding import sqlite_url
from benchmarks.stage import stage
from bot.ops.logs import logs
from jobs.catalog import JOBS

MINUTES, SETTLE_SECONDS = 10.0, 20.0
NEVER = "0 0 1 1 *"  # but for the first minute of a year


@dataclass(frozen=True, slots=True)
class Idle:
    """The share of a core that a program took, with the processes that it started (%), and its memory (MB)."""

    cpu: float
    memory: float

    def __str__(self) -> str:
        return f"{self.cpu:.2f} % of a core, {self.memory:.0f} MB"


async def measure(folder: Path, minutes: float = MINUTES, before: Path | None = None) -> Row:
    """All at once. before: the folder of the program of an earlier day."""
    ways: dict[str, tuple[Path, Mapping[str, Any]]] = {
        "all": (ROOT, {"job_times": ""}),
        "none": (ROOT, {"job_times": "; ".join(f"{job.name}={NEVER}" for job in JOBS)}),
        **({} if before is None else {"before": (before, {"job_times": ""})}),
    }
    found = await _measured(folder, ways, minutes)
    base = found.get("before", found["none"])
    return Row(
        f"{minutes:g} minutes in which nothing happens but {len(JOBS)} jobs",
        str(found["all"]),
        f"without any job: {found['none']}" + (f"; before: {found['before']}" if before is not None else ""),
        [
            at_most("idle CPU +", found["all"].cpu - base.cpu, 0.5, "% of a core"),
            at_most("memory", found["all"].memory, 200, "MB"),
        ],
        [f"from {SETTLE_SECONDS:.0f} s after the start, all at the same time; a fresh SQLite file each"],
    )


async def _measured(
    folder: Path, ways: Mapping[str, tuple[Path, Mapping[str, Any]]], minutes: float
) -> dict[str, Idle]:
    async with AsyncExitStack() as stack:
        running: dict[str, Program] = {}
        for name, (root, changes) in ways.items():
            place = folder / name
            place.mkdir()
            scene = await stack.enter_async_context(stage(place))
            settings = await scene.settings(sqlite_url(place), **changes)
            running[name] = await stack.enter_async_context(echopilot(place, settings, root=root))
        await asyncio.sleep(SETTLE_SECONDS)
        began = {name: program.cpu_seconds(below=True) for name, program in running.items()}
        await asyncio.sleep(minutes * 60)
        return {
            name: Idle((program.cpu_seconds(below=True) - began[name]) / (minutes * 60) * 100, program.memory_mb())
            for name, program in running.items()
        }


def main() -> int:
    """Measure for as long as is named, and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.idle", description=__doc__)
    parser.add_argument("--minutes", type=float, default=MINUTES)
    parser.add_argument("--before", type=Path, help="the folder of the program of an earlier day")
    given = parser.parse_args()
    logs.configure("warning", [])
    with tempfile.TemporaryDirectory(prefix="echopilot-bench-") as folder:
        row = asyncio.run(measure(Path(folder), given.minutes, given.before))
    print(row)
    return 0 if row.reached else 1


if __name__ == "__main__":
    sys.exit(main())
