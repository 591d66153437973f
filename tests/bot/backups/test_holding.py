"""What waits after a backup was put back: held by kind until an admin decided, with what comes meanwhile."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select

from bot.access.model import TENANT, Person, Role
from bot.backups.holding import Gate, Holding
from bot.backups.model import Kind
from bot.kernel.errors import Stale
from bot.messages.service import TELEGRAM
from storage.backups import restores
from storage.core import outbox
from storage.core.outbox import OutboxRow
from storage.engine.database import Database, Transaction
from storage.people import people
from storage.tables.core import outbox as rows
from storage.tables.watch.backups import restores as restored
from tests.clock import SimulatedClock

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
ALICE, CAROL = 1001, 1003
ROW = {"id": 1, "tenant": TENANT, "backup": "x", "backup_at": NOW, "restored_at": NOW, "held": sorted(Kind)}
WHERE = {
    Kind.CLIENTS: (TELEGRAM, str(ALICE)),
    Kind.TEAM: (TELEGRAM, str(CAROL)),
    Kind.MAIL: ("mail", "alice@echopilot.test"),
    Kind.MIRROR: ("notion", "Job Log"),
    Kind.OTHER: ("push", "phone"),
}


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(NOW)


@pytest.fixture
async def database(sqlite_url: str, clock: SimulatedClock) -> AsyncIterator[Database]:
    made = Database(sqlite_url, clock)
    yield made
    await made.close()


@pytest.fixture
async def carol(database: Database) -> Person:
    """A backup was put back; Carol decides, and something waits for everybody."""

    async def work(tx: Transaction) -> Person:
        await people.enroll(tx, TENANT, ALICE, "Alice", Role.CLIENT, "en")
        carol = await people.enroll(tx, TENANT, CAROL, "Carol", Role.ADMIN, "en")
        await tx.run(insert(restored), ROW)
        for kind in Kind:
            await promise(tx, kind, f"{kind}")
        return carol

    return await database.write(work)


async def promise(tx: Transaction, kind: Kind, key: str, after: timedelta | None = None) -> None:
    channel, destination = WHERE[kind]
    await outbox.add(tx, TENANT, channel, destination, {}, key=key, after=after)


async def items(database: Database) -> dict[str, OutboxRow]:
    """What waits, by its key."""
    found: dict[str, OutboxRow] = {}
    async with database.reading() as connection:
        for channel in {channel for channel, _ in WHERE.values()}:
            waiting = await outbox.due(connection, channel, NOW + timedelta(days=9), 99)
            found |= {one.key or one.slot or "": one for one in waiting}
    return found


async def goes(database: Database) -> set[str]:
    """What goes out by now, by its key, as a process that has just begun sees it."""
    gate = Gate(database)
    return {key for key, one in (await items(database)).items() if await gate.lets(one)}


async def test_held(database: Database, carol: Person) -> None:
    """Nothing goes out but the word to the admins, who are shown how much waits of each kind."""
    await Holding(database).begin(1)
    assert [key for key in await goes(database) if not key.startswith("restore:")] == []
    restore, waits = await Holding(database).look(carol, 1)
    assert restore.held == set(Kind)
    assert {one.kind: one.count for one in waits} == dict.fromkeys(Kind, 1)


@pytest.mark.parametrize("kind", Kind)
async def test_each_kind_is_sent_alone(database: Database, carol: Person, kind: Kind) -> None:
    """What waits of one kind goes out, and what comes of it later; of the others nothing does, also after a restart."""
    await Holding(database).send(carol, 1, kind)
    assert {key for key in await goes(database) if not key.startswith("restore:")} == {str(kind)}
    await database.write(lambda tx: promise(tx, kind, "later"))
    assert {str(kind), "later"} <= await goes(database)
    with pytest.raises(Stale):
        await Holding(database).send(carol, 1, kind)


@pytest.mark.parametrize("kind", Kind)
async def test_each_kind_is_dropped_alone(database: Database, carol: Person, kind: Kind) -> None:
    """What a person saw of one kind is dropped; what came after they looked goes out, and all else waits on."""
    _, waits = await Holding(database).look(carol, 1)
    seen = next(one for one in waits if one.kind is kind)
    await database.write(lambda tx: promise(tx, kind, "meanwhile"))
    assert await Holding(database).drop(carol, 1, kind, seen.last) == 1
    left = await items(database)
    assert str(kind) not in left
    assert {str(other) for other in Kind if other is not kind} <= left.keys()
    assert "meanwhile" in await goes(database)


async def test_what_is_put_off_stays_so(database: Database, carol: Person, clock: SimulatedClock) -> None:
    """What was held goes out at once, and what is due later for a reason of its own is not sent before its time."""
    await database.write(lambda tx: promise(tx, Kind.CLIENTS, "undo", timedelta(hours=1)))
    clock.passes(seconds=30)
    await Holding(database).send(carol, 1, Kind.CLIENTS)
    async with database.reading() as connection:
        query = select(rows.c.key, rows.c.run_at).where(rows.c.key.in_([Kind.CLIENTS, "undo"]))
        due = {key: at for key, at in await connection.execute(query)}
    assert due == {"clients": clock.now(), "undo": NOW + timedelta(hours=1)}


async def test_the_rest(database: Database, carol: Person) -> None:
    """What nothing waits of goes out from then on; what something waits of is still asked about."""
    _, waits = await Holding(database).look(carol, 1)
    mail = next(one for one in waits if one.kind is Kind.MAIL)
    await Holding(database).drop(carol, 1, Kind.MAIL, mail.last)
    await Holding(database).send(carol, 1, Kind.OTHER)
    async with database.reading() as connection:
        restore = await restores.newest(connection, TENANT)
    assert restore is not None
    assert restore.held == {Kind.CLIENTS, Kind.TEAM, Kind.MIRROR}
    with pytest.raises(Stale):
        await Holding(database).rest(carol, 1)
