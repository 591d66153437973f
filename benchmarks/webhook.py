"""Stripe webhooks verified, kept and answered, against a bare route that only verifies."""

from pathlib import Path

import orjson

from benchmarks.programs import Program, echopilot, free_port, program, ready
from benchmarks.report import Row, at_least, at_most, median, quantile, spread
from benchmarks.seeding import sqlite_url
from benchmarks.stage import stage
from tests.house import WEBHOOK_SECRET

EVENTS, CONNECTIONS, ROUNDS = 4_000, 150, 3


async def measure(folder: Path) -> Row:
    """The whole of EchoPilot runs, so that what deals with the events afterwards takes its share too."""
    ours: list[tuple[float, float, list[float]]] = []
    bare: list[tuple[float, float, list[float]]] = []
    port = free_port()
    async with stage(folder) as scene:
        settings = await scene.settings(sqlite_url(folder))
        plain = {"stripe_webhook_secret": WEBHOOK_SECRET, "web_port": port}
        async with (
            echopilot(folder, {**settings, "web_port": (own := free_port())}) as whole,
            program(folder, "benchmarks.bare.webhook", settings=plain) as route,
        ):
            await ready(route, f"http://127.0.0.1:{port}/readyz")
            await _load(folder, whole, own, 0, 200)
            await _load(folder, route, port, 0, 200)
            for number in range(1, ROUNDS + 1):
                ours.append(await _load(folder, whole, own, number * EVENTS, EVENTS))
                bare.append(await _load(folder, route, port, number * EVENTS, EVENTS))
    rate, base = median([r for r, _, _ in ours]), median([r for r, _, _ in bare])
    ratio = median([o[0] / b[0] for o, b in zip(ours, bare, strict=True)])
    waits = [wait for _, _, found in ours for wait in found]
    return Row(
        "Stripe webhook: verify, store, 200",
        f"{rate:,.0f}/s, {ratio:.2f} times the baseline; {spread(waits)}",
        f"a bare aiohttp route that only verifies: {base:,.0f}/s; {spread([w for _, _, f in bare for w in f])}",
        [
            at_least("of the baseline", ratio, 0.5, "x"),
            at_least("rate", rate, 500, "/s"),
            at_most("p99", quantile(waits, 0.99) * 1000, 150, "ms"),
        ],
        [
            f"{ROUNDS} rounds of {EVENTS:,} events (charge.succeeded, which is kept and not acted on) over "
            f"{CONNECTIONS} connections, from another process",
            "per round, rate and CPU ms an event, EchoPilot: " + ", ".join(f"{r:,.0f}/s {c:.2f}" for r, c, _ in ours),
            "per round, rate and CPU ms an event, bare: " + ", ".join(f"{r:,.0f}/s {c:.2f}" for r, c, _ in bare),
        ],
    )


async def _load(folder: Path, target: Program, port: int, first: int, count: int) -> tuple[float, float, list[float]]:
    """Events a second, CPU milliseconds of the target an event, and the seconds that each event waited."""
    cpu = target.cpu_seconds()
    arguments = (str(port), WEBHOOK_SECRET, str(first), str(count), str(CONNECTIONS))
    async with program(folder, "benchmarks.webhook_load", *arguments, pipes=True) as load:
        assert load.process.stdout is not None
        answer = await load.process.stdout.read()
    if not answer:
        raise RuntimeError(load.log.read_text()[-3000:])
    found = orjson.loads(answer)
    return count / found["seconds"], (target.cpu_seconds() - cpu) / count * 1000, found["waits"]
