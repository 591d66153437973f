"""From the client's yes to the first model call, with nothing else to do, against polling every 60 seconds."""

from pathlib import Path

from benchmarks.programs import echopilot
from benchmarks.report import Row, at_most, quantile, spread
from benchmarks.seeding import add_clients, sqlite_url
from benchmarks.stage import stage

BRIEFS = 60
POLL_SECONDS = 60.0


async def measure(folder: Path) -> Row:
    """The first brief warms up and is left out: the models' SDK is loaded at the first call of a process."""
    url = sqlite_url(folder)
    async with stage(folder) as scene:
        await add_clients(url, await scene.act("people", count=1))
        async with echopilot(folder, await scene.settings(url)):
            first, *waits = await scene.act("starts", count=BRIEFS + 1)
    p99, polled = quantile(waits, 0.99), 0.99 * POLL_SECONDS
    return Row(
        "brief accepted until the first model call arrives, idle",
        f"{spread(waits)}; {polled / p99:,.0f} times sooner than the baseline at p99",
        f"a poll every {POLL_SECONDS:.0f} s, by arithmetic (an even wait of 0 to 60 s): "
        f"p50 {POLL_SECONDS / 2 * 1000:,.0f} ms, p99 {polled * 1000:,.0f} ms; not run, it would take an hour",
        [at_most("p99", p99 * 1000, 100, "ms")],
        [f"from the tap on the yes, so Telegram's delivery and our reading of it count too; "
         f"the process's very first brief, which loads the models' SDK: {first * 1000:.0f} ms"],
    )  # fmt: skip
