"""Empties one channel of the outbox: what a committed transaction wanted told is told, in order per destination.

One process per channel does it (`storage.locks.exclusively`), so what is under way is known in memory; a crash leaves
rows waiting that may have been sent, and they are sent again: at least once, never lost.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog

from bot.kernel.errors import ProviderError
from storage import outbox
from storage.batches import Batches
from storage.database import Database
from storage.outbox import Item, Report
from storage.task_queue import backoff

log = structlog.get_logger(__name__)
LOOK_SECONDS = 1.0
READ_AT_ONCE = 500

Deliver = Callable[[Item], Awaitable[Report]]


class Sender:
    """Delivers a channel's items by `deliver`, to at most `lanes` destinations at a time."""

    def __init__(self, database: Database, channel: str, deliver: Deliver, lanes: int) -> None:
        self._database = database
        self._channel = channel
        self._deliver = deliver
        self._lanes = asyncio.Semaphore(lanes)
        self._settled: Batches[Report] = Batches(database, outbox.settle)
        self._queues: defaultdict[str, deque[Item]] = defaultdict(deque)
        self._known: set[int] = set()
        self._running: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Deliver until cancelled; what is on its way then is finished first."""
        try:
            while True:
                await self._take_due()
                await self._database.signals.wait(outbox.signal(self._channel), LOOK_SECONDS)
        finally:
            for queue in self._queues.values():
                queue.clear()
            if self._running:
                await asyncio.wait(self._running)

    async def _take_due(self) -> None:
        limit = READ_AT_ONCE + len(self._known)
        async with self._database.reading() as connection:
            items = await outbox.due(connection, self._channel, self._database.clock.now(), limit)
        for item in items:
            if item.id in self._known:
                continue
            self._known.add(item.id)
            idle = item.destination not in self._queues
            self._queues[item.destination].append(item)
            if idle:
                lane = asyncio.create_task(self._serve(item.destination))
                self._running.add(lane)
                lane.add_done_callback(self._running.discard)

    async def _serve(self, destination: str) -> None:
        queue = self._queues[destination]
        async with self._lanes:
            while queue:
                item = queue.popleft()
                try:
                    await self._tell(item)
                finally:
                    self._known.discard(item.id)
        del self._queues[destination]
        self._database.signals.wake(outbox.signal(self._channel))

    async def _tell(self, item: Item) -> None:
        if item.slot is not None:
            async with self._database.reading() as connection:
                if not await outbox.still_waiting(connection, item.id):
                    return
        try:
            report = await self._deliver(item)
        except ProviderError as error:
            report = self._failed(item, error)
        await self._settled.add(report)

    def _failed(self, item: Item, error: ProviderError) -> Report:
        if error.permanent:
            log.warning("cannot be delivered", channel=self._channel, item=item.id, error=str(error))
            return Report(item, "undeliverable", error=str(error))
        delay = max(error.retry_after or 0.0, backoff(item.attempts + 1))
        log.info("will be delivered later", channel=self._channel, item=item.id, error=str(error), seconds=delay)
        run_at = self._database.clock.now() + timedelta(seconds=delay)
        return Report(item, "waiting", error=str(error), run_at=run_at)
