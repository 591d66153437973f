"""Group commit: callers that come while a transaction is under way share the next one."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Generic, TypeVar

from storage.engine.database import Database, Transaction

Item = TypeVar("Item")
LARGEST = 500


class GroupCommit(Generic[Item]):
    """`await add(item)` returns once a commit that includes the item has happened.

    `write` stores many items in the one transaction that it is given; where it fails, each of its callers sees why.
    gather_seconds: how long the first waits for others to come, while nobody waits for the commit to happen.
    urgent: it is written before whatever else waits to be.
    """

    def __init__(
        self,
        database: Database,
        write: Callable[[Transaction, Sequence[Item]], Awaitable[None]],
        gather_seconds: float = 0.0,
        *,
        urgent: bool = False,
    ) -> None:
        self._database = database
        self._write = write
        self._gather_seconds = gather_seconds
        self._urgent = urgent
        self._waiting: list[tuple[Item, asyncio.Future[None]]] = []
        self._flusher: asyncio.Task[None] | None = None
        self._hurried = asyncio.Event()

    async def add(self, item: Item, *, hurry: bool = False) -> None:
        """Have it written, and wait until it is. hurry: something waits for that, see `hurry`."""
        done = asyncio.get_running_loop().create_future()
        self._waiting.append((item, done))
        if self._flusher is None or self._flusher.done():
            self._flusher = asyncio.create_task(self._flush())
        if hurry:
            self.hurry()
        await done

    def hurry(self) -> None:
        """Write at once what was gathered, since something waits for it by now."""
        if self._waiting:
            self._hurried.set()

    async def _gather(self) -> None:
        if not self._gather_seconds:
            await asyncio.sleep(0)
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(self._gather_seconds):
                await self._hurried.wait()
        self._hurried.clear()

    async def _flush(self) -> None:
        while self._waiting:
            await self._gather()
            batch, self._waiting = self._waiting[:LARGEST], self._waiting[LARGEST:]
            items = [item for item, _ in batch]
            try:
                await self._database.write(
                    lambda tx, items=items: self._write(tx, items),  # type: ignore[misc]
                    urgent=self._urgent,
                )
            except Exception as error:  # noqa: BLE001 - handed to every caller, none is swallowed
                self._settle(batch, error)
            else:
                self._settle(batch, None)

    def _settle(self, batch: list[tuple[Item, asyncio.Future[None]]], error: Exception | None) -> None:
        for _, done in batch:
            if done.cancelled():
                continue
            if error is None:
                done.set_result(None)
            else:
                done.set_exception(error)
