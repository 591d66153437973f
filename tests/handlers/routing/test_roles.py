"""Who may change whose role, and what holds when two want it at once, by the verbs."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from bot.access.model import Permission, Person, Role
from bot.kernel.errors import Forbidden, Refusal, Stale
from bot.people.joining import Access
from bot.people.roles import People
from bot.people.rooms import Rooms
from bot.step_up.model import Kind
from storage.core import conversations, events, outbox
from storage.engine.database import Database, Transaction
from storage.people import people
from storage.step_up import rows as step_up
from storage.tables.audit import audit
from tests.storage.conftest import opened

IN = (Role.CLIENT, Role.ANALYST, Role.OPERATOR, Role.ADMIN)
GROUP = -100_500


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A migrated database, on each engine in turn."""
    async with opened(database_url) as made:
        yield made


async def enrolled(database: Database, telegram_id: int, role: Role, *, by_setting: bool = False) -> Person:
    """Somebody of that role, who confirmed that it is them."""

    async def work(tx: Transaction) -> Person:
        name = f"Person {telegram_id}"
        person = await people.enroll(tx, "main", telegram_id, name, Role.CLIENT, "en", by_setting=by_setting)
        await step_up.confirm(tx, "main", person.id, Kind.ROLES, tx.now + timedelta(days=1))
        return await people.set_role(tx, person, role, by_setting=by_setting)

    return await database.write(work)


async def role_of(database: Database, person: Person) -> Role:
    async with database.reading() as connection:
        return (await people.by_id(connection, "main", person.id)).role


async def told(database: Database, person: Person) -> list[str]:
    """What waits to be told to the person."""
    async with database.reading() as connection:
        due = await outbox.due(connection, "telegram", database.clock.now(), 100)
    return [item.payload["text"] for item in due if item.destination == str(person.telegram_id)]


async def test_only_admins_change_anything(database: Database) -> None:
    """Of all roles only an admin can change roles, remove, revoke, bind a room; nobody else changes a thing."""
    verbs, access = People(database, ()), Access(database, ())
    admin, target = await enrolled(database, 1, Role.ADMIN), await enrolled(database, 2, Role.CLIENT)
    await access.invite(admin, Role.CLIENT)
    roles = [Role.STRANGER, Role.REMOVED, Role.CLIENT, Role.ANALYST, Role.OPERATOR]
    others = [await enrolled(database, 10 + number, role) for number, role in enumerate(roles)]
    for who in (*others, admin):
        refused = 0
        for verb in (
            partial(verbs.change_role, who, target.id, Role.CLIENT, Role.OPERATOR),
            partial(verbs.change_role, who, target.id, Role.OPERATOR, Role.REMOVED),
            partial(verbs.revoke, who, 1001),
            partial(Rooms(database).toggle, who, GROUP, "Studio", 7),
            partial(verbs.get, who, target.id),
        ):
            try:
                await verb()
            except Forbidden:
                refused += 1
        assert refused == (0 if who is admin else 5)
        assert await role_of(database, target) is (Role.REMOVED if who is admin else Role.CLIENT)


async def test_from_every_role_to_every_role(database: Database) -> None:
    """From each role to each other one, and back in after a removal; the same once more is refused, as is no role."""
    verbs = People(database, ())
    admin = await enrolled(database, 1, Role.ADMIN)
    person = await enrolled(database, 2, Role.CLIENT)
    now = Role.CLIENT
    steps = [(before, after) for before in (*IN, Role.REMOVED) for after in (*IN, Role.REMOVED) if before is not after]
    for before, after in steps:
        if now is not before:
            await verbs.change_role(admin, person.id, now, before)
        changed = await verbs.change_role(admin, person.id, before, after)
        assert changed.role is await role_of(database, person) is after
        with pytest.raises(Stale):
            await verbs.change_role(admin, person.id, before, after)
        now = after
    with pytest.raises(Refusal, match="Nobody can be made a stranger"):
        await verbs.change_role(admin, person.id, now, Role.STRANGER)
    with pytest.raises(Refusal, match="nobody with the number 999"):
        await verbs.change_role(admin, 999, Role.CLIENT, Role.OPERATOR)
    assert len(steps) == 20


async def test_the_last_admin_stays(database: Database) -> None:
    """The only admin cannot lower or remove themself; beside another one they can."""
    verbs = People(database, ())
    admin = await enrolled(database, 1, Role.ADMIN)
    for role in (Role.CLIENT, Role.ANALYST, Role.OPERATOR, Role.REMOVED):
        with pytest.raises(Refusal, match="the last admin"):
            await verbs.change_role(admin, admin.id, Role.ADMIN, role)
    await enrolled(database, 2, Role.ADMIN)
    assert (await verbs.change_role(admin, admin.id, Role.ADMIN, Role.REMOVED)).role is Role.REMOVED


@pytest.mark.both_databases
async def test_two_admins_lower_each_other(database: Database) -> None:
    """Of two admins who lower or remove each other at the same moment exactly one stays, 20 times of 20."""
    verbs = People(database, ())
    first, second = await enrolled(database, 1, Role.ADMIN), await enrolled(database, 2, Role.ADMIN)
    for number in range(20):
        down = Role.REMOVED if number % 2 else Role.CLIENT
        ended = await asyncio.gather(
            verbs.change_role(first, second.id, Role.ADMIN, down),
            verbs.change_role(second, first.id, Role.ADMIN, down),
            return_exceptions=True,
        )
        assert sorted(type(one).__name__ for one in ended) == ["Forbidden", "Person"]
        left = first if await role_of(database, first) is Role.ADMIN else second
        lowered = second if left is first else first
        await verbs.change_role(left, lowered.id, down, Role.ADMIN)


async def test_each_change_is_told_and_recorded(database: Database) -> None:
    """The person and the other admins hear of a change, who did it does not; event and audit have it."""
    verbs = People(database, ())
    carol, other = await enrolled(database, 1, Role.ADMIN), await enrolled(database, 2, Role.ADMIN)
    bob = await enrolled(database, 3, Role.OPERATOR)
    await verbs.change_role(carol, bob.id, Role.OPERATOR, Role.CLIENT)
    assert "You are a client now" in (await told(database, bob))[0]
    assert "Person 3 is a client now" in (await told(database, other))[0]
    assert await told(database, carol) == []
    async with database.reading() as connection:
        event = await events.last_event(connection, "main", f"person:{bob.id}")
        done = await connection.execute(select(audit.c.action, audit.c.subject, audit.c.person_id))
        assert [tuple(row) for row in done] == [("person.role_changed", f"person:{bob.id}:client", carol.id)]
    assert event is not None
    assert (event.name, event.data["before"]) == ("role_changed", "operator")


async def test_what_a_lowered_admin_leaves(database: Database) -> None:
    """With the role go their open invitations and the questions that wait for them."""
    verbs, access = People(database, ()), Access(database, ())
    carol, dan = await enrolled(database, 1, Role.ADMIN), await enrolled(database, 2, Role.ADMIN)
    code = await access.invite(dan, Role.ADMIN)
    await database.write(lambda tx: conversations.ask(tx, dan, 2, "review.reject", {}))
    await verbs.change_role(carol, dan.id, Role.ADMIN, Role.OPERATOR)
    with pytest.raises(Refusal, match="no longer works"):
        await access.redeem(await enrolled(database, 3, Role.CLIENT), code, "en")
    async with database.reading() as connection:
        assert await conversations.current(connection, dan, 2) is None


@pytest.mark.both_databases
async def test_roles_are_read_in_the_transaction(database: Database) -> None:
    """Who was an admin when they tapped and is none by now changes nothing."""
    verbs = People(database, ())
    carol, dan = await enrolled(database, 1, Role.ADMIN), await enrolled(database, 2, Role.ADMIN)
    bob = await enrolled(database, 3, Role.OPERATOR)
    await verbs.change_role(carol, dan.id, Role.ADMIN, Role.CLIENT)
    assert dan.role is Role.ADMIN  # as it was read before
    with pytest.raises(Forbidden, match="no longer an admin"):
        await verbs.change_role(dan, bob.id, Role.OPERATOR, Role.ADMIN)
    assert await role_of(database, bob) is Role.OPERATOR


# What an invitation or an admin gave, whether the id was in ADMIN_TELEGRAM_IDS before and is now, what they are then.
SETTLED = (
    (None, True, False, Role.CLIENT),
    (Role.CLIENT, True, False, Role.CLIENT),
    (Role.ANALYST, True, False, Role.ANALYST),
    (Role.OPERATOR, True, False, Role.OPERATOR),
    (Role.REMOVED, True, False, Role.REMOVED),
    (Role.ADMIN, True, False, Role.ADMIN),
    (Role.ADMIN, False, False, Role.ADMIN),
    (Role.OPERATOR, False, False, Role.OPERATOR),
    (Role.OPERATOR, False, True, Role.ADMIN),
    (Role.REMOVED, False, True, Role.ADMIN),
    (None, True, True, Role.ADMIN),
)


async def test_the_setting_at_a_start(database: Database) -> None:
    """Who is in ADMIN_TELEGRAM_IDS is an admin, who left it what they were given otherwise; told, and once."""
    carol = await enrolled(database, 1, Role.ADMIN)
    ids = range(100, 100 + len(SETTLED))
    before = Access(database, [number for number, case in zip(ids, SETTLED, strict=True) if case[1]])
    for number, (given, was_in, *_) in zip(ids, SETTLED, strict=True):
        if given is not None:
            await enrolled(database, number, given)
        if was_in:
            assert (await before.identify(number, "Dan", "en")).role is Role.ADMIN
    old = await roles(database)
    verbs = People(database, [number for number, case in zip(ids, SETTLED, strict=True) if case[2]])
    changed = await verbs.settle("main")
    now = await roles(database)
    assert [now[number] for number in ids] == [case[3] for case in SETTLED]
    assert {one.telegram_id for one in changed} == {number for number in ids if old[number] is not now[number]}
    assert await verbs.settle("main") == []
    news = [text for text in await told(database, carol) if "By the setting ADMIN_TELEGRAM_IDS; before" in text]
    assert len(news) == len(changed) == 7
    assert now[1] is Role.ADMIN


async def roles(database: Database) -> dict[int, Role]:
    """Everybody's role, by Telegram id."""
    async with database.reading() as connection:
        return {one.telegram_id: one.role for one in await people.with_roles(connection, "main", *Role)}


async def test_a_setting_that_would_leave_nobody(database: Database) -> None:
    """Where nobody was made an admin otherwise and the setting is empty, whoever it named stays one."""
    carol = await Access(database, (1,)).identify(1, "Carol", "en")
    assert await People(database, ()).settle("main") == []
    assert await role_of(database, carol) is Role.ADMIN
    assert [one.role for one in await People(database, (7,)).settle("main")] == [Role.CLIENT]


async def test_an_admin_by_the_setting_is_not_lowered_by_chat(database: Database) -> None:
    """What the setting says holds until it is changed, and the refusal says so."""
    access, verbs = Access(database, (1,)), People(database, (1,))
    carol, dan = await access.identify(1, "Carol", "en"), await enrolled(database, 2, Role.ADMIN)
    with pytest.raises(Refusal, match="ADMIN_TELEGRAM_IDS"):
        await verbs.change_role(dan, carol.id, Role.ADMIN, Role.REMOVED)


@pytest.mark.both_databases
async def test_an_invitation_is_used_once(database: Database) -> None:
    """Ten who open one link at the same moment: one is in."""
    access = Access(database, ())
    code = await access.invite(await enrolled(database, 1, Role.ADMIN), Role.OPERATOR)
    strangers = [await access.identify(100 + number, f"Stranger {number}", "en") for number in range(10)]
    ended = await asyncio.gather(*(access.redeem(one, code, "en") for one in strangers), return_exceptions=True)
    assert sorted(type(one).__name__ for one in ended) == ["Person", *["Refusal"] * 9]


async def test_invitations_of_the_removed(database: Database) -> None:
    """Who was removed gets in by no invitation that was there then, and by one that is made later."""
    access, verbs = Access(database, ()), People(database, ())
    admin, bob = await enrolled(database, 1, Role.ADMIN), await enrolled(database, 2, Role.OPERATOR)
    old = await access.invite(admin, Role.ADMIN)
    gone = await verbs.change_role(admin, bob.id, Role.OPERATOR, Role.REMOVED)
    with pytest.raises(Forbidden, match="has ended"):
        await access.redeem(gone, old, "en")
    assert await role_of(database, bob) is Role.REMOVED
    new = await access.invite(admin, Role.CLIENT)
    assert (await access.redeem(gone, new, "en")).role is Role.CLIENT


async def test_a_revoked_invitation(database: Database) -> None:
    """Once revoked it lets nobody in, cannot be revoked again, and the other admins know; others stay open."""
    access, verbs = Access(database, ()), People(database, ())
    carol, dan = await enrolled(database, 1, Role.ADMIN), await enrolled(database, 2, Role.ADMIN)
    code, other = await access.invite(dan, Role.ADMIN), await access.invite(dan, Role.CLIENT)
    invite = await verbs.revoke(carol, 1001)
    assert (invite.role, invite.by) == (Role.ADMIN, dan.name)
    with pytest.raises(Stale):
        await verbs.revoke(carol, 1001)
    eve = await access.identify(5, "Eve", "en")
    with pytest.raises(Refusal, match="no longer works"):
        await access.redeem(eve, code, "en")
    assert "Revoked" in (await told(database, dan))[0]
    assert (await access.redeem(eve, other, "en")).role is Role.CLIENT


async def test_a_team_room(database: Database) -> None:
    """/here binds and ends; the same message twice has one effect; a move follows, and leaving ends it for good."""
    rooms = Rooms(database)
    admin = await enrolled(database, 1, Role.ADMIN)
    assert [await rooms.toggle(admin, GROUP, "Studio", 7) for _ in range(2)] == [True, True]
    assert [await rooms.toggle(admin, GROUP, "Studio", 8) for _ in range(2)] == [False, False]
    assert not await rooms.is_one("main", GROUP)
    await rooms.toggle(admin, GROUP, "Studio", 9)
    for _ in range(2):
        await rooms.moved(GROUP, GROUP - 1)
    assert [room.chat_id for room in await rooms.all_of(admin)] == [GROUP - 1]
    assert not await rooms.is_one("main", GROUP)
    await rooms.left(GROUP, "Person 1")  # the old group was deleted later: that is no leaving
    assert await rooms.is_one("main", GROUP - 1)
    await rooms.left(GROUP - 1, "Person 1")
    assert await rooms.all_of(admin) == []


def test_nobody_outside_may_anything() -> None:
    """Strangers and those who were removed have no permission at all."""
    outside = [Person(1, "main", 1, "P", role) for role in (Role.STRANGER, Role.REMOVED)]
    assert not any(person.may(permission) for person in outside for permission in Permission)
