"""Group commit: callers that come while a transaction is under way share the next one."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from storage.engine.database import Database, Transaction

Item = TypeVar("Item")
LARGEST = 500


class GroupCommit(Generic[Item]):
    """`await add(item)` returns once a commit that includes the item has happened.

    `write` stores many items in the one transaction that it is given; where it fails, each of its callers sees why.
    gather_seconds: how long the first waits for others to come, where nobody waits for the commit to happen.
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

    async def add(self, item: Item) -> None:
        done = asyncio.get_running_loop().create_future()
        self._waiting.append((item, done))
        if self._flusher is None or self._flusher.done():
            self._flusher = asyncio.create_task(self._flush())
        await done

    async def _flush(self) -> None:
        while self._waiting:
            await asyncio.sleep(self._gather_seconds)
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
