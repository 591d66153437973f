"""Signing in to the pages, at the verbs: what lets somebody in, for how long, and how often one may try."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from bot.access.model import TENANT, Person, Role
from bot.kernel.errors import Forbidden, Refusal
from bot.sessions.init_data import opened_by, signed
from bot.sessions.model import MOST_TRIES, Place, TooOften, device_of, failed, succeeded, tried, wait_after
from bot.sessions.service import Caller, Sessions
from storage.engine.database import Database
from storage.engine.schema import metadata
from storage.people import people
from tests.clock import SimulatedClock
from tests.storage.conftest import opened

TOKEN = "1234567890:AAHsandboxsandboxsandboxsandbox-1234"
HOME = Caller("203.0.113.7", "Firefox, Linux")


@asynccontextmanager
async def doors(database_url: str) -> AsyncIterator[tuple[Database, SimulatedClock, Sessions, Person]]:
    """The verbs, and Carol, who may use them."""
    clock = SimulatedClock()
    async with opened(database_url) as database:
        database.clock = clock
        carol = await database.write(lambda tx: people.enroll(tx, TENANT, 1003, "Carol", Role.ADMIN, "en"))
        yield database, clock, Sessions(database, TOKEN), carol


async def becomes(database: Database, who: Person, role: Role) -> None:
    table = metadata.tables["people"]
    await database.write(lambda tx: tx.run(table.update().where(table.c.id == who.id).values(role=role)))


async def test_link_works_once(database_url: str) -> None:
    """A link lets its person in once; whoever comes later with it is refused."""
    async with doors(database_url) as (_, __, sessions, carol):
        code = await sessions.link(carol)
        done = await sessions.by_link(code, HOME)
        assert done.who.id == carol.id
        found = await sessions.of(done.token)
        assert found is not None
        assert (found[0].id, found[1].device) == (carol.id, "Firefox, Linux")
        with pytest.raises(Refusal, match="no longer works"):
            await sessions.by_link(code, HOME)


@pytest.mark.both_databases
async def test_link_used_at_once(database_url: str) -> None:
    """Of several that use the same link at the same time one is let in."""
    async with doors(database_url) as (_, __, sessions, carol):
        code = await sessions.link(carol)
        tries = [sessions.by_link(code, Caller(f"203.0.113.{n}")) for n in range(4)]
        done = await asyncio.gather(*tries, return_exceptions=True)
        assert sum(not isinstance(one, BaseException) for one in done) == 1


async def test_link_grows_old(database_url: str) -> None:
    """After ten minutes a link lets nobody in."""
    async with doors(database_url) as (_, clock, sessions, carol):
        code = await sessions.link(carol)
        clock.passes(minutes=10)
        with pytest.raises(Refusal, match="within 10 minutes"):
            await sessions.by_link(code, HOME)


async def test_link_is_for_a_role(database_url: str) -> None:
    """A link of somebody who is something else by now lets nobody in, and neither does a session of before."""
    async with doors(database_url) as (database, _, sessions, carol):
        code, done = await sessions.link(carol), await sessions.by_link(await sessions.link(carol), HOME)
        await becomes(database, carol, Role.ANALYST)
        with pytest.raises(Refusal, match="no longer works"):
            await sessions.by_link(code, HOME)
        assert await sessions.of(done.token) is None


async def test_who_was_let_out(database_url: str) -> None:
    """Who has no access any more gets no link, and their key opens nothing."""
    async with doors(database_url) as (database, _, sessions, carol):
        key = await sessions.key(carol)
        await becomes(database, carol, Role.REMOVED)
        with pytest.raises(Refusal, match="no dashboard key"):
            await sessions.by_key(key, HOME)
        async with database.reading() as connection:
            removed = await people.by_id(connection, TENANT, carol.id)
        with pytest.raises(Forbidden):
            await sessions.link(removed)


async def test_key(database_url: str) -> None:
    """The newest key opens, as often as it is used, until it is dropped; the one before does not."""
    async with doors(database_url) as (_, __, sessions, carol):
        before, key = await sessions.key(carol), await sessions.key(carol)
        with pytest.raises(Refusal, match="no dashboard key"):
            await sessions.by_key(before, HOME)
        for _again in range(2):
            assert (await sessions.by_key(f" {key}\n", HOME)).who.id == carol.id
        assert (await sessions.all_of(carol)).key
        assert await sessions.drop_key(carol)
        assert not await sessions.drop_key(carol)
        with pytest.raises(Refusal, match="no dashboard key"):
            await sessions.by_key(key, HOME)


async def test_nothing_is_kept_that_opens(database_url: str) -> None:
    """No row holds a link, a key or a session's token, nor the address that somebody came from."""
    async with doors(database_url) as (database, _, sessions, carol):
        code, key = await sessions.link(carol), await sessions.key(carol)
        token = (await sessions.by_key(key, HOME)).token
        async with database.reading() as connection:
            for table in metadata.tables.values():
                written = str([tuple(row) for row in await connection.execute(select(table))])
                for secret in (code, key, token, HOME.address):
                    assert secret not in written, table.name


async def test_session_ends_unused(database_url: str) -> None:
    """A session ends after 30 minutes without use; used within that, it ends after 12 hours all the same."""
    async with doors(database_url) as (_, clock, sessions, carol):
        token = (await sessions.by_link(await sessions.link(carol), HOME)).token
        for _use in range(24):
            clock.passes(minutes=29)
            assert await sessions.of(token) is not None
        clock.passes(minutes=29)
        assert await sessions.of(token) is None
        token = (await sessions.by_link(await sessions.link(carol), HOME)).token
        clock.passes(minutes=30)
        assert await sessions.of(token) is None


async def test_sessions_are_ended(database_url: str) -> None:
    """A person ends one of their sessions, or all; nobody ends another's."""
    async with doors(database_url) as (database, _, sessions, carol):
        bob = await database.write(lambda tx: people.enroll(tx, TENANT, 1002, "Bob", Role.OPERATOR, "en"))
        first, second, third = [await sessions.by_link(await sessions.link(carol), HOME) for _ in range(3)]
        assert not await sessions.end(bob, first.session.id)
        assert await sessions.end(carol, first.session.id)
        assert not await sessions.end(carol, first.session.id)
        assert [one.id for one in (await sessions.all_of(carol)).sessions] == [third.session.id, second.session.id]
        assert await sessions.end_all(carol) == 2
        assert await sessions.of(third.token) is None


@pytest.mark.both_databases
async def test_sixth_try_within_a_minute(database_url: str) -> None:
    """Whether right or wrong, of tries at once from one place five are listened to; another place is not held back."""
    async with doors(database_url) as (_, clock, sessions, carol):
        key = await sessions.key(carol)
        done = await asyncio.gather(*(sessions.by_key(key, HOME) for _ in range(8)), return_exceptions=True)
        assert sum(isinstance(one, TooOften) for one in done) == 3
        assert (await sessions.by_key(key, Caller("203.0.113.8"))).who.id == carol.id
        clock.passes(minutes=1)
        assert (await sessions.by_key(key, HOME)).who.id == carol.id


async def test_failures_make_one_wait(database_url: str) -> None:
    """After five failures in a row a place waits a minute, then two, also with the right key; a success forgives."""
    async with doors(database_url) as (_, clock, sessions, carol):
        key = await sessions.key(carol)
        for minutes in (1, 2):
            for _try in range(5 if minutes == 1 else 1):
                with pytest.raises(Refusal, match="no dashboard key"):
                    await sessions.by_key("ep_wrong", HOME)
            with pytest.raises(TooOften) as told:
                await sessions.by_key(key, HOME)
            assert told.value.after == timedelta(minutes=minutes)
            clock.passes(minutes=minutes)
        assert (await sessions.by_key(key, HOME)).who.id == carol.id
        with pytest.raises(Refusal, match="no dashboard key"):
            await sessions.by_key("ep_wrong", HOME)
        assert (await sessions.by_key(key, HOME)).who.id == carol.id


def test_waits_grow() -> None:
    """Each failure more doubles the wait, up to an hour; after a day nothing is held against anybody."""
    assert [wait_after(n).total_seconds() / 60 for n in (4, 5, 6, 7, 10, 11, 99)] == [0, 1, 2, 4, 32, 60, 60]
    start = SimulatedClock().now()
    place = Place(start, 0, 9, start)
    with pytest.raises(TooOften):
        tried(place, start + timedelta(minutes=15))
    assert tried(place, start + timedelta(days=1)).failures == 0
    assert succeeded(failed(place, start)).failures == 0
    counted = Place(start)
    for _try in range(MOST_TRIES):
        counted = tried(counted, start)
    with pytest.raises(TooOften, match="1 min"):
        tried(counted, start)


def made(at: datetime, telegram_id: int = 1003, **changes: str) -> str:
    """What Telegram's app gives of who opened a Mini App."""
    fields = {"auth_date": str(int(at.timestamp())), "user": json.dumps({"id": telegram_id, "first_name": "Zoë & Co"})}
    return urlencode(signed(fields | changes, TOKEN))


async def test_telegram_says_who(database_url: str) -> None:
    """Who opens a Mini App is let in as who they are; a stranger is not, however genuine their data."""
    async with doors(database_url) as (_, clock, sessions, carol):
        assert (await sessions.by_telegram(made(clock.now()), HOME)).who.id == carol.id
        with pytest.raises(Refusal, match="from the chat again"):
            await sessions.by_telegram(made(clock.now(), 1005), HOME)


def test_forged_init_data() -> None:
    """Data that is stale, of the future, of another bot, changed in any letter, doubled or none at all says nobody."""
    now = SimulatedClock().now()
    good = made(now)
    assert opened_by(good, TOKEN, now) == 1003
    assert opened_by(good, TOKEN, now + timedelta(minutes=5, seconds=1)) is None
    assert opened_by(good, TOKEN, now - timedelta(minutes=1)) is None
    assert opened_by(good, "1234567890:AAHanother", now) is None
    assert opened_by(f"{good}&user=%7B%22id%22%3A7%7D", TOKEN, now) is None
    odd = (made(now, user="[]"), made(now, user='{"id":true}'), made(now, auth_date="soon"))
    for junk in ("", "hash", "hash=é", "user=1&hash=", "a=%ff&hash=x", "x" * 5000, *odd):
        assert opened_by(junk, TOKEN, now) is None
    changed = {opened_by(good[:at] + "~" + good[at + 1 :], TOKEN, now) for at in range(len(good))}
    assert changed == {None}


def test_devices() -> None:
    """A browser and a machine are told in two words, and what is not known in none."""
    phone = "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36"
    assert device_of(phone) == "Chrome, Android"
    other = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1"
    assert device_of(other) == "Safari, iPhone"
    assert device_of("curl/8") == ""
