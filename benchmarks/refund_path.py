"""Refunds from /refund until who asked reads that it is sent, against a bare script that makes the same calls."""

from collections.abc import Mapping
from pathlib import Path

from benchmarks.counted import FILE
from benchmarks.programs import echopilot, free_port
from benchmarks.report import Row, at_least, median, spread
from benchmarks.seeding import add_clients, add_operators, sqlite_url
from benchmarks.stage import Stage, stage
from benchmarks.whole_brief import script

CLERKS, EACH, ROUNDS = 20, 8, 2
REFUNDS = CLERKS * EACH
FEW_LIMITS = {"limit_person_day_count": 100_000, "limit_day_count": 100_000}


async def measure(folder: Path) -> Row:
    """Both in turn, ROUNDS times, each from an empty file; the middle of the ratios counts."""
    ours, bare, ratios, waits = [], [], [], []
    per_refund: Mapping[str, float] = {}
    for number in range(ROUNDS):
        seconds, cpu, took, per_refund = await _echopilot(folder, f"ours{number}")
        plain, plain_cpu, _each = await script(
            folder, f"bare{number}", per_refund, CLERKS, EACH, module="benchmarks.bare.refund"
        )
        ours.append((REFUNDS / seconds, cpu))
        bare.append((REFUNDS / plain, plain_cpu))
        ratios.append(plain / seconds)
        waits += took
    rate, ratio = median([r for r, _ in ours]), median(ratios)
    return Row(
        "refund, asked for in the chat, approved by one person, sent, told; instant provider, SQLite",
        f"{rate:.1f} refunds/s, {ratio:.2f} times the baseline; each {spread(waits)}",
        f"a bare script, same calls, same commits: {median([r for r, _ in bare]):.1f} refunds/s",
        [at_least("of the baseline", ratio, 0.5, "x")],
        [
            f"n {REFUNDS} refunds a round, {CLERKS} at once, each of an invoice of its own, {ROUNDS} rounds",
            "refunds/s and CPU ms a refund, EchoPilot: " + ", ".join(f"{r:.1f} ({c:.0f} ms)" for r, c in ours),
            "refunds/s and CPU ms a refund, script: " + ", ".join(f"{r:.1f} ({c:.0f} ms)" for r, c in bare),
            "a refund makes " + ", ".join(f"{count:.2f} {kind}" for kind, count in sorted(per_refund.items())),
        ],
    )


async def _echopilot(folder: Path, name: str) -> tuple[float, float, list[float], dict[str, float]]:
    """The seconds, CPU milliseconds a refund, the seconds of each, and calls and commits a refund."""
    url, port = sqlite_url(folder, name), free_port()
    async with stage(folder) as scene:
        await add_clients(url, await scene.act("people", count=CLERKS))
        await add_operators(url, await scene.act("clerks", count=CLERKS))
        settings = await scene.settings(url, worker_concurrency=CLERKS, web_port=port, **FEW_LIMITS)
        numbers = await _paid(folder, scene, settings, port)
        async with echopilot(folder, settings, module="benchmarks.counted") as running:
            await scene.act("refunds", numbers=numbers, each=1)
            before, cpu = await scene.act("calls"), running.cpu_seconds()
            seconds, waits = await scene.act("refunds", numbers=numbers, each=EACH)
            after, cpu = await scene.act("calls"), running.cpu_seconds() - cpu
    commits = int((folder / FILE).read_text())
    counted = {
        kind: (after[group][kind] - before[group].get(kind, 0)) / REFUNDS
        for group in ("telegram", "stripe")
        for kind in after[group]
    }
    per_refund = {kind: count for kind, count in counted.items() if count}
    return seconds, cpu / REFUNDS * 1000, waits, per_refund | {"commits": commits / (REFUNDS + CLERKS)}


async def _paid(folder: Path, scene: Stage, settings: Mapping[str, object], port: int) -> list[str]:
    """The numbers of a paid invoice of each client, made by a life of the program before the one that is measured."""
    await scene.act("webhooks", port=port)
    async with echopilot(folder, settings):
        await scene.act("briefs", clients=CLERKS, each=1)
        numbers: list[str] = await scene.act("pay_all")
        await scene.act("settled")
    return numbers
