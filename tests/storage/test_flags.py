"""Switching parts off and on, at the verb."""

import asyncio

import pytest
from sqlalchemy import func, select

from bot.access.model import Person, Role
from bot.flags.model import Change, Flag, Mode, Switch, SwitchedOff
from bot.flags.service import Flags
from bot.kernel.errors import Forbidden, Refusal, Stale
from storage.engine.database import Database, Transaction
from storage.flags import flags as rows
from storage.people import people
from storage.tables.audit import audit
from storage.tables.core import events, outbox

OFF, ON = Change(Mode.OFF), Change(Mode.ON)


async def person(database: Database, number: int, name: str, role: Role, tenant: str = "main") -> Person:
    return await database.write(lambda tx: people.enroll(tx, tenant, number, name, role, "en"))


@pytest.fixture
async def carol(database: Database) -> Person:
    return await person(database, 1003, "Carol", Role.ADMIN)


@pytest.fixture
def carried() -> list[str]:
    """What was carried on."""
    return []


@pytest.fixture
async def flags(database: Database, carried: list[str]) -> Flags:
    async def carry_on(tx: Transaction) -> None:
        carried.append("models")

    return Flags(database, {Flag.MODEL_CALLS: carry_on})


async def told(database: Database, telegram_id: int) -> list[str]:
    async with database.reading() as connection:
        query = select(outbox.c.payload).where(outbox.c.destination == str(telegram_id)).order_by(outbox.c.id)
        return [payload["text"] for payload in (await connection.execute(query)).scalars()]


async def test_on_unless_a_row_says_otherwise(database: Database, flags: Flags, carol: Person) -> None:
    """Every part is on for everybody where nobody ever switched anything."""
    for flag in Flag:
        assert await flags.lets(flag, "main", 1)
    assert set((await flags.all_of(carol)).values()) == {Switch(flag) for flag in Flag}


async def test_off_at_once(database: Database, flags: Flags, carol: Person) -> None:
    """What is switched off is off for who asks next, though it was read a moment before; and on again likewise."""
    assert await flags.lets(Flag.MAIL, "main")
    await flags.switch(carol, Flag.MAIL, OFF, "The server is moved")
    assert not await flags.lets(Flag.MAIL, "main")
    assert await flags.lets(Flag.MIRROR, "main")
    await flags.switch(carol, Flag.MAIL, ON, "It was moved")
    assert await flags.lets(Flag.MAIL, "main")


async def test_what_is_written_down(database: Database, flags: Flags, carol: Person) -> None:
    """A change leaves an event and an audit row with the reason, and the other admins hear of it, not who did it."""
    await person(database, 1009, "Grace", Role.ADMIN)
    await person(database, 1001, "Alice", Role.CLIENT)
    await flags.switch(carol, Flag.PAYMENTS, OFF, "Stripe   answers\nwith errors")
    async with database.reading() as connection:
        event = (await connection.execute(select(events).where(events.c.subject == "flag:payments"))).one()
        entry = (await connection.execute(select(audit).where(audit.c.action == "flag.switched"))).one()
    assert (event.name, event.person_id) == ("switched", carol.id)
    assert event.data == {"before": "on", "after": "off", "reason": "Stripe answers with errors"}
    assert (entry.subject, entry.outcome, entry.person_id) == ("flag:payments:off", "done", carol.id)
    (news,) = await told(database, 1009)
    assert "payments · off" in news
    assert "Carol" in news
    assert "Stripe answers with errors" in news
    assert await told(database, carol.telegram_id) == await told(database, 1001) == []


async def test_who_was_refused_hears_of_it(database: Database, flags: Flags, carol: Person) -> None:
    """The refusal says who and since when, but not the team's reason; who met it is told once when it is on again."""
    alice = await person(database, 1001, "Alice", Role.CLIENT)
    await flags.switch(carol, Flag.INTAKE, OFF, "Too much of a secret")
    for _ in range(2):
        with pytest.raises(SwitchedOff, match=r"Carol switched that off on .* UTC") as refused:
            await flags.check(Flag.INTAKE, alice, "New briefs are not taken just now", "Come again.")
        assert "secret" not in str(refused.value)
    await flags.switch(carol, Flag.INTAKE, ON, "There is room")
    await flags.switch(carol, Flag.INTAKE, OFF, "No room")
    await flags.switch(carol, Flag.INTAKE, ON, "There is room")
    assert await told(database, 1001) == ["We take new briefs again. Send yours whenever you like."]


async def test_a_part_of_all(database: Database, flags: Flags, carol: Person) -> None:
    """A share is about that of all subjects, the same ones each time, and a greater one keeps who is in it."""
    shares = {}
    for percent in (10, 40):
        await flags.switch(carol, Flag.INTAKE, Change(Mode.PERCENT, percent=percent), "trying")
        shares[percent] = {n for n in range(2_000) if await flags.lets(Flag.INTAKE, "main", n)}
    assert shares[10] < shares[40]
    assert 140 < len(shares[10]) < 260
    assert 700 < len(shares[40]) < 900
    assert not await flags.lets(Flag.INTAKE, "main")


async def test_tenants_and_canaries(flags: Flags, carol: Person) -> None:
    """On for the tenants, or the subjects, that are named, and for nobody else."""
    await flags.switch(carol, Flag.MAIL, Change(Mode.TENANTS, names=("acme",)), "they asked for it")
    assert (await flags.lets(Flag.MAIL, "acme", 1), await flags.lets(Flag.MAIL, "main", 1)) == (True, False)
    await flags.switch(carol, Flag.MAIL, Change(Mode.CANARY, names=("7",)), "seven tries it")
    assert (await flags.lets(Flag.MAIL, "main", 7), await flags.lets(Flag.MAIL, "main", 8)) == (True, False)


@pytest.mark.parametrize(
    ("change", "reason", "words"),
    [
        (OFF, "", "Say why"), (OFF, " - ", "Say why"), (OFF, "x" * 301, "at most 300"),
        (Change(Mode.PERCENT, percent=0), "why", "from 1 to 99"),
        (Change(Mode.PERCENT, percent=100), "why", "from 1 to 99"),
        (Change(Mode.CANARY), "why", "Name them"), (Change(Mode.TENANTS, names=("x" * 101,)), "why", "At most"),
    ],
)  # fmt: skip
async def test_what_makes_no_sense(flags: Flags, carol: Person, change: Change, reason: str, words: str) -> None:
    """A change without a reason, or for nobody that can be meant, is refused and changes nothing."""
    with pytest.raises(Refusal, match=words):
        await flags.switch(carol, Flag.MAIL, change, reason)
    assert (await flags.all_of(carol))[Flag.MAIL].version == 0


async def test_who_may(database: Database, flags: Flags) -> None:
    """Only admins of the installation switch anything, or look at the switches."""
    for number, role, tenant in (
        (1001, Role.CLIENT, "main"),
        (1002, Role.OPERATOR, "main"),
        (1006, Role.ADMIN, "acme"),
    ):
        somebody = await person(database, number, "Somebody", role, tenant)
        with pytest.raises(Forbidden):
            await flags.switch(somebody, Flag.MAIL, OFF, "why")
        with pytest.raises(Forbidden):
            await flags.all_of(somebody)


async def test_one_wins(database: Database, flags: Flags, carol: Person) -> None:
    """Of changes made from the same card at once one counts, and the others are told who was first."""
    grace = await person(database, 1009, "Grace", Role.ADMIN)
    tries = [flags.switch(who, Flag.MAIL, OFF, "why", 0) for who in (carol, grace, carol, grace)]
    done = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(one, Switch) for one in done) == 1
    assert all("switched it off" in str(one) or "just now" in str(one) for one in done if isinstance(one, Stale))
    async with database.reading() as connection:
        assert (await connection.execute(select(func.count()).select_from(audit))).scalar_one() == 1


async def test_work_goes_on(flags: Flags, carol: Person, carried: list[str]) -> None:
    """What waited is carried on when the part is on again, for all or for some; not when it is switched off."""
    await flags.switch(carol, Flag.MODEL_CALLS, OFF, "why")
    await flags.switch(carol, Flag.MAIL, ON, "why")
    assert carried == []
    await flags.switch(carol, Flag.MODEL_CALLS, Change(Mode.PERCENT, percent=5), "why")
    await flags.switch(carol, Flag.MODEL_CALLS, ON, "why")
    assert carried == ["models", "models"]


async def test_a_tenants_own_row(database: Database, flags: Flags, carol: Person) -> None:
    """A tenant's own row counts for it alone, within what the installation lets; whoever switched that is not named."""
    frank = await person(database, 1006, "Frank", Role.ADMIN, "acme")
    own = Switch(Flag.INTAKE, OFF, "We are full", "Frank", version=1)
    await database.write(lambda tx: rows.put(tx, "acme", own, frank.id))
    assert not await flags.lets(Flag.INTAKE, "acme", 1)
    assert await flags.lets(Flag.INTAKE, "main", 1)
    with pytest.raises(SwitchedOff, match="Frank switched that off"):
        await flags.check(Flag.INTAKE, frank, "Not now", "Later.")
    await flags.switch(carol, Flag.INTAKE, OFF, "Storm")
    with pytest.raises(SwitchedOff, match="The installation switched that off"):
        await flags.check(Flag.INTAKE, frank, "Not now", "Later.")
    await flags.switch(carol, Flag.INTAKE, ON, "Calm")
    assert not await flags.lets(Flag.INTAKE, "acme", 1)
    assert await told(database, 1006) == []
