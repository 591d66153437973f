"""What waits to be told to the outside."""

from dataclasses import replace
from typing import Any

from sqlalchemy import select

from storage.core import outbox
from storage.core.outbox import Delivery, OutboxRow
from storage.engine.database import Database
from storage.tables.core import outbox as rows


async def add(database: Database, payload: str, **options: Any) -> None:
    await database.write(lambda tx: outbox.add(tx, "main", "telegram", "1", payload, **options))


async def due(database: Database) -> list[OutboxRow]:
    async with database.reading() as connection:
        return await outbox.due(connection, "telegram", database.clock.now(), 10)


async def settle(database: Database, *reports: Delivery) -> None:
    await database.write(lambda tx: outbox.settle(tx, reports))


async def test_slot(database: Database) -> None:
    """The newest version of a slot takes the place of the one that still waits; other slots are not touched."""
    await add(database, "50 %", slot="brief:1")
    await add(database, "other", slot="brief:2")
    await add(database, "70 %", slot="brief:1")
    assert [item.payload for item in await due(database)] == ["other", "70 %"]


async def test_key(database: Database) -> None:
    """What has a key is told once, however often it is asked for, even after it was sent."""
    await add(database, "invoice", key="invoice:1")
    await add(database, "invoice", key="invoice:1")
    [item] = await due(database)
    await settle(database, Delivery(item))
    await add(database, "invoice", key="invoice:1")
    assert await due(database) == []


async def test_replaced_on_its_way(database: Database) -> None:
    """A version that is replaced while its sending fails is not sent later; one that did arrive counts as sent."""
    await add(database, "50 %", slot="brief:1")
    [item] = await due(database)
    await add(database, "70 %", slot="brief:1")
    await settle(database, Delivery(item, "waiting", error="429", run_at=database.clock.now()))
    assert [left.payload for left in await due(database)] == ["70 %"]
    await settle(database, Delivery(item, external_id="77"))
    async with database.reading() as connection:
        assert (await outbox.look(connection, item))[1] == "77"
        assert await outbox.counts(connection, "main") == {("telegram", "waiting"): 1}


async def test_shown_elsewhere_on_its_way(database: Database) -> None:
    """What was sent shows the slot unless something else came to show it in the meantime."""
    for before, now, shown in ((None, "1", "1"), ("1", "2", "2"), (None, "3", "2"), ("1", "4", "2")):
        await add(database, "card", slot="brief:1")
        [item] = await due(database)
        await settle(database, Delivery(item, external_id=now, instead_of=before))
        async with database.reading() as connection:
            assert (await outbox.look(connection, item))[1] == shown


async def test_shown_anew(database: Database) -> None:
    """A slot that is to be shown anew is shown by nothing until something is that left after that was decided."""
    await database.write(lambda tx: outbox.show_anew(tx, "main", "telegram", "brief:1"))
    await add(database, "card", slot="brief:1")
    [under_way] = await due(database)
    async with database.reading() as connection:
        _, placed = await outbox.look(connection, under_way)
    await database.write(lambda tx: outbox.show_anew(tx, "main", "telegram", "brief:1"))
    await settle(database, Delivery(under_way, external_id="1", instead_of=placed))
    async with database.reading() as connection:
        assert await outbox.place_of(connection, "main", "telegram", "brief:1") is None
        _, placed = await outbox.look(connection, under_way)
    await add(database, "again", slot="brief:1")
    [again] = await due(database)
    await settle(database, Delivery(again, external_id="2", instead_of=placed))
    async with database.reading() as connection:
        assert await outbox.place_of(connection, "main", "telegram", "brief:1") == "2"


async def test_held_back_after_a_failure(database: Database) -> None:
    """What failed, and then waits for something else without being tried, still says what it failed for."""
    await add(database, "first")
    [item] = await due(database)
    now = database.clock.now()
    await settle(database, Delivery(item, "waiting", error="429", run_at=now))
    await settle(database, Delivery(item, "waiting", run_at=now, heard=True))
    async with database.reading() as connection:
        [row] = (await connection.execute(select(rows.c.error, rows.c.attempts))).all()
    assert tuple(row) == ("429", 1)


async def test_order_and_retry(database: Database) -> None:
    """Rows come oldest first; one that is to be told later is left out until then, and counts its attempts.

    One that was not tried, since its channel is switched off for it, counts none.
    """
    for payload in ("first", "second", "third"):
        await add(database, payload)
    first, second, third = await due(database)
    later = database.clock.now().replace(year=database.clock.now().year + 1)
    await settle(database, Delivery(first, "waiting", error="429", run_at=later), Delivery(second, "undeliverable"))
    assert await due(database) == [third]
    tried = replace(first, attempts=1)
    await settle(database, Delivery(tried, "waiting", run_at=database.clock.now()))
    assert await due(database) == [replace(first, attempts=1), third]


async def test_payload(database: Database) -> None:
    """A payload comes back as it went in, whatever it holds."""
    payload = {"text": "“naïve” \U0001f600 \\ ' % :name", "rows": [[1, None, True, 2**53]], "empty": {}}
    await database.write(lambda tx: outbox.add(tx, "main", "telegram", "1", payload))
    assert [item.payload for item in await due(database)] == [payload]
