"""Work in order per lane: what gives way, and what waits behind what."""

import asyncio
from collections.abc import Iterable, Set

from bot.kernel.keyed_queue import KeyedQueue


async def test_what_gives_way() -> None:
    """An item that gives way is served behind those that came meanwhile, and is not taken twice until then."""
    served: list[int] = []
    asked: list[Set[int]] = []
    first, done = asyncio.Event(), asyncio.Event()

    async def serve(item: int) -> float | None:
        if item == 1 and not first.is_set():
            first.set()
            return 0.02
        served.append(item)
        if len(served) == 3:
            done.set()
        return None

    def reading(*rows: int):  # type: ignore[no-untyped-def]
        async def read(known: Set[int]) -> Iterable[int]:
            asked.append(known)
            return [row for row in rows if row not in known]

        return read

    lanes: KeyedQueue[int] = KeyedQueue(serve, id_of=int, lane_of=lambda item: "one", at_once=1)
    await lanes.take(reading(1))
    await first.wait()
    await lanes.take(reading(1, 2, 3))
    await done.wait()
    assert (served, asked) == ([2, 3, 1], [frozenset(), frozenset({1})])
    await lanes.close()


async def test_what_waits_behind() -> None:
    """Who serves an item sees what waits for it in its lane alone, and that anything waits at all."""
    seen: list[tuple[int, ...]] = []
    going, done = asyncio.Event(), asyncio.Event()

    async def serve(item: int) -> None:
        await going.wait()
        seen.append(tuple(lanes.behind(item)))
        if item == 12:
            done.set()

    async def read(_known: Set[int]) -> Iterable[int]:
        return [11, 21, 12]

    lanes: KeyedQueue[int] = KeyedQueue(serve, id_of=int, lane_of=lambda item: item // 10, at_once=2)
    crowded = [lanes.crowded]
    await lanes.take(read)
    await asyncio.sleep(0)
    crowded.append(lanes.crowded)
    going.set()
    await done.wait()
    crowded.append(lanes.crowded)
    assert (sorted(seen), crowded) == ([(), (), (12,)], [False, True, False])
    await lanes.close()


async def test_closing_leaves_what_gives_way() -> None:
    """What gives way when the work ends is left to whoever reads the rows next, be it the same queue."""
    served: list[int] = []
    asked = asyncio.Event()

    async def serve(item: int) -> float:
        served.append(item)
        asked.set()
        return 0.0

    async def read(_known: Set[int]) -> Iterable[int]:
        return [1]

    lanes: KeyedQueue[int] = KeyedQueue(serve, id_of=int, lane_of=int, at_once=1)
    await lanes.take(read)
    await asked.wait()
    await lanes.close()
    before = len(served)
    for _ in range(5):
        await asyncio.sleep(0)
    assert (len(served), lanes.known) == (before, 0)
    asked.clear()
    await lanes.take(read)
    await asked.wait()
    await lanes.close()
