"""Group commit: many callers, few commits, and each caller knows how its own went."""

import asyncio
from collections.abc import Sequence

import pytest

from storage.core import bindings
from storage.engine.database import Database, Transaction
from storage.engine.group_commit import GroupCommit
from tests.storage.statements import LONG


async def test_callers_share_a_commit(database: Database) -> None:
    """Callers that come while a commit is under way share the next one, and each returns after its own is done."""
    sizes: list[int] = []

    async def write(tx: Transaction, items: Sequence[str]) -> None:
        sizes.append(len(items))
        for item in items:
            await bindings.put(tx, "main", "notion", item, item)

    batches = GroupCommit(database, write)

    async def add(item: str) -> str | None:
        await batches.add(item)
        async with database.reading() as connection:
            return await bindings.get(connection, "main", "notion", item)

    expected = [f"row {number}" for number in range(100)]
    assert await asyncio.gather(*(add(item) for item in expected)) == expected
    assert sum(sizes) == 100
    assert len(sizes) <= 3


async def test_failed_batch(database: Database) -> None:
    """Where a batch fails each of its callers sees the error and nothing is kept; the next batch is not harmed."""

    async def write(tx: Transaction, items: Sequence[str]) -> None:
        for item in items:
            await bindings.put(tx, "main", "notion", item, item)
        if "poison" in items:
            raise ValueError("one of them cannot be written")

    batches = GroupCommit(database, write)
    results = await asyncio.gather(*map(batches.add, ("one", "poison", "two")), return_exceptions=True)
    assert [str(result) for result in results] == ["one of them cannot be written"] * 3
    await batches.add("three")
    async with database.reading() as connection:
        assert await bindings.get(connection, "main", "notion", "one") is None
        assert await bindings.get(connection, "main", "notion", "three") == "three"


async def test_cancelled_caller(database: Database) -> None:
    """A caller that is cancelled while it waits does not take the others' rows with it."""
    writing = asyncio.Event()
    loop = asyncio.get_running_loop()

    async def write(tx: Transaction, items: Sequence[str]) -> None:
        loop.call_soon_threadsafe(writing.set)
        await tx.run(LONG)
        for item in items:
            await bindings.put(tx, "main", "notion", item, item)

    batches = GroupCommit(database, write)
    callers = [asyncio.create_task(batches.add(item)) for item in ("one", "two", "three")]
    await writing.wait()
    callers[1].cancel()
    await asyncio.gather(callers[0], callers[2])
    with pytest.raises(asyncio.CancelledError):
        await callers[1]
    async with database.reading() as connection:
        assert await bindings.get(connection, "main", "notion", "three") == "three"


async def test_hurry(database: Database) -> None:
    """What waits for company is written at once when somebody waits for it, with what came meanwhile; then it is waited
    for company again.
    """
    sizes: list[int] = []

    async def write(tx: Transaction, items: Sequence[str]) -> None:
        sizes.append(len(items))
        for item in items:
            await bindings.put(tx, "main", "notion", item, item)

    batches = GroupCommit(database, write, gather_seconds=20)
    batches.hurry()  # nobody waits yet, so this is for nobody
    async with asyncio.timeout(10):
        waiting = [asyncio.create_task(batches.add(item)) for item in ("one", "two")]
        await asyncio.sleep(0)
        await batches.add("three", hurry=True)
        await asyncio.gather(*waiting)
        late = asyncio.create_task(batches.add("four"))
        await asyncio.sleep(0)
        assert sizes == [3]
        batches.hurry()
        await late
    assert sizes == [3, 1]
