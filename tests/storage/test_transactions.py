"""What `Database.write` and `Database.reading` promise, on both databases."""

import asyncio
import gc

import pytest
from sqlalchemy import Engine, event, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from bot.kernel.translation import Reader, reader, reading_as
from storage.core import bindings
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction
from storage.tables.core import bindings as table
from tests.storage.statements import LONG

ROW = {"tenant": "main", "system": "notion", "name": "first"}


async def names(database: Database) -> set[str]:
    async with database.reading() as connection:
        return set((await connection.execute(select(table.c.name))).scalars())


class HalfWay:
    """A transaction that writes a name, says so, and then takes a while before it writes another."""

    def __init__(self) -> None:
        self.reached = asyncio.Event()
        self._loop = asyncio.get_running_loop()

    async def work(self, tx: Transaction) -> None:
        await bindings.put(tx, "main", "notion", "first", "1")
        self._loop.call_soon_threadsafe(self.reached.set)
        await tx.run(LONG)
        await bindings.put(tx, "main", "notion", "second", "2")


async def test_cancelled_caller(database: Database) -> None:
    """A transaction whose caller is cancelled in its middle still commits as a whole, and the next one is its own."""
    half_way = HalfWay()
    caller = asyncio.create_task(database.write(half_way.work))
    await half_way.reached.wait()
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert await names(database) == set()
    await database.write(lambda tx: bindings.put(tx, "main", "notion", "third", "3"))
    await database.close()
    assert await names(database) == {"first", "second", "third"}
    await database.close()


async def test_afterwards(database: Database) -> None:
    """What is to be called after a commit is called once it is there, and not for a transaction that was given up."""
    called: list[str] = []

    async def work(tx: Transaction, name: str) -> None:
        tx.afterwards(lambda: called.append(name))
        await bindings.put(tx, "main", "notion", name, "1")
        if name == "lost":
            await tx.run(text("SELECT no_such_column"))

    with pytest.raises(DBAPIError):
        await database.write(lambda tx: work(tx, "lost"))
    await database.write(lambda tx: work(tx, "kept"))
    assert called == ["kept"]
    assert await names(database) == {"kept"}


async def test_cancelled_caller_of_what_fails(database: Database) -> None:
    """A transaction that fails when its caller has gone is no fault that the event loop complains of."""
    complaints: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: complaints.append(context))
    half_way = HalfWay()

    async def work(tx: Transaction) -> None:
        await half_way.work(tx)
        await tx.run(text("SELECT no_such_column"))

    caller = asyncio.create_task(database.write(work))
    await half_way.reached.wait()
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    await database.close()
    gc.collect()
    assert complaints == []
    assert await names(database) == set()
    await database.close()


async def test_sqlite_waits_for_nothing_else(sqlite: Database) -> None:
    """A transaction that awaits anything but its own statements is refused, and leaves nothing behind."""

    async def work(tx: Transaction) -> None:
        await bindings.put(tx, "main", "notion", "first", "1")
        await asyncio.sleep(0)

    with pytest.raises(RuntimeError, match="await nothing but its own statements"):
        await sqlite.write(work)
    assert await names(sqlite) == set()


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


@pytest.mark.parametrize("poison", [None, 0, 9])
async def test_sqlite_commits_together(sqlite: Database, poison: int | None) -> None:
    """Transactions that wait take one commit together; one that raises takes none of the others with it."""

    async def keep(tx: Transaction, number: int) -> int:
        await bindings.put(tx, "main", "notion", f"row {number}", "1")
        if number == poison:
            raise ValueError("changed its mind")
        return number

    half_way = HalfWay()
    before = asyncio.create_task(sqlite.write(half_way.work))
    await half_way.reached.wait()
    commits: list[object] = []
    count = commits.append
    event.listen(Engine, "commit", count)
    try:
        writes = [sqlite.write(lambda tx, n=n: keep(tx, n)) for n in range(10)]  # type: ignore[misc]
        results = await asyncio.gather(*writes, return_exceptions=True)
        await before
    finally:
        event.remove(Engine, "commit", count)
    kept = [number for number in range(10) if number != poison]
    assert [result for result in results if isinstance(result, int)] == kept
    assert await names(sqlite) == {"first", "second", *(f"row {number}" for number in kept)}
    assert len(commits) == (2 if poison is None else 1 + len(kept))  # and the one that went before


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
    half_way = HalfWay()
    writer = asyncio.create_task(database.write(half_way.work))
    await half_way.reached.wait()
    assert (await names(database), writer.done()) == (set(), False)
    await writer
    assert await names(database) == {"first", "second"}


async def test_a_snapshot_is_of_one_moment(database: Database) -> None:
    """All statements of a snapshot see the same moment, whatever is committed in between."""
    begun = asyncio.Event()
    loop = asyncio.get_running_loop()

    async def work(connection: Connection) -> tuple[str | None, str | None]:
        before = await bindings.get(connection, "main", "notion", "first")
        loop.call_soon_threadsafe(begun.set)
        await connection.execute(LONG)
        return before, await bindings.get(connection, "main", "notion", "first")

    snapshot = asyncio.create_task(database.snapshot(work))
    await begun.wait()
    await database.write(lambda tx: bindings.put(tx, "main", "notion", "first", "1"))
    assert not snapshot.done()
    assert await snapshot == (None, None)
    assert await names(database) == {"first"}


async def test_foreign_keys(database: Database) -> None:
    """A row cannot point at a person who does not exist."""
    row = {"tenant": "main", "job": "heartbeat", "until": 0, "person_id": 4711}
    pause = text("INSERT INTO job_pauses (tenant, job, until, person_id) VALUES (:tenant, :job, :until, :person_id)")
    with pytest.raises(IntegrityError):
        await database.write(lambda tx: tx.run(pause, row))


async def test_added_by_another_meanwhile(database: Database) -> None:
    """Who looks for a row, and adds it while another does, finds the other's in place of a fault."""

    async def work(tx: Transaction) -> str:
        found = await bindings.get(tx.connection, "main", "notion", "first")
        if found is None:
            await tx.run(table.insert(), {**ROW, "external_id": "mine", "updated_at": tx.now})
        return found or "mine"

    half_way = HalfWay()
    other = asyncio.create_task(database.write(half_way.work))
    await half_way.reached.wait()
    assert await database.write(work) == "1"
    await other


async def test_there_twice(database: Database) -> None:
    """A row that is there already and is added without a look is a fault, not tried for ever."""
    await database.write(lambda tx: bindings.put(tx, "main", "notion", "first", "1"))
    with pytest.raises(IntegrityError):
        await database.write(lambda tx: tx.run(table.insert(), {**ROW, "external_id": "2", "updated_at": tx.now}))


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


async def test_whose_words(database: Database) -> None:
    """A transaction speaks the language of who asked for it, also where several are committed at once."""

    async def language(tx: Transaction) -> str:
        return reader().language

    async def asked(name: str) -> str:
        with reading_as(Reader(name)):
            return await database.write(language)

    names = ["en", "es", "ur"] * 10
    assert await asyncio.gather(*(asked(name) for name in names)) == names
