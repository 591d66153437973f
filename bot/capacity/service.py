"""How busy everything is, held against its limits; and how many tasks workers run at a time, which follows from it."""

import asyncio
import time
from datetime import datetime, timedelta

import structlog

from bot.access.model import TENANT
from bot.alerts.raising import clear, raise_
from bot.capacity.model import MEGABYTE, Answers, Bounds, Reading, Series, Size, held_against, next_size, pressed
from bot.capacity.model import workers_needed as workers_for
from bot.capacity.ports import Machine
from bot.capacity.settings import CapacitySettings
from bot.kernel.tasks import Pool, TaskQueue
from storage.capacity import hours, sizes
from storage.engine.database import Database, Transaction, despite_faults

log = structlog.get_logger(__name__)
LAG_LOOKS = 10  # so often the event loop is asked how late it is
RECENT = timedelta(minutes=10)
USUAL = timedelta(days=1)
MOST_CALLS = 500  # of models, that are looked at for how these answer
FOLLOW_SECONDS = 30.0


class Capacity:
    """Verbs of the jobs that watch over load. normal: WORKER_CONCURRENCY."""

    def __init__(
        self, database: Database, queue: TaskQueue, machine: Machine, settings: CapacitySettings, normal: int
    ) -> None:
        self._database, self._queue, self._machine = database, queue, machine
        self._settings = settings
        self.bounds = Bounds.of(normal, settings)

    async def look(self) -> str:
        """Hold processors, memory, disk, event loop and queue against their limits; an alert says which is too much,
        and that it is over. What was measured is kept for forecasts.
        """
        reading = await self._read()
        held = list(held_against(reading, self._settings))

        async def work(tx: Transaction) -> None:
            for one in held:
                if one.over:
                    await raise_(tx, one.rule, tenant=TENANT, **one.facts)
                elif one.over is False:
                    await clear(tx, one.rule)
            await self._keep(tx, reading)

        await self._database.write(work)
        machine = reading.machine
        said = [
            f"processors {'not known yet' if machine.cpu is None else f'{machine.cpu} %'}",
            f"memory {machine.memory} %",
            f"{machine.own_bytes // MEGABYTE} MB of ours",
        ]
        if machine.free_bytes is not None:
            said.append(f"{machine.free_bytes // MEGABYTE} MB free")
        said += [f"{reading.lag_ms} ms late", f"{reading.queue} tasks wait"]
        too_much = [one.rule for one in held if one.over]
        return ", ".join(said) + (f"; over its limit: {', '.join(too_much)}" if too_much else "")

    async def _read(self) -> Reading:
        waiting = sum([(await self._queue.load(pool)).ready for pool in Pool])
        machine = await asyncio.to_thread(self._machine.measure)
        return Reading(machine, waiting, await _lag_ms(self._database.timing.lag))

    async def _keep(self, tx: Transaction, reading: Reading) -> None:
        """Of the hour the most is kept: what is short is so at its worst moment."""
        hour, machine = _hour(tx.now), reading.machine
        measured = {Series.MEMORY: machine.own_bytes // MEGABYTE, Series.QUEUE: reading.queue}
        kept = {series: await hours.at(tx.connection, TENANT, series, hour) or 0 for series in measured}
        values = {series: max(kept[series], value) for series, value in measured.items()}
        if machine.free_bytes is not None and machine.database_bytes is not None:
            values |= {Series.FREE: machine.free_bytes // MEGABYTE}
            values |= {Series.DATABASE: machine.database_bytes // MEGABYTE}
        for series, value in values.items():
            await hours.put(tx, TENANT, series, hour, value)

    async def resize(self) -> str:
        """Move the number of tasks that a worker runs at a time by one step; each worker follows within 30 s."""
        load = await self._queue.load(Pool.MODELS)
        reading, answers = await self._read(), await self._answers()
        following = next_size(load, answers, pressed(reading, self._settings), self.bounds)
        if following.size != load.size:
            await self._database.write(lambda tx: sizes.put(tx, Pool.MODELS, following))
            self._queue.resize(Pool.MODELS, following.size)
        changed = (
            f"{load.size} tasks at once" if following.size == load.size else f"{load.size} → {following.size} tasks"
        )
        said = f"{changed}: {following.reason}; {load.running} run, {load.ready} wait"
        if self._database.sqlite:
            return said
        return f"{said}; what runs and waits would fill {workers_for(load, following.size)} workers"

    async def _answers(self) -> Answers:
        now = self._database.clock.now()
        async with self._database.reading() as connection:
            recent = await sizes.calls(connection, TENANT, now - RECENT, now, MOST_CALLS)
            usual = await sizes.calls(connection, TENANT, now - USUAL, now - RECENT, MOST_CALLS)
        return Answers(*recent, usual_ms=usual[2])

    async def follow(self) -> None:
        """Run as many tasks at a time here as was decided, by whichever process, until cancelled."""
        while True:
            await despite_faults(self._follow_once)
            await self._database.signals.wait(sizes.SIGNAL, FOLLOW_SECONDS)

    async def _follow_once(self) -> None:
        async with self._database.reading() as connection:
            decided = await sizes.of(connection, Pool.MODELS)
        wanted = self._within(decided)
        load = await self._queue.load(Pool.MODELS)
        if wanted is not None and wanted != load.size:
            log.info("a worker's size changes", size=wanted, before=load.size)
            self._queue.resize(Pool.MODELS, wanted)

    def _within(self, decided: Size | None) -> int | None:
        """What was decided, within bounds that may be others since a restart."""
        return None if decided is None else min(max(decided.size, self.bounds.least), self.bounds.most)


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


async def _lag_ms(seconds: float) -> int:
    """How late the event loop is at worst when it is to do something after so many seconds, in milliseconds."""
    worst = 0.0
    for _ in range(LAG_LOOKS):
        began = time.perf_counter()
        await asyncio.sleep(seconds)
        worst = max(worst, time.perf_counter() - began - seconds)
    return round(worst * 1000)
