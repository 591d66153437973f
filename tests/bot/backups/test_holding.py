"""What waits after a backup was put back: held by kind until an admin decided, with what comes meanwhile."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select, update

from bot.access.model import CANARY, TENANT, Person, Role
from bot.backups.holding import Gate, Holding
from bot.backups.model import Kind
from bot.kernel.errors import Stale
from bot.messages.service import TELEGRAM
from bot.messages.topics import Topic
from bot.messages.wishes import Hear, wished
from bot.step_up.model import Kind as StepUpKind
from bot.step_up.model import StepUpNeeded
from storage.backups import restores
from storage.core import outbox
from storage.core.outbox import OutboxRow
from storage.engine.database import Database, Transaction
from storage.people import people
from storage.tables.core import outbox as rows
from storage.tables.people import people as everybody
from storage.tables.watch.backups import restores as restored
from tests.clock import SimulatedClock
from tests.desk import Desk

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


async def test_admins_can_ask_each_other(here: Desk) -> None:
    """Nobody has an authenticator, so another admin has to say yes: their question goes out while all is held, and so
    does their answer.
    """
    services, dan = here.app.services, 7777

    async def work(tx: Transaction) -> Person:
        await tx.run(insert(restored), ROW)
        return await people.enroll(tx, TENANT, dan, "Dan", Role.ADMIN, "en")

    other, carol = await services.database.write(work), await here.person(here.carol)
    with pytest.raises(StepUpNeeded):
        await services.backups.holding.send(carol, 1, Kind.TEAM)
    await services.step_up.ask_others(carol, StepUpKind.RESTORE, {})
    (question,) = [one.slot or "" for one in await going_to(services.database, dan)]
    assert await waiting_for_team(here) == 0  # so nobody can discard it
    await services.step_up.answer(other, int(question.split(":")[1]), yes=True)
    assert [one for one in await going_to(services.database, here.carol.id) if "Dan confirmed it" in str(one.payload)]
    await services.backups.holding.send(carol, 1, Kind.TEAM)


async def going_to(database: Database, chat: int) -> list[OutboxRow]:
    """What goes out to a chat."""
    async with database.reading() as connection:
        due = await outbox.due(connection, TELEGRAM, database.clock.now(), 99)
    return [one for one in due if one.destination == str(chat) and await Gate(database).lets(one)]


async def waiting_for_team(here: Desk) -> int:
    carol = await here.person(here.carol)
    _, waits = await here.app.services.backups.holding.look(carol, 1)
    return sum(one.count for one in waits if one.kind is Kind.TEAM)


async def wants_none(database: Database, of: int) -> None:
    """Somebody wants to hear nothing of faults and outages."""
    heard = wished("", Topic.TROUBLE, Hear.OFF)
    await database.write(lambda tx: tx.run(update(everybody).where(everybody.c.id == of).values(heard=heard)))


async def cards_for(database: Database, chat: int) -> list[str | None]:
    """The keys of the restore's cards that were shown in a chat, oldest first."""
    async with database.reading() as connection:
        query = select(rows.c.key).where(rows.c.slot == f"restore:1:{chat}").order_by(rows.c.id)
        return list((await connection.execute(query)).scalars())


async def test_admins_are_told_whatever_they_wish(database: Database, carol: Person) -> None:
    """Who hears nothing of faults is told of a restore all the same: until they decide nothing goes out."""
    await wants_none(database, carol.id)
    await Holding(database).begin(1)
    assert await cards_for(database, CAROL) == [None]


async def test_admins_are_reminded(database: Database, carol: Person, clock: SimulatedClock) -> None:
    """They are told again each hour, once, and as a new message, until all is decided."""
    await wants_none(database, carol.id)
    holding = Holding(database)
    await holding.begin(1)
    for _ in range(30):  # two hours and a half
        clock.passes(minutes=5)
        assert "not decided" in await holding.remind(TENANT)
    assert await cards_for(database, CAROL) == [None, f"restore:1:1:{carol.id}", f"restore:1:2:{carol.id}"]
    async with database.reading() as connection:
        assert await outbox.place_of(connection, TENANT, TELEGRAM, f"restore:1:{CAROL}") is None
    for kind in Kind:
        await holding.send(carol, 1, kind)
    before = await cards_for(database, CAROL)
    clock.passes(hours=2)
    assert await holding.remind(TENANT) == ""
    assert await cards_for(database, CAROL) == before


async def test_nobody_is_reminded_at_night(database: Database, carol: Person, clock: SimulatedClock) -> None:
    """In quiet hours nobody is reminded; right after them they are."""
    quiet = update(everybody).where(everybody.c.id == carol.id).values(quiet_hours="12:00-15:00")
    await database.write(lambda tx: tx.run(quiet))
    clock.passes(hours=2, minutes=58)
    await Holding(database).remind(TENANT)
    assert await cards_for(database, CAROL) == []
    clock.passes(minutes=2)
    await Holding(database).remind(TENANT)
    assert await cards_for(database, CAROL) == [f"restore:1:3:{carol.id}"]


async def test_test_briefs_are_not_held(database: Database, carol: Person) -> None:
    """What is to be told of the hourly test brief reaches nobody, so it goes out, and nobody is asked about it."""
    await database.write(lambda tx: outbox.add(tx, CANARY, TELEGRAM, "-1", {}, key="canary"))
    async with database.reading() as connection:
        due = await outbox.due(connection, TELEGRAM, NOW, 99)
    assert [one.key for one in due if await Gate(database).lets(one)] == ["canary"]
    _, waits = await Holding(database).look(carol, 1)
    assert sum(one.count for one in waits if one.kind is Kind.CLIENTS) == 1
