"""One brief with nothing else to do, from the client's text to the invoice in the chat, with instant providers."""

from collections.abc import Mapping
from pathlib import Path

from benchmarks.counted import FILE
from benchmarks.programs import echopilot
from benchmarks.report import Row, at_most, median, spread
from benchmarks.seeding import add_clients, sqlite_url
from benchmarks.stage import stage
from benchmarks.whole_brief import calls_of_one, script

BRIEFS = 20
WARMING = 2  # the models' SDK is loaded at the first call of a process


async def measure(folder: Path) -> Row:
    """The client says yes as soon as the quote is there; the bare script makes the same calls one after the other."""
    waits, cpu, per_brief = await _echopilot(folder)
    _seconds, plain_cpu, plain = await script(folder, "bare", per_brief, 1, BRIEFS)
    whole = [quoted + worked for quoted, worked in waits]
    return Row(
        "one brief alone, text to invoice card, instant providers, SQLite",
        f"{spread(whole)}; {median(whole) / median(plain):.2f} times the baseline",
        f"a bare script, same calls, same commits: {spread(plain)}",
        [at_most("p50", median(whole) * 1000, 150, "ms")],
        [
            f"of which p50 {median([quoted for quoted, _ in waits]) * 1000:.0f} ms to the quote, "
            f"{median([worked for _, worked in waits]) * 1000:.0f} ms from the yes to the invoice",
            f"fastest {min(whole) * 1000:.0f} ms, slowest {max(whole) * 1000:.0f} ms; the script's fastest "
            f"{min(plain) * 1000:.0f} ms",
            f"CPU ms a brief: EchoPilot {cpu:.0f}, script {plain_cpu:.0f}",
            "a brief makes " + ", ".join(f"{count:.2f} {kind}" for kind, count in sorted(per_brief.items())),
        ],
    )


async def _echopilot(folder: Path) -> tuple[list[tuple[float, float]], float, Mapping[str, float]]:
    """How long each took to its quote and to its invoice, CPU milliseconds a brief, and calls and commits a brief."""
    url = sqlite_url(folder)
    async with stage(folder) as scene:
        await add_clients(url, await scene.act("people", count=1))
        async with echopilot(folder, await scene.settings(url), module="benchmarks.counted") as running:
            await scene.act("alone", count=WARMING)
            before, cpu = await scene.act("calls"), running.cpu_seconds()
            waits = await scene.act("alone", count=BRIEFS)
            after, cpu = await scene.act("calls"), running.cpu_seconds() - cpu
    commits = int((folder / FILE).read_text()) / (BRIEFS + WARMING)
    return waits, cpu / BRIEFS * 1000, calls_of_one(before, after, BRIEFS) | {"commits": commits}
