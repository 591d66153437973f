"""Ten thousand briefs that wait for a person, against none: memory, idle CPU, and the time of a restart."""

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.programs import echopilot
from benchmarks.report import Row, at_most, median
from benchmarks.seeding import add_clients, add_waiting, sqlite_url
from benchmarks.stage import Stage, stage

WAITING, ROUNDS, SETTLE_SECONDS, IDLE_SECONDS = 10_000, 2, 2.0, 6.0


@dataclass(frozen=True, slots=True)
class Idle:
    """A start until ready (s), memory (MB), and the share of one core taken while nothing happens (%)."""

    start: float
    memory: float
    cpu: float


async def measure(folder: Path) -> Row:
    """Both in turn; every start is a restart on a file that is there already."""
    none_url, many_url = sqlite_url(folder, "none"), sqlite_url(folder, "many")
    none: list[Idle] = []
    many: list[Idle] = []
    async with stage(folder) as scene:
        clients = await scene.act("people", count=1)
        await add_clients(none_url, clients)
        await add_waiting(many_url, clients[0], WAITING)
        for _ in range(ROUNDS):
            none.append(await _idle(folder, scene, none_url))
            many.append(await _idle(folder, scene, many_url))
    pairs = list(zip(none, many, strict=True))
    return Row(
        f"{WAITING:,} briefs waiting for a person",
        _words(many),
        f"none waiting: {_words(none)}",
        [
            at_most("memory +", median([m.memory - n.memory for n, m in pairs]), 20, "MB"),
            at_most("idle CPU +", median([m.cpu - n.cpu for n, m in pairs]), 1, "% of a core"),
            at_most("restart +", median([m.start - n.start for n, m in pairs]), 2, "s"),
        ],
        [f"{ROUNDS} rounds; CPU over {IDLE_SECONDS:.0f} s, {SETTLE_SECONDS:.0f} s after the start"],
    )


async def _idle(folder: Path, scene: Stage, url: str) -> Idle:
    began = time.monotonic()
    async with echopilot(folder, await scene.settings(url)) as running:
        start = time.monotonic() - began
        await asyncio.sleep(SETTLE_SECONDS)
        cpu, at = running.cpu_seconds(), time.monotonic()
        await asyncio.sleep(IDLE_SECONDS)
        used = (running.cpu_seconds() - cpu) / (time.monotonic() - at) * 100
        return Idle(start, running.memory_mb(), used)


def _words(found: list[Idle]) -> str:
    return "; ".join(f"ready in {i.start:.2f} s, {i.memory:.0f} MB, {i.cpu:.2f} % of a core" for i in found)
