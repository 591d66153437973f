"""Work in order per key, and for many keys at a time: the messages of a chat, the rows of a mirror."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Hashable, Iterable, Sequence, Set
from typing import Generic, TypeVar

import structlog

log = structlog.get_logger(__name__)
Item = TypeVar("Item")
PAUSE_SECONDS = 1.0


class KeyedQueue(Generic[Item]):
    """Serves items one after another within a lane, up to `at_once` lanes at a time.

    What is taken is known by its id until it was served, so the same rows may be read and taken again and again. Where
    `serve` returns seconds, the item gives way to those behind it and joins the end of its lane after so long. An
    error that it lets through is logged and empties the lane: whoever reads the rows brings the items again.
    """

    def __init__(
        self,
        serve: Callable[[Item], Awaitable[float | None]],
        *,
        id_of: Callable[[Item], int],
        lane_of: Callable[[Item], Hashable],
        at_once: int,
    ) -> None:
        self._serve, self._id_of, self._lane_of = serve, id_of, lane_of
        self._room = asyncio.Semaphore(at_once)
        self._queues: defaultdict[Hashable, deque[Item]] = defaultdict(deque)
        self._known: set[int] = set()
        self._running: set[asyncio.Task[None]] = set()
        self._later: dict[int, asyncio.TimerHandle] = {}
        self._closing = False

    @property
    def known(self) -> int:
        """How many items wait here or are being served."""
        return len(self._known)

    @property
    def crowded(self) -> bool:
        """Whether anything waits for what is before it in its lane."""
        return any(self._queues.values())

    def behind(self, item: Item) -> Sequence[Item]:
        """What waits for the item, which is being served: the next of its lane first."""
        return tuple(self._queues.get(self._lane_of(item), ()))

    async def take(self, read: Callable[[Set[int]], Awaitable[Iterable[Item]]]) -> None:
        """Read the waiting items, without those whose ids are known here when reading begins, and add them.

        These are left out whatever becomes of them meanwhile: reading may still show what was served while it read.
        """
        for item in await read(frozenset(self._known)):
            self._known.add(self._id_of(item))
            self._put(item)

    def _put(self, item: Item) -> None:
        self._later.pop(self._id_of(item), None)
        lane = self._lane_of(item)
        idle = lane not in self._queues
        self._queues[lane].append(item)
        if idle:
            task = asyncio.create_task(self._run(lane))
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    def _postpone(self, item: Item, seconds: float) -> None:
        if not self._closing:
            self._later[self._id_of(item)] = asyncio.get_running_loop().call_later(seconds, self._put, item)

    async def close(self) -> None:
        """Finish the items that are being served; the others are left to whoever reads the rows next."""
        self._closing = True
        for timer in self._later.values():
            timer.cancel()
        for queue in self._queues.values():
            queue.clear()
        if self._running:
            await asyncio.wait(self._running)
        self._later.clear()
        self._known.clear()
        self._closing = False

    async def _run(self, lane: Hashable) -> None:
        queue = self._queues[lane]
        async with self._room:
            while queue:
                item = queue.popleft()
                later: float | None = None
                try:
                    later = await self._serve(item)
                except Exception:
                    log.exception("lane stopped", lane=lane)
                    await asyncio.sleep(PAUSE_SECONDS)
                    self._known.difference_update(self._id_of(left) for left in queue)
                    queue.clear()
                finally:
                    if later is None:
                        self._known.discard(self._id_of(item))
                    else:
                        self._postpone(item, later)
        del self._queues[lane]
