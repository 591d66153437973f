"""Keys of our own turn by themselves, and what was made with those before goes on counting for a while."""

import asyncio
import hashlib
import hmac
from datetime import timedelta

import pytest
from sqlalchemy import delete

from bot.access.buttons import ButtonSigner, Tap
from bot.access.issued_keys import held
from bot.access.model import TENANT
from bot.kernel.errors import Forbidden
from bot.rotation.model import TURNS, Issued, Purpose, Roots, is_due, roots
from bot.rotation.service import Rotation
from storage.engine.database import Transaction
from storage.tables.watch.security import issued_keys
from tests.alerting import runs
from tests.clock import SimulatedClock
from tests.desk import Desk, desk
from tests.eventually import eventually
from tests.house import Providers

TAP = Tap("billpay", 1042, 3)
CHAT = 77
OVERLAP = TURNS[Purpose.BUTTONS].overlap


def rotation_of(home: Desk) -> Rotation:
    return home.app.services.rotation


def elsewhere(home: Desk, secret: str) -> Rotation:
    """Another process on the same database, with its own SECRET_KEY."""
    settings = home.app.services.settings
    token = settings.telegram_bot_token.get_secret_value()
    return Rotation(home.app.services.database, roots(secret, token), 180, [Purpose.BUTTONS, Purpose.API_TOKENS])


def same_secret(home: Desk) -> str:
    given = home.app.services.settings.secret_key
    assert given is not None
    return given.get_secret_value()


@pytest.mark.both_databases
async def test_a_night(stand_ins: Providers, database_url: str) -> None:
    """What is due is replaced, once; a button of before is genuine until its overlap is over, and then no more."""
    clock = SimulatedClock()
    async with desk(stand_ins, database_url, clock) as home:
        signer = home.app.signer
        before = signer.pack(TAP, chat_id=CHAT)
        clock.passes(seconds=timedelta(days=90).total_seconds())
        await runs(home.app, "secret_rotation")
        after = signer.pack(TAP, chat_id=CHAT)
        await runs(home.app, "secret_rotation")
        assert before != after == signer.pack(TAP, chat_id=CHAT)
        assert [signer.unpack(one, chat_id=CHAT) for one in (before, after)] == [TAP, TAP]
        clock.passes(seconds=OVERLAP.total_seconds())
        await rotation_of(home).look()
        assert [signer.unpack(one, chat_id=CHAT) for one in (before, after)] == [None, TAP]


async def test_another_process_turned_it(stand_ins: Providers, database_url: str) -> None:
    """A process that does not know the new key yet looks before it takes a tap for a forged one."""
    async with desk(stand_ins, database_url) as home:
        other = elsewhere(home, same_secret(home))
        await other.start()
        await other.turn(await home.person(home.carol), Purpose.BUTTONS)
        data = ButtonSigner(other.held[Purpose.BUTTONS]).pack(Tap("status", 0, 0), chat_id=home.carol.id)
        assert home.app.signer.unpack(data, chat_id=home.carol.id) is None
        assert (await home.tapped(home.carol, data, home.carol.id)).action == "tap status"


async def test_ended_at_once(stand_ins: Providers, database_url: str) -> None:
    """Where somebody may have a key, an admin ends all but the newest; nobody else can."""
    async with desk(stand_ins, database_url) as home:
        signer, rotation = home.app.signer, rotation_of(home)
        before = signer.pack(TAP, chat_id=CHAT)
        carol = await home.person(home.carol)
        await rotation.turn(carol, Purpose.BUTTONS)
        assert await rotation.end_older(carol, Purpose.BUTTONS) == 1
        assert signer.unpack(before, chat_id=CHAT) is None
        assert signer.unpack(signer.pack(TAP, chat_id=CHAT), chat_id=CHAT) == TAP
        bob = await home.person(home.bob)
        turn, end = rotation.turn(bob, Purpose.BUTTONS), rotation.end_older(bob, Purpose.BUTTONS)
        for verb in (turn, end, rotation.inventory(bob)):
            with pytest.raises(Forbidden):
                await verb


async def test_after_the_upgrade(stand_ins: Providers, database_url: str) -> None:
    """Buttons whose key came from the bot's token count after the upgrade; the first night replaces that key."""
    async with desk(stand_ins, database_url) as home:
        token = home.app.services.settings.telegram_bot_token.get_secret_value().encode()
        key = hmac.digest(token, b"echopilot buttons", hashlib.sha256)
        old = ButtonSigner(held(key)).pack(TAP, chat_id=CHAT)

        async def as_before(tx: Transaction) -> None:
            await tx.run(delete(issued_keys).where(issued_keys.c.purpose == Purpose.BUTTONS))
            values = {"tenant": TENANT, "purpose": "buttons", "root": "token", "salt": "", "created_at": tx.now}
            await tx.run(issued_keys.insert(), values)

        await home.app.services.database.write(as_before)
        await rotation_of(home).start()
        assert home.app.signer.pack(TAP, chat_id=CHAT) == old
        await runs(home.app, "secret_rotation")
        assert home.app.signer.pack(TAP, chat_id=CHAT) != old
        assert home.app.signer.unpack(old, chat_id=CHAT) == TAP


async def test_another_secret(stand_ins: Providers, database_url: str) -> None:
    """A host with another SECRET_KEY forges nothing, and says that it lacks one; beside the older one, both count."""
    async with desk(stand_ins, database_url) as home:
        carol, data = await home.person(home.carol), home.app.signer.pack(TAP, chat_id=CHAT)
        stranger = elsewhere(home, "another-secret-of-thirty-two-letters")
        await stranger.look()
        assert stranger.held[Purpose.BUTTONS].by_id == {}
        assert (await stranger.inventory(carol)).unknown == len(Purpose) - 1
        both = elsewhere(home, f"another-secret-of-thirty-two-letters,{same_secret(home)}")
        await both.start()
        signer = ButtonSigner(both.held[Purpose.BUTTONS])
        assert signer.unpack(data, chat_id=CHAT) == TAP
        assert await both.turn_due() == [Purpose.BUTTONS, Purpose.API_TOKENS]
        assert signer.unpack(data, chat_id=CHAT) == TAP


async def test_the_secret_is_lost(stand_ins: Providers, database_url: str) -> None:
    """Where no key's secret is known any more there are new ones at once: answers have buttons, older ones are void."""
    async with desk(stand_ins, database_url) as home:
        old = home.app.signer.pack(TAP, chat_id=CHAT)
    async with desk(stand_ins, database_url, secret_key="another-secret-of-thirty-two-letters") as home:
        card = await home.says(home.carol, "/status")
        assert card.rows
        signer = home.app.signer
        assert signer.unpack(signer.pack(TAP, chat_id=CHAT), chat_id=CHAT) == TAP
        assert signer.unpack(old, chat_id=CHAT) is None


async def test_no_key_lies_anywhere(stand_ins: Providers, database_url: str) -> None:
    """Neither the database nor the secret alone has a key."""
    async with desk(stand_ins, database_url) as home:
        async with home.app.services.database.reading() as connection:
            kept = str((await connection.execute(issued_keys.select())).all())
        rotation = rotation_of(home)
        keys = [key for keys in rotation.held.values() for key in keys.by_id.values()]
        assert len(keys) == 2
        assert not any(key.hex() in kept or repr(key) in kept for key in keys)
        assert same_secret(home) not in kept


def test_when_one_is_due() -> None:
    """Where there is none, when it is old, and when it comes from a secret that is no longer the first."""
    clock = SimulatedClock()
    now, first = clock.now(), roots("a" * 32, "token")
    young = Issued(1, Purpose.BUTTONS, first.newest, "salt", now, None)
    later = Roots({**first.by_mark, **roots("b" * 32, "token").by_mark}, roots("b" * 32, "token").newest)
    every = TURNS[Purpose.BUTTONS].every
    asked = (None, first, now), (young, first, now), (young, first, now + every), (young, later, now)
    assert [is_due(*one) for one in asked] == [True, False, True, True]


async def test_it_follows(stand_ins: Providers, database_url: str) -> None:
    """A process that only makes buttons goes on with the new key once another one turned it."""
    async with desk(stand_ins, database_url) as home:
        follower, carol = rotation_of(home), await home.person(home.carol)
        before = home.app.signer.pack(TAP, chat_id=CHAT)
        following = asyncio.create_task(follower.follow())
        other = elsewhere(home, same_secret(home))
        await other.start()
        await other.turn(carol, Purpose.BUTTONS)
        wanted = ButtonSigner(other.held[Purpose.BUTTONS]).pack(TAP, chat_id=CHAT)

        async def made() -> str:
            return home.app.signer.pack(TAP, chat_id=CHAT)

        try:
            await eventually(made, wanted.__eq__)
            assert before != wanted
        finally:
            following.cancel()
