"""Each reading command, page, call of the API and job, the start and a whole brief: with a million briefs beside a
thousand.

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
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import func, select

from benchmarks import million_web
from benchmarks.million_web import Guests
from benchmarks.programs import Program, echopilot, free_port
from benchmarks.report import Row
from benchmarks.seeding import opened, sqlite_url
from benchmarks.stage import Stage, stage
from benchmarks.two import REACH, Two, counted, keep
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
from storage.tables.core import job_runs

FEW, MANY = 1_000, 1_000_000
ROUNDS, COMMANDS, PER_SECOND, JOB_RUNS = 3, 20, 100.0, 5
STARTS, BRIEFS, WARMING = 3, 12, 2
ADMIN, CLIENT = 0, 1
FIRST_BRIEF = 1_500
LOOK_SECONDS, QUIET_LOOKS = 2.0, 3
OFTEN = dict.fromkeys((f"api_{kind}_per_minute" for kind in ("calls", "orders", "status", "sign_ins")), 100_000)
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


Made = TypeVar("Made")


async def measure(folder: Path, many: int = MANY, kept: Path | None = None) -> Row:
    """Both in turn: the starts, command by command, whole briefs; then the jobs. kept: where the filled files stay."""
    began = time.monotonic()
    urls = [await _filled(kept or folder, briefs) for briefs in (FEW, many)]
    if kept is not None:
        urls = [await asyncio.to_thread(_copied, url, folder) for url in urls]
    seeded = time.monotonic() - began
    async with AsyncExitStack() as stack:
        scenes = [await stack.enter_async_context(stage(folder)) for _ in urls]
        settings = [
            await scene.settings(url, web_port=free_port(), **OFTEN) for scene, url in zip(scenes, urls, strict=True)
        ]
        guests = [await _with_services(each, _ready) for each in settings]
        found = [await _starts(folder, settings)]
        asked, memory = await _asked(folder, scenes, settings, guests)
        found += [*asked, *await _jobs(settings)]
    size = await asyncio.to_thread(_gigabytes, urls[1])
    slowest = max(found, key=lambda two: two.ratio)
    reached = sum(two.ratio <= REACH for two in found)
    more = max(two.more_on_loop_ms for two in found if two.few_loop)
    return Row(
        f"start, {len(found)} commands, pages, calls of the API, jobs and a brief; {many:,} briefs",
        f"{reached} of {len(found)} at {REACH} x or less, the event loop {more:+.1f} ms at most; slowest: {slowest}",
        f"the same with {FEW:,} briefs, in turns",
        [check for two in found for check in two.checks()],
        [
            f"memory {memory[0]:.0f} and {memory[1]:.0f} MB, file {size:.2f} GB, seeded in {seeded:.0f} s",
            f"{ROUNDS} rounds of {COMMANDS} of each command and {million_web.OPENED} of each page and call, "
            f"{STARTS} starts, {BRIEFS} briefs, {JOB_RUNS} of each job",
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


async def _asked(
    folder: Path, scenes: Sequence[Stage], settings: Sequence[Mapping[str, Any]], guests: Sequence[Guests]
) -> tuple[list[Two], list[float]]:
    """Every command, page and call, then whole briefs, and the memory of both programs afterwards."""
    async with AsyncExitStack() as stack:
        running = [await stack.enter_async_context(echopilot(folder, each)) for each in settings]
        for each in settings:
            await _caught_up(each["database_url"])
        found = await _commands(list(zip(scenes, running, strict=True)))
        sides = []
        for each, program, guest in zip(settings, running, guests, strict=True):
            url = f"http://127.0.0.1:{each['web_port']}"
            sides.append((url, program, [*guest.asked, *await million_web.calls(url, guest)]))
        found += await million_web.opened(sides)
        found.append(await _briefs(list(zip(scenes, running, strict=True))))
        return found, [program.memory_mb() for program in running]


async def _caught_up(url: str) -> None:
    """Wait until the runs are over that were missed before the start and are made up for: they are measured as jobs."""
    under_way = select(func.count()).select_from(job_runs).where(job_runs.c.state.in_(["waiting", "running"]))
    quiet = 0
    async with opened(url) as database:
        while quiet < QUIET_LOOKS:
            await asyncio.sleep(LOOK_SECONDS)
            async with database.reading() as connection:
                quiet = 0 if (await connection.execute(under_way)).scalar_one() else quiet + 1


async def _commands(both: Sequence[tuple[Stage, Program]]) -> list[Two]:
    """Every command, in rounds; the first only warms up."""
    found = [Two(f"{text}{' of a client' if who == CLIENT else ''}") for who, text in COMMANDS_READ]
    for scene, _program in both:
        await scene.act("people", count=2)
    for round_ in range(ROUNDS + 1):
        for (who, text), two in zip(COMMANDS_READ, found, strict=True):
            count = COMMANDS if round_ else 2
            for (scene, program), kept in zip(both, two.sides(), strict=True):
                order = {"text": text, "count": count, "per_second": PER_SECOND, "of": who}
                seen, seconds = await counted(program, scene.act("commands", **order))
                if round_:
                    keep(kept, seen, seconds, count)
    return found


async def _briefs(both: Sequence[tuple[Stage, Program]]) -> Two:
    """One client's whole briefs, from the text to the invoice, with nothing else to do."""
    two = Two("a whole brief")
    for number in range(WARMING + BRIEFS):
        for (scene, program), kept in zip(both, two.sides(), strict=True):
            (waits,), seconds = await counted(program, scene.act("alone", count=1, of=CLIENT))
            if number >= WARMING:
                keep(kept, [sum(waits)], seconds, 1)
    return two


async def _ready(services: Services) -> Guests:
    """The verdicts of the past are counted, the ledger's days and months are added up, yesterday's books closed and the
    log sealed, as the jobs do; the client said where invoices go. Returns who opens the pages and calls the API.
    """
    await services.calibration.count(TENANT)
    await services.finance.figures.add_up(TENANT)
    await services.reconciliation.closing.close_yesterday(TENANT)
    await services.chain.seal()

    async def work(tx: Transaction) -> None:
        client = await people.by_telegram_id(tx.connection, CLIENT_ID)
        assert client is not None
        details = BillingDetails(client.name, "client@example.org", "DE")
        await billing_details.keep(tx, client, Given.DETAILS, details, 1)

    await services.database.write(work)
    return await million_web.guests(services)


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


async def _with_services(settings: Mapping[str, Any], work: Callable[[Services], Awaitable[Made]]) -> Made:
    async with build(Settings(**settings)) as app:
        return await work(app.services)


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
