"""A hundred briefs with a slow model, fifty at a time, against the time that the model alone takes."""

from pathlib import Path

from benchmarks.programs import echopilot
from benchmarks.report import Row, at_most
from benchmarks.seeding import add_clients, sqlite_url
from benchmarks.stage import stage

BRIEFS, AT_ONCE, MODEL_SECONDS, CALLS_IN_A_ROW = 100, 50, 2.0, 3
IDEAL = BRIEFS / AT_ONCE * MODEL_SECONDS * CALLS_IN_A_ROW


async def measure(folder: Path) -> Row:
    """Every client says yes at the same moment; the last invoice in a chat ends it."""
    url = sqlite_url(folder)
    async with stage(folder) as scene:
        await add_clients(url, await scene.act("people", count=BRIEFS))
        async with echopilot(folder, await scene.settings(url, worker_concurrency=AT_ONCE)):
            await scene.act("briefs", clients=1, each=1)
            await scene.act("model_takes", seconds=MODEL_SECONDS)
            before = sum((await scene.act("calls"))["models"].values())
            seconds = await scene.act("at_once", clients=BRIEFS)
            calls = sum((await scene.act("calls"))["models"].values()) - before
    return Row(
        f"{BRIEFS} briefs, a model of {MODEL_SECONDS:.0f} s, {AT_ONCE} at once",
        f"{seconds:.2f} s from the first yes to the last invoice, {seconds / IDEAL:.2f} times the ideal",
        f"ideal {IDEAL:.1f} s: {BRIEFS}/{AT_ONCE} x {MODEL_SECONDS:.0f} s x {CALLS_IN_A_ROW} calls in a row",
        [at_most("of the ideal", seconds / IDEAL, 1.2, "x")],
        [f"model calls {calls} ({calls / BRIEFS:.2f} a brief)"],
    )
