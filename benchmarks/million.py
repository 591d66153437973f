"""Each reading command and job with a million briefs beside a thousand.

`python -m benchmarks.million --briefs 100000` takes fewer. The same person asks both in turn, each EchoPilot on a stage
and a file of its own. Jobs run in this process, on the same files afterwards, in turns as well.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.programs import echopilot
from benchmarks.report import Row, at_most, quantile
from benchmarks.seeding import opened, sqlite_url
from benchmarks.stage import Stage, stage
from bot.access.model import TENANT
from bot.app import build
from bot.ops import logs
from bot.services import Services
from bot.settings import Settings
from jobs.catalog import JOBS
from tests.history import COMMON, NAME, NUMBER, RARE, fill

FEW, MANY = 1_000, 1_000_000
ROUNDS, COMMANDS, PER_SECOND, JOB_RUNS = 5, 20, 100.0, 5
REACH = 1.5
ADMIN, CLIENT = 0, 1
FIRST_BRIEF = 1_500
# who writes it, and what
COMMANDS_READ: Sequence[tuple[int, str]] = (
    *((ADMIN, command) for command in ("/briefs", "/status", "/queue", "/invoices", "/quality", "/quality Drafting")),
    *((ADMIN, f"/find {words}") for words in (RARE, COMMON, NAME, NUMBER)),
    *((ADMIN, command) for command in ("/report day", "/failed", "/jobs", "/people", "/clients", "/prompts", "/duels")),
    *((ADMIN, command) for command in (f"/brief_{FIRST_BRIEF}", f"/replay {FIRST_BRIEF}")),
    *((CLIENT, command) for command in ("/briefs", "/invoices", "/status", f"/find {COMMON}")),
)
# Those that ask nobody outside.
JOBS_READ = ("janitor", "retention", "daily_report", "review_reminders", "learning")


@dataclass(frozen=True, slots=True)
class Two:
    """The same with few briefs and with many, in seconds each."""

    name: str
    few: list[float]
    many: list[float]

    @property
    def ratio(self) -> float:
        return quantile(self.many, 0.5) / quantile(self.few, 0.5)

    def __str__(self) -> str:
        figures = [f"{quantile(times, share) * 1000:.1f}" for times in (self.few, self.many) for share in (0.5, 0.99)]
        return (
            f"{self.name}: p50 {figures[0]} to {figures[2]} ms, p99 {figures[1]} to {figures[3]} ms, {self.ratio:.2f} x"
        )


async def measure(folder: Path, many: int = MANY) -> Row:
    """Both in turn, command by command; then the jobs."""
    began = time.monotonic()
    urls = [await _filled(folder, briefs) for briefs in (FEW, many)]
    seeded = time.monotonic() - began
    async with AsyncExitStack() as stack:
        scenes = [await stack.enter_async_context(stage(folder)) for _ in urls]
        settings = [await scene.settings(url) for scene, url in zip(scenes, urls, strict=True)]
        found, memory = await _commands(folder, scenes, settings)
        found += await _jobs(settings)
    size = await asyncio.to_thread(_gigabytes, urls[1])
    slowest = max(found, key=lambda two: two.ratio)
    return Row(
        f"{len(COMMANDS_READ)} reading commands and {len(JOBS_READ)} jobs, {many:,} briefs",
        f"slowest against its like: {slowest}",
        f"the same with {FEW:,} briefs, in turns",
        [at_most(f"p50 of {two.name}", two.ratio, REACH, "x") for two in found],
        [
            f"memory {memory[0]:.0f} and {memory[1]:.0f} MB, file {size:.2f} GB, seeded in {seeded:.0f} s",
            f"{ROUNDS} rounds of {COMMANDS} of each command, {JOB_RUNS} runs of each job",
            *map(str, found),
        ],
    )


def _gigabytes(url: str) -> float:
    return Path(url.removeprefix("sqlite:///")).stat().st_size / 1e9


async def _filled(folder: Path, briefs: int) -> str:
    url = sqlite_url(folder, f"briefs-{briefs}")
    async with opened(url):
        pass
    await asyncio.to_thread(fill, url, briefs, datetime.now(UTC))
    return url


async def _commands(
    folder: Path, scenes: Sequence[Stage], settings: Sequence[Mapping[str, Any]]
) -> tuple[list[Two], list[float]]:
    """Every command, and the memory of both programs afterwards. The verdicts of the past are counted before."""
    found = [Two(f"{text}{' of a client' if who == CLIENT else ''}", [], []) for who, text in COMMANDS_READ]
    for each in settings:
        await _with_services(each, _count)
    async with AsyncExitStack() as stack:
        running = [await stack.enter_async_context(echopilot(folder, each)) for each in settings]
        for scene in scenes:
            await scene.act("people", count=2)
        for round_ in range(ROUNDS + 1):
            for (who, text), two in zip(COMMANDS_READ, found, strict=True):
                for scene, waits in zip(scenes, (two.few, two.many), strict=True):
                    count = COMMANDS if round_ else 2  # at first they are only warmed up
                    seen = await scene.act("commands", text=text, count=count, per_second=PER_SECOND, of=who)
                    waits += seen if round_ else []
        memory = [program.memory_mb() for program in running]
    return found, memory


async def _count(services: Services) -> None:
    await services.calibration.count(TENANT)


async def _jobs(settings: Sequence[Mapping[str, Any]]) -> list[Two]:
    found = [Two(f"job {name}", [], []) for name in JOBS_READ]
    jobs = {job.name: job for job in JOBS}

    async def run(of: str, times: list[float], services: Services) -> None:
        began = time.perf_counter()
        await jobs[of].carry_out(services, TENANT)
        times.append(time.perf_counter() - began)

    async with AsyncExitStack() as stack:
        apps = [await stack.enter_async_context(build(Settings(**each))) for each in settings]
        for round_ in range(JOB_RUNS + 1):
            for name, two in zip(JOBS_READ, found, strict=True):
                for app, times in zip(apps, (two.few, two.many), strict=True):
                    await run(name, times if round_ else [], app.services)
    return found


async def _with_services(settings: Mapping[str, Any], work: Callable[[Services], Awaitable[None]]) -> None:
    async with build(Settings(**settings)) as app:
        await work(app.services)


def main() -> int:
    """Measure with as many briefs as are named, and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.million", description=__doc__)
    parser.add_argument("--briefs", type=int, default=MANY)
    briefs = parser.parse_args().briefs
    logs.configure("warning", [])
    with tempfile.TemporaryDirectory(prefix="echopilot-bench-") as folder:
        row = asyncio.run(measure(Path(folder), briefs))
    print(row)
    return 0 if row.reached else 1


if __name__ == "__main__":
    sys.exit(main())
