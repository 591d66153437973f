"""What `Database.write` and `Database.reading` promise, on both databases."""

import asyncio

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from storage import bindings
from storage.database import Database, Transaction
from storage.tables import bindings as table


async def names(database: Database) -> set[str]:
    async with database.reading() as connection:
        return set((await connection.execute(select(table.c.name))).scalars())


async def test_cancelled_caller(database: Database) -> None:
    """A transaction whose caller is cancelled in its middle still commits as a whole, and the next one is its own."""
    half_way, go_on = asyncio.Event(), asyncio.Event()

    async def work(tx: Transaction) -> None:
        await bindings.put(tx, "main", "notion", "first", "1")
        half_way.set()
        await go_on.wait()
        await bindings.put(tx, "main", "notion", "second", "2")

    caller = asyncio.create_task(database.write(work))
    await half_way.wait()
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert await names(database) == set()
    go_on.set()
    await database.write(lambda tx: bindings.put(tx, "main", "notion", "third", "3"))
    await database.close()
    assert await names(database) == {"first", "second", "third"}


async def test_error_takes_all_back(database: Database) -> None:
    """A transaction that raises leaves nothing behind, and wakes nobody."""

    async def work(tx: Transaction) -> None:
        await bindings.put(tx, "main", "notion", "first", "1")
        tx.wake("bell")
        raise ValueError("changed its mind")

    with pytest.raises(ValueError, match="changed its mind"):
        await database.write(work)
    assert await names(database) == set()
    assert not await database.signals.wait("bell", 0.2)


async def test_commit_wakes(database: Database) -> None:
    """Whoever waits for a signal wakes with the commit that sets it, and then sees what was written."""

    async def listen() -> set[str]:
        assert await database.signals.wait("bell", 5)
        return await names(database)

    async def work(tx: Transaction) -> None:
        tx.wake("bell")
        await bindings.put(tx, "main", "notion", "first", "1")

    listener = asyncio.create_task(listen())
    await database.write(work)
    assert await listener == {"first"}


async def test_readers_keep_their_view(database: Database) -> None:
    """Readers are not held up by a writer, and see nothing of it before its commit."""
    written, go_on = asyncio.Event(), asyncio.Event()

    async def work(tx: Transaction) -> None:
        await bindings.put(tx, "main", "notion", "first", "1")
        written.set()
        await go_on.wait()

    writer = asyncio.create_task(database.write(work))
    await written.wait()
    assert await asyncio.wait_for(names(database), 2) == set()
    go_on.set()
    await writer
    assert await names(database) == {"first"}


async def test_a_snapshot_is_of_one_moment(database: Database) -> None:
    """All statements of a snapshot see the same moment, whatever is committed in between."""
    async with database.snapshot() as connection:
        before = await bindings.get(connection, "main", "notion", "first")
        await database.write(lambda tx: bindings.put(tx, "main", "notion", "first", "1"))
        assert (before, await bindings.get(connection, "main", "notion", "first")) == (None, None)
    async with database.reading() as connection:
        assert await bindings.get(connection, "main", "notion", "first") == "1"


async def test_foreign_keys(database: Database) -> None:
    """A row cannot point at a person who does not exist."""
    row = {"tenant": "main", "job": "heartbeat", "until": 0, "person_id": 4711}
    pause = text("INSERT INTO job_pauses (tenant, job, until, person_id) VALUES (:tenant, :job, :until, :person_id)")
    with pytest.raises(IntegrityError):
        await database.write(lambda tx: tx.run(pause, row))


async def test_numbers_stay_numbers(database: Database) -> None:
    """Text is refused in a column of numbers, whatever the database."""
    row = "INSERT INTO placements (tenant, channel, slot, external_id, updated_at) VALUES ('t', 'c', 's', 'e', 'noon')"
    with pytest.raises(DBAPIError):
        await database.write(lambda tx: tx.run(text(row)))


async def test_sqlite_readers_cannot_write(sqlite: Database) -> None:
    """A connection for reading refuses to write."""
    async with sqlite.reading() as connection:
        with pytest.raises(DBAPIError, match="readonly database"):
            await connection.execute(text("DELETE FROM people"))


async def test_sqlite_is_safe(sqlite: Database) -> None:
    """Every commit is on the disk before it counts (WAL, FULL), keys are enforced, what is deleted is overwritten."""

    async def settings(tx: Transaction) -> dict[str, object]:
        asked = ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        return {name: (await tx.run(text(f"PRAGMA {name}"))).scalar_one() for name in asked}

    full = 2
    expected = {"journal_mode": "wal", "synchronous": full, "foreign_keys": 1, "secure_delete": 1}
    assert await sqlite.write(settings) == expected
