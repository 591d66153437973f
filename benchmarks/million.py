"""Each reading command, each job, the start and a whole brief with a million briefs beside a thousand.

`python -m benchmarks.million --briefs 100000` takes fewer. The same person asks both in turn, each EchoPilot on a stage
and a file of its own. Jobs run in this process, on the same files afterwards, in turns as well. `--folder` keeps the
files as they were filled, for the next run; what is measured are copies, since a stage begins anew: a second one's
updates would be taken for those of the first, which were handled.
"""

import argparse
import asyncio
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.programs import Program, echopilot
from benchmarks.report import Check, Row, at_most, median, quantile
from benchmarks.seeding import opened, sqlite_url
from benchmarks.stage import Stage, stage
from bot.access.model import TENANT
from bot.app import build
from bot.invoices.payer import BillingDetails, Given
from bot.ops.logs import logs
from bot.services import Services
from bot.settings import Settings
from jobs.catalog import JOBS
from jobs.job import Job
from sandbox.history.seed import fill
from sandbox.history.studio import CLIENT as CLIENT_ID
from sandbox.history.studio import COMMON, NAME, NUMBER, RARE
from storage.billing import details as billing_details
from storage.engine.database import Transaction
from storage.people import people

FEW, MANY = 1_000, 1_000_000
ROUNDS, COMMANDS, PER_SECOND, JOB_RUNS = 3, 20, 100.0, 5
STARTS, BRIEFS, WARMING = 3, 12, 2
REACH, LOOP_REACH_MS = 1.5, 5
ADMIN, CLIENT = 0, 1
FIRST_BRIEF = 1_500
# What copies the whole database has the row `backups`; what sees a brief through needs a worker, as `_briefs` has it.
NOT_READ = {"backup", "backup_verify", "replica_sync", "dr_drill", "self_check"}
# who writes it, and what
COMMANDS_READ: Sequence[tuple[int, str]] = (
    *((ADMIN, command) for command in ("/briefs", "/status", "/queue", "/invoices", "/quality", "/quality Drafting")),
    *((ADMIN, f"/find {words}") for words in (RARE, COMMON, NAME, NUMBER)),
    *((ADMIN, command) for command in ("/report day", "/failed", "/jobs", "/people", "/clients", "/prompts", "/duels")),
    *((ADMIN, command) for command in ("/finance", "/ledger")),
    *((ADMIN, command) for command in (f"/brief_{FIRST_BRIEF}", f"/replay {FIRST_BRIEF}")),
    *((CLIENT, command) for command in ("/briefs", "/invoices", "/status", f"/find {COMMON}")),
)


@dataclass(frozen=True, slots=True)
class Two:
    """The same with few briefs and with many, in seconds each.

    few_loop, many_loop, few_cpu, many_cpu: the processor time of the event loop's thread, and of the whole process, for
    one, in each round.
    """

    name: str
    few: list[float] = field(default_factory=list)
    many: list[float] = field(default_factory=list)
    few_loop: list[float] = field(default_factory=list)
    many_loop: list[float] = field(default_factory=list)
    few_cpu: list[float] = field(default_factory=list)
    many_cpu: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        return median(self.many) / median(self.few)

    @property
    def more_on_loop_ms(self) -> float:
        return (median(self.many_loop) - median(self.few_loop)) * 1000

    def checks(self) -> list[Check]:
        """What is to be reached of it."""
        on_loop = f"{self.name}, more on the event loop"
        checks = [at_most(f"p50 of {self.name}", self.ratio, REACH, "x")]
        return checks + ([at_most(on_loop, self.more_on_loop_ms, LOOP_REACH_MS, "ms")] if self.few_loop else [])

    def __str__(self) -> str:
        figures = [f"{quantile(times, share) * 1000:.1f}" for times in (self.few, self.many) for share in (0.5, 0.99)]
        text = (
            f"{self.name}: p50 {figures[0]} to {figures[2]} ms, p99 {figures[1]} to {figures[3]} ms, {self.ratio:.2f} x"
        )
        if not self.few_loop:
            return text
        cpu, loop = (
            [f"{median(times) * 1000:.1f}" for times in two]
            for two in ((self.few_cpu, self.many_cpu), (self.few_loop, self.many_loop))
        )
        return f"{text}; CPU {cpu[0]} to {cpu[1]} ms, of which the event loop's {loop[0]} to {loop[1]} ms"

    def sides(self) -> Sequence[tuple[list[float], list[float], list[float]]]:
        """What is kept of each side: the waits, the event loop's time, and the processor's."""
        return (self.few, self.few_loop, self.few_cpu), (self.many, self.many_loop, self.many_cpu)


async def measure(folder: Path, many: int = MANY, kept: Path | None = None) -> Row:
    """Both in turn: the starts, command by command, whole briefs; then the jobs. kept: where the filled files stay."""
    began = time.monotonic()
    urls = [await _filled(kept or folder, briefs) for briefs in (FEW, many)]
    if kept is not None:
        urls = [await asyncio.to_thread(_copied, url, folder) for url in urls]
    seeded = time.monotonic() - began
    async with AsyncExitStack() as stack:
        scenes = [await stack.enter_async_context(stage(folder)) for _ in urls]
        settings = [await scene.settings(url) for scene, url in zip(scenes, urls, strict=True)]
        for each in settings:
            await _with_services(each, _ready)
        found = [await _starts(folder, settings)]
        commands, memory = await _commands(folder, scenes, settings)
        found += [*commands, *await _jobs(settings)]
    size = await asyncio.to_thread(_gigabytes, urls[1])
    slowest = max(found, key=lambda two: two.ratio)
    reached = sum(two.ratio <= REACH for two in found)
    more = max(two.more_on_loop_ms for two in found if two.few_loop)
    return Row(
        f"start, {len(COMMANDS_READ)} reading commands, a brief, {len(JOBS) - len(NOT_READ)} jobs; {many:,} briefs",
        f"{reached} of {len(found)} at {REACH} x or less, the event loop {more:+.1f} ms at most; slowest: {slowest}",
        f"the same with {FEW:,} briefs, in turns",
        [check for two in found for check in two.checks()],
        [
            f"memory {memory[0]:.0f} and {memory[1]:.0f} MB, file {size:.2f} GB, seeded in {seeded:.0f} s",
            f"{ROUNDS} rounds of {COMMANDS} of each command, {STARTS} starts, {BRIEFS} briefs, {JOB_RUNS} of each job",
            *map(str, found),
        ],
    )


def _gigabytes(url: str) -> float:
    return Path(url.removeprefix("sqlite:///")).stat().st_size / 1e9


async def _filled(folder: Path, briefs: int) -> str:
    url = sqlite_url(folder, f"briefs-{briefs}")
    there = await asyncio.to_thread(Path(url.removeprefix("sqlite:///")).exists)
    async with opened(url):
        pass
    if not there:
        await asyncio.to_thread(fill, url, briefs, datetime.now(UTC))
    return url


def _copied(url: str, folder: Path) -> str:
    """A copy to be measured, which is on the disk before anything is."""
    path = Path(url.removeprefix("sqlite:///"))
    shutil.copy(path, folder)
    os.sync()
    return sqlite_url(folder, path.stem)


async def _starts(folder: Path, settings: Sequence[Mapping[str, Any]]) -> Two:
    """From the beginning of the process until it says that it is ready."""
    two = Two("start")
    for _ in range(STARTS):
        for each, seconds in zip(settings, (two.few, two.many), strict=True):
            began = time.perf_counter()
            async with echopilot(folder, each):
                seconds.append(time.perf_counter() - began)
    return two


async def _commands(
    folder: Path, scenes: Sequence[Stage], settings: Sequence[Mapping[str, Any]]
) -> tuple[list[Two], list[float]]:
    """Every command, then whole briefs, and the memory of both programs afterwards."""
    found = [Two(f"{text}{' of a client' if who == CLIENT else ''}") for who, text in COMMANDS_READ]
    async with AsyncExitStack() as stack:
        running = [await stack.enter_async_context(echopilot(folder, each)) for each in settings]
        both = list(zip(scenes, running, strict=True))
        for scene in scenes:
            await scene.act("people", count=2)
        for round_ in range(ROUNDS + 1):
            for (who, text), two in zip(COMMANDS_READ, found, strict=True):
                count = COMMANDS if round_ else 2  # at first they are only warmed up
                for (scene, program), kept in zip(both, two.sides(), strict=True):
                    order = {"text": text, "count": count, "per_second": PER_SECOND, "of": who}
                    seen, seconds = await _counted(program, scene.act("commands", **order))
                    if round_:
                        _keep(kept, seen, seconds, count)
        found.append(await _briefs(both))
        memory = [program.memory_mb() for program in running]
    return found, memory


async def _counted(program: Program, act: Awaitable[Any]) -> tuple[Any, tuple[float, float]]:
    """What the stage says, and the time of the program's event loop and of the whole program meanwhile."""
    loop, cpu = program.loop_seconds(), program.cpu_seconds()
    answer = await act
    return answer, (program.loop_seconds() - loop, program.cpu_seconds() - cpu)


def _keep(kept: Sequence[list[float]], waits: Sequence[float], seconds: tuple[float, float], count: int) -> None:
    """Note the waits of one round, and the processor's time for one of so many."""
    for times, more in zip(kept, (waits, *([each / count] for each in seconds)), strict=True):
        times += more


async def _briefs(both: Sequence[tuple[Stage, Program]]) -> Two:
    """One client's whole briefs, from the text to the invoice, with nothing else to do."""
    two = Two("a whole brief")
    for number in range(WARMING + BRIEFS):
        for (scene, program), kept in zip(both, two.sides(), strict=True):
            (waits,), seconds = await _counted(program, scene.act("alone", count=1, of=CLIENT))
            if number >= WARMING:
                _keep(kept, [sum(waits)], seconds, 1)
    return two


async def _ready(services: Services) -> None:
    """The verdicts of the past are counted, the ledger's days and months are added up and yesterday's books closed, as
    the jobs do; the client said where invoices go.
    """
    await services.calibration.count(TENANT)
    await services.finance.figures.add_up(TENANT)
    await services.reconciliation.closing.close_yesterday(TENANT)

    async def work(tx: Transaction) -> None:
        client = await people.by_telegram_id(tx.connection, CLIENT_ID)
        assert client is not None
        details = BillingDetails(client.name, "client@example.org", "DE")
        await billing_details.keep(tx, client, Given.DETAILS, details, 1)

    await services.database.write(work)


async def _jobs(settings: Sequence[Mapping[str, Any]]) -> list[Two]:
    measured = [job for job in JOBS if job.name not in NOT_READ]
    found = [Two(f"job {job.name}") for job in measured]

    async def run(job: Job, times: list[float], services: Services) -> None:
        began = time.perf_counter()
        await job.carry_out(services, TENANT)
        times.append(time.perf_counter() - began)

    async with AsyncExitStack() as stack:
        apps = [await stack.enter_async_context(build(Settings(**each))) for each in settings]
        for round_ in range(JOB_RUNS + 1):
            for job, two in zip(measured, found, strict=True):
                for app, times in zip(apps, (two.few, two.many), strict=True):
                    await run(job, times if round_ else [], app.services)
    return found


async def _with_services(settings: Mapping[str, Any], work: Callable[[Services], Awaitable[None]]) -> None:
    async with build(Settings(**settings)) as app:
        await work(app.services)


def main() -> int:
    """Measure with as many briefs as are named, and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.million", description=__doc__)
    parser.add_argument("--briefs", type=int, default=MANY)
    parser.add_argument("--folder", type=Path, help="where the filled files of before are, and stay")
    given = parser.parse_args()
    logs.configure("warning", [])
    with tempfile.TemporaryDirectory(prefix="echopilot-bench-") as folder:
        row = asyncio.run(measure(Path(folder), given.briefs, given.folder))
    print(row)
    return 0 if row.reached else 1


if __name__ == "__main__":
    sys.exit(main())
