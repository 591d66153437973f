"""Whole briefs with instant providers, against a bare script that makes the same calls and as many commits."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from benchmarks.counted import FILE
from benchmarks.programs import echopilot, program
from benchmarks.report import Row, at_least, median
from benchmarks.seeding import add_clients, sqlite_url
from benchmarks.stage import stage
from tests.house import BRIEF

CLIENTS, EACH, ROUNDS = 20, 8, 2
BRIEFS = CLIENTS * EACH


async def measure(folder: Path) -> Row:
    """Both in turn, ROUNDS times, each from an empty file; the middle of the ratios counts."""
    ours, bare, ratios = [], [], []
    per_brief: Mapping[str, float] = {}
    for number in range(ROUNDS):
        seconds, cpu, per_brief = await _echopilot(folder, f"ours{number}")
        plain, plain_cpu, _each = await script(folder, f"bare{number}", per_brief, CLIENTS, EACH)
        ours.append((BRIEFS / seconds, cpu))
        bare.append((BRIEFS / plain, plain_cpu))
        ratios.append(plain / seconds)
    rate, ratio = median([r for r, _ in ours]), median(ratios)
    return Row(
        "whole brief, text to invoice, instant providers, SQLite",
        f"{rate:.1f} briefs/s, {ratio:.2f} times the baseline",
        f"a bare script, same calls, same commits: {median([r for r, _ in bare]):.1f} briefs/s",
        [at_least("of the baseline", ratio, 0.5, "x"), at_least("throughput", rate, 10, "briefs/s")],
        [
            f"n {BRIEFS} briefs a round, {CLIENTS} at once, {ROUNDS} rounds",
            "briefs/s and CPU ms a brief, EchoPilot: " + ", ".join(f"{r:.1f} ({c:.0f} ms)" for r, c in ours),
            "briefs/s and CPU ms a brief, script: " + ", ".join(f"{r:.1f} ({c:.0f} ms)" for r, c in bare),
            "a brief makes " + ", ".join(f"{count:.2f} {kind}" for kind, count in sorted(per_brief.items())),
        ],
    )


async def _echopilot(folder: Path, name: str) -> tuple[float, float, dict[str, float]]:
    """The seconds, CPU milliseconds a brief, and calls and commits a brief."""
    url = sqlite_url(folder, name)
    async with stage(folder) as scene:
        await add_clients(url, await scene.act("people", count=CLIENTS))
        settings = await scene.settings(url, worker_concurrency=CLIENTS)
        async with echopilot(folder, settings, module="benchmarks.counted") as running:
            await scene.act("briefs", clients=CLIENTS, each=1)
            before, cpu = await scene.act("calls"), running.cpu_seconds()
            seconds = await scene.act("briefs", clients=CLIENTS, each=EACH)
            after, cpu = await scene.act("calls"), running.cpu_seconds() - cpu
        commits = int((folder / FILE).read_text())
    per_brief = calls_of_one(before, after, BRIEFS) | {"commits": commits / (BRIEFS + CLIENTS)}
    return seconds, cpu / BRIEFS * 1000, per_brief


def calls_of_one(before: Mapping[str, Any], after: Mapping[str, Any], briefs: int) -> dict[str, float]:
    """How often a brief makes each kind of call, by what was counted before and after so many."""
    per_brief: dict[str, float] = {"invoices": (after["invoices"] - before["invoices"]) / briefs}
    for group in ("telegram", "models"):
        counted = {kind: after[group][kind] - before[group].get(kind, 0) for kind in after[group]}
        per_brief |= {kind: count / briefs for kind, count in counted.items() if count}
    return per_brief


async def script(
    folder: Path,
    name: str,
    per_brief: Mapping[str, float],
    clients: int,
    each: int,
    module: str = "benchmarks.bare.script",
) -> tuple[float, float, list[float]]:
    """The seconds, CPU milliseconds a brief, and the seconds of each brief of a bare script."""
    async with stage(folder) as scene:
        chats = await scene.act("people", count=clients)
        await scene.act("greet")
        order: dict[str, Any] = {
            "settings": await scene.settings(""),
            "file": str(folder / f"{name}.db"),
            "per_brief": per_brief,
            "text": BRIEF,
            "chats": chats,
            "clients": clients,
            "each": each,
        }
        async with program(folder, module, pipes=True) as running:
            process = running.process
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(orjson.dumps(order) + b"\n")
            line = (await process.stdout.readline()).decode()
            if not line:
                raise RuntimeError(running.log.read_text()[-3000:])
    seconds, cpu, took = orjson.loads(line)
    return seconds, cpu / (clients * each) * 1000, took
