"""Two worker processes on PostgreSQL against one, with a slow model: the workers are what everything waits for."""

from contextlib import AsyncExitStack
from pathlib import Path

from benchmarks.programs import echopilot
from benchmarks.report import Row, at_least
from benchmarks.seeding import add_clients
from benchmarks.stage import stage
from tests.postgres import Cluster, NoPostgres, cluster

BRIEFS, AT_ONCE, MODEL_SECONDS, CALLS_IN_A_ROW = 24, 6, 2.0, 3


async def measure(folder: Path) -> Row | None:
    """None where there is no PostgreSQL on this machine."""
    try:
        with cluster(durable=True) as server:
            one = await _seconds(folder, server, 1)
            two = await _seconds(folder, server, 2)
            version = server.programs.version
    except NoPostgres:
        return None
    ideal = BRIEFS / AT_ONCE * MODEL_SECONDS * CALLS_IN_A_ROW
    return Row(
        f"PostgreSQL {version}, {BRIEFS} briefs, a model of {MODEL_SECONDS:.0f} s, {AT_ONCE} at once per worker",
        f"2 worker processes: {two:.2f} s, {BRIEFS / two:.2f} briefs/s",
        f"1 worker process: {one:.2f} s, {BRIEFS / one:.2f} briefs/s",
        [at_least("of one worker", one / two, 1.8, "x")],
        [
            f"n {BRIEFS} briefs each time; chat, web and clock in one more process; from the first yes to the last "
            f"invoice; the model alone would take {ideal:.0f} s with one worker, {ideal / 2:.0f} s with two"
        ],
    )


async def _seconds(folder: Path, server: Cluster, workers: int) -> float:
    """The briefs' time with so many worker processes, after a round that warms each of them up."""
    with server.empty_database() as url:
        async with stage(folder) as scene, AsyncExitStack() as running:
            await add_clients(url, await scene.act("people", count=BRIEFS))
            settings = await scene.settings(url, worker_concurrency=AT_ONCE)
            await running.enter_async_context(echopilot(folder, settings, parts=("chat", "web", "clock")))
            for _ in range(workers):
                await running.enter_async_context(echopilot(folder, settings, parts=("worker",)))
            await scene.act("model_takes", seconds=0.2)
            await scene.act("at_once", clients=BRIEFS)
            await scene.act("model_takes", seconds=MODEL_SECONDS)
            seconds: float = await scene.act("at_once", clients=BRIEFS)
            return seconds
