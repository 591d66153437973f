"""A key is exchanged for a token, and both count only while an admin lets them."""

import base64
from datetime import timedelta

import orjson
import pytest
from sqlalchemy import select

from bot.partners.model import NotSignedIn, TooMany
from storage.tables.partners import partner_keys
from tests.alerting import runs
from tests.bot.partners.partner import another_partner, partner_of
from tests.clock import SimulatedClock
from tests.desk import Desk, desk
from tests.house import Providers

HERE = "203.0.113.5"


async def token_of(home: Desk, key: str, address: str = HERE) -> str:
    return (await home.app.services.partners.sign_in.exchange(key, address, 5))[0]


async def is_in(home: Desk, token: str) -> bool:
    try:
        await home.app.services.partners.sign_in.caller(token)
    except NotSignedIn:
        return False
    return True


def changed(token: str, part: int, **values: object) -> str:
    """The token with other values in its header (0) or claims (1)."""
    parts = token.split(".")
    said = orjson.loads(base64.urlsafe_b64decode(parts[part] + "==")) | values
    parts[part] = base64.urlsafe_b64encode(orjson.dumps(said)).rstrip(b"=").decode()
    return ".".join(parts)


async def test_a_key_is_exchanged(stand_ins: Providers, database_url: str) -> None:
    """The token says whose program it is; of the key the database has nothing but a hash."""
    async with desk(stand_ins, database_url) as home:
        partner, key = await partner_of(home)
        caller = await home.app.services.partners.sign_in.caller(await token_of(home, key))
        assert (caller.partner.id, caller.client.name) == (partner.id, "Alice")
        async with home.app.services.database.reading() as connection:
            rows = (await connection.execute(select(partner_keys))).all()
        assert key.rpartition("_")[2] not in str(rows)


async def test_tokens_that_were_tampered_with(stand_ins: Providers, database_url: str) -> None:
    """No token counts that says anything else than what we signed, or is signed by nobody."""
    async with desk(stand_ins, database_url) as home:
        _, key = await partner_of(home)
        token = await token_of(home, key)
        other = await another_partner(home.app.services)
        unsigned = changed(token, 0, alg="none").rpartition(".")[0] + "."
        forged = [
            changed(token, 1, sub=f"partner:{other.partner.id}"),
            changed(token, 1, role="admin"),
            changed(token, 1, exp=2**40),
            changed(token, 1, aud="somebody else"),
            changed(token, 0, kid="1001"),
            changed(token, 0, kid=["1002"]),
            unsigned,
            token[:-2],
            f"{token}.x",
            "x.y.z",
            "",
        ]
        assert [one for one in forged if await is_in(home, one)] == []
        assert await is_in(home, token)


async def test_a_token_ends(stand_ins: Providers, database_url: str) -> None:
    """A token counts for fifteen minutes, however long its key does."""
    clock = SimulatedClock()
    async with desk(stand_ins, database_url, clock) as home:
        _, key = await partner_of(home)
        token = await token_of(home, key)
        clock.passes(minutes=14)
        assert await is_in(home, token)
        clock.passes(minutes=1)
        assert not await is_in(home, token)


async def test_a_key_is_replaced(stand_ins: Providers, database_url: str) -> None:
    """The old key counts beside the new one for a day, and then the new one alone."""
    clock = SimulatedClock()
    async with desk(stand_ins, database_url, clock) as home:
        partner, old = await partner_of(home)
        _, new = await home.app.services.partners.partners.new_key(await home.person(home.carol), partner.id)
        assert await is_in(home, await token_of(home, old))
        clock.passes(hours=24)
        with pytest.raises(NotSignedIn):
            await token_of(home, old)
        assert await is_in(home, await token_of(home, new))


@pytest.mark.parametrize("how", ["keys ended", "switched off"])
async def test_let_out_at_once(stand_ins: Providers, database_url: str, how: str) -> None:
    """Where its keys are ended or it is switched off, neither key nor token of a partner counts from that moment."""
    async with desk(stand_ins, database_url) as home:
        verbs, carol = home.app.services.partners.partners, await home.person(home.carol)
        partner, key = await partner_of(home)
        token = await token_of(home, key)
        if how == "keys ended":
            await verbs.end_keys(carol, partner.id)
        else:
            await verbs.switch(carol, partner.id, partner.version, on=False)
        assert not await is_in(home, token)
        with pytest.raises(NotSignedIn):
            await token_of(home, key)


async def test_who_fails_again_and_again(stand_ins: Providers, database_url: str) -> None:
    """After five failures an address waits a minute, then two: also with a right key, and no other address does."""
    clock = SimulatedClock()
    async with desk(stand_ins, database_url, clock) as home:
        _, key = await partner_of(home)
        wrong = f"{key[:-3]}xyz"
        for _ in range(5):
            with pytest.raises(NotSignedIn):
                await token_of(home, wrong)
        with pytest.raises(TooMany) as raised:
            await token_of(home, key)
        assert raised.value.seconds == 60
        await token_of(home, key, "203.0.113.6")
        clock.passes(seconds=60)
        with pytest.raises(NotSignedIn):
            await token_of(home, wrong)
        with pytest.raises(TooMany) as raised:
            await token_of(home, key)
        assert raised.value.seconds == 120
        clock.passes(seconds=120)
        await token_of(home, key)


async def test_the_sixth_in_a_minute(stand_ins: Providers, database_url: str) -> None:
    """An address exchanges a key five times a minute, and no more often."""
    clock = SimulatedClock()
    async with desk(stand_ins, database_url, clock) as home:
        _, key = await partner_of(home)
        for _ in range(5):
            await token_of(home, key)
        with pytest.raises(TooMany):
            await token_of(home, key)
        clock.passes(seconds=60)
        await token_of(home, key)


async def test_signing_keys_change(stand_ins: Providers, database_url: str) -> None:
    """Tokens are signed by another key each month; one that was signed before the change counts to its end."""
    clock = SimulatedClock()
    async with desk(stand_ins, database_url, clock) as home:
        _, key = await partner_of(home)
        clock.passes(seconds=timedelta(days=30).total_seconds())
        before = await token_of(home, key)
        await runs(home.app, "secret_rotation")
        after = await token_of(home, key)
        assert before.split(".")[0] != after.split(".")[0]
        assert await is_in(home, before)
        assert await is_in(home, after)
