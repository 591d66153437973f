"""Rows are read while others are being served: what a read shows may be over by the time it is used."""

import asyncio
from collections.abc import Set

from bot.kernel.keyed_queue import KeyedQueue


async def test_served_while_read() -> None:
    """A row that was served while the waiting rows were read is not served a second time."""
    served: list[int] = []
    may_end, ended = asyncio.Event(), asyncio.Event()

    async def serve(item: int) -> None:
        await may_end.wait()
        served.append(item)
        ended.set()

    async def at_once(known: Set[int]) -> set[int]:
        return {7} - known

    async def slowly(known: Set[int]) -> set[int]:
        may_end.set()
        await ended.wait()
        await asyncio.sleep(0)
        return {7} - known

    lanes: KeyedQueue[int] = KeyedQueue(serve, id_of=int, lane_of=int, at_once=1)
    await lanes.take(at_once)
    await lanes.take(slowly)
    assert (served, lanes.known) == ([7], 0)
    await lanes.close()
