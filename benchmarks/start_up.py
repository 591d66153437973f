"""From the start of the process to its first answer in a chat, and memory at rest, beside a bare bot's."""

import asyncio
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

from benchmarks.programs import Program, echopilot, program
from benchmarks.report import Row, at_most, median
from benchmarks.seeding import sqlite_url
from benchmarks.stage import stage

ROUNDS, REST_SECONDS = 3, 3.0
Start = Callable[[Path, dict[str, Any]], AbstractAsyncContextManager[Program]]


def _whole(folder: Path, settings: dict[str, Any]) -> AbstractAsyncContextManager[Program]:
    return echopilot(folder, settings)


def _bare(folder: Path, settings: dict[str, Any]) -> AbstractAsyncContextManager[Program]:
    return program(folder, "benchmarks.bare.bot", settings=settings)


async def measure(folder: Path) -> Row:
    """The message waits on the server before the start. EchoPilot starts on an empty file: its tables are made too."""
    ours, bare = [], []
    for number in range(ROUNDS):
        ours.append(await _start(folder, f"ours{number}", _whole))
        bare.append(await _start(folder, f"bare{number}", _bare))
    seconds, memory = median([s for s, _ in ours]), max(m for _, m in ours)
    plain, plain_memory = median([s for s, _ in bare]), max(m for _, m in bare)
    return Row(
        "start to the first answer, from an empty folder; memory at rest",
        f"{seconds:.2f} s, {memory:.0f} MB",
        f"a bare echo bot: {plain:.2f} s, {plain_memory:.0f} MB",
        [at_most("start", seconds, 3, "s"), at_most("memory", memory, 200, "MB")],
        [
            f"n {ROUNDS}, EchoPilot: " + ", ".join(f"{s:.2f} s {m:.0f} MB" for s, m in ours),
            f"n {ROUNDS}, bare: " + ", ".join(f"{s:.2f} s {m:.0f} MB" for s, m in bare),
            f"memory {REST_SECONDS:.0f} s after the answer, of the process alone",
        ],
    )


async def _start(folder: Path, name: str, start: Start) -> tuple[float, float]:
    async with stage(folder) as scene:
        await scene.act("people", count=1)
        settings = await scene.settings(sqlite_url(folder, name))
        answered = asyncio.create_task(scene.act("first_answer", text="/start"))
        began = time.time()
        async with start(folder, settings) as running:
            seconds = await answered - began
            await asyncio.sleep(REST_SECONDS)
            return seconds, running.memory_mb()
