"""How long a backup and a restore drill take of 250 MB and of 1 GB, and what whoever writes meanwhile waits; how late
the program's event loop is meanwhile, as the program itself measures it once a second.
"""

import asyncio
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp

from benchmarks.programs import Program, echopilot, free_port, program
from benchmarks.report import Row, at_most, quantile, spread
from benchmarks.seeding import add_clients, opened, sqlite_url
from benchmarks.stage import Stage, stage
from sandbox.history.seed import fill

BRIEFS = {"250 MB": 37_000, "1 GB": 148_000}  # some 6.8 kB each
CHATS, COMMANDS, PER_SECOND = 50, 200, 40.0
COMMAND = "/briefs"
KEY = "age1840w336h9fs9c8gryjkqu28khjfw2gf2zzjd4hfvjqmhvrdv7cnqcff7z8"  # whose secret nobody has
DRILL_SECONDS, MORE_MS = 60.0, 50.0
LATE_SECONDS = "0.05"  # as the page of metrics has it
LAG = re.compile(r"^echopilot_loop_lag_seconds_(?:bucket\{le=\"([^\"]+)\"\}|(count)) (\S+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds that a command took, and the seconds that people waited for their answers meanwhile.

    late: how often the event loop was later than LATE_SECONDS, of how many looks.
    """

    seconds: float
    waits: Sequence[float]
    late: int
    looks: int


async def measure(folder: Path) -> Row:
    """Each size in turn, on a database of its own, with commands coming steadily all the while."""
    raw: list[str] = []
    checks = []
    figures = []
    for name, briefs in BRIEFS.items():
        quiet, made, tried, size = await _of_size(folder, name, briefs)
        more = [(quantile(took.waits, 0.99) - quantile(quiet, 0.99)) * 1000 for took in (made, tried)]
        figures.append(f"{name}: backup {made.seconds:.1f} s, drill {tried.seconds:.1f} s")
        checks += [
            at_most(f"drill of {name}", tried.seconds, DRILL_SECONDS, "s"),
            at_most(f"p99 of answers during both, {name}, more than without", max(more), MORE_MS, "ms"),
        ]
        raw += [
            f"{name}: {briefs:,} briefs, file {size / 1e6:.0f} MB",
            f"{name}: answers without {spread(quiet)}; backup {spread(made.waits)}; drill {spread(tried.waits)}",
            f"{name}: event loop more than 50 ms late: {made.late} of {made.looks} looks in the backup, "
            f"{tried.late} of {tried.looks} in the drill",
        ]
    baseline = f"{COMMAND} {PER_SECOND:.0f} times a second, without a backup"
    return Row("backup and drill while the program answers", "; ".join(figures), baseline, checks, raw)


async def _of_size(folder: Path, name: str, briefs: int) -> tuple[list[float], Took, Took, int]:
    place = folder / name.replace(" ", "-")
    await asyncio.to_thread(place.mkdir)
    url = sqlite_url(place)
    async with opened(url):
        pass
    await asyncio.to_thread(fill, url, briefs, datetime.now(UTC))
    async with stage(place) as scene:
        await add_clients(url, await scene.act("people", count=CHATS), briefs_each=1)
        (place / "backups").mkdir()
        more = {"backup_public_key": KEY, "backup_folder": str(place / "backups"), "web_port": free_port()}
        settings = await scene.settings(url, allow_dirty="true", **more)
        async with echopilot(place, settings):
            await _answers(scene)
            quiet = await _answers(scene)
            made = await _during(place, scene, settings, "backup")
            tried = await _during(place, scene, settings, "drill")
    size = (await asyncio.to_thread((place / "echopilot.db").stat)).st_size
    return quiet, made, tried, size


async def _during(place: Path, scene: Stage, settings: dict[str, Any], command: str) -> Took:
    """Run the command, and have commands come until it ends."""
    before = await _lag(settings["web_port"])
    began, waits = time.monotonic(), list[float]()
    async with program(place, "bot", command, settings=settings) as running:
        ended = asyncio.create_task(_ended(running, began))
        while not ended.done():
            waits += await _answers(scene)
    looks, in_time = (after - then for after, then in zip(await _lag(settings["web_port"]), before, strict=True))
    return Took(await ended, waits, looks - in_time, looks)


async def _lag(port: int) -> tuple[int, int]:
    """How often the program looked at how late its event loop is, and how often it was in time."""
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/metrics") as answer:
        found = {edge or total: int(float(value)) for edge, total, value in LAG.findall(await answer.text())}
    return found["count"], found[LATE_SECONDS]


async def _ended(running: Program, began: float) -> float:
    await running.process.wait()
    return time.monotonic() - began


async def _answers(scene: Stage) -> list[float]:
    waits: list[float] = await scene.act("commands", text=COMMAND, count=COMMANDS, per_second=PER_SECOND)
    return waits
