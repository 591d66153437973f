"""Step-up by the chat: an authenticator is set up, dangerous things ask for its code or for another admin's tap."""

import re

import pytest
from sqlalchemy import Text, cast, select

from bot.step_up.service import StepUp
from storage.engine.schema import metadata
from tests.authenticators import App, sets_up
from tests.clock import Hands
from tests.house import CAROL, DAN, House, Providers, house

TWO_ADMINS = f"{CAROL}, {DAN}"


async def asks_for_an_admin(home: House) -> str:
    """Carol wants to invite an admin; returns what she reads."""
    mark = home.carol.mark()
    await home.carol.says("/invite admin")
    return (await home.carol.sees(re.compile("Confirm that it is you|Invitation for"), after=mark)).text


@pytest.mark.both_databases
async def test_by_a_code(stand_ins: Providers, database_url: str) -> None:
    """With an authenticator a role asks for its code; the messages with key and code go, and it holds for that kind."""
    clock = Hands()
    async with house(stand_ins, database_url, clock=clock) as home:
        await home.carol.says("/start")
        await home.carol.sees("Welcome")
        app, recovery = await sets_up(home.carol, clock)
        assert len(recovery) == 10
        assert app.secret not in home.carol.transcript().replace(" ", "")
        assert "6-digit code" in await asks_for_an_admin(home)
        code = app.code(1)
        await home.carol.says(code)
        confirmed = await home.carol.sees("Confirmed for 5 min")
        assert "/invite admin" in confirmed.text
        assert code not in home.carol.transcript()
        assert "Invitation for an admin" in await asks_for_an_admin(home)
        mark = home.carol.mark()
        await home.carol.says("/secrets")
        await home.carol.taps("Buttons in the chat", await home.carol.sees("Secrets", after=mark))
        await home.carol.taps("Replace it now", await home.carol.sees("A new one comes every", after=mark))
        await home.carol.sees("Replace or end secrets", after=mark)


@pytest.mark.both_databases
async def test_by_another_admin(stand_ins: Providers, database_url: str) -> None:
    """Who has no authenticator asks another admin, whose tap lets them go on by a button; a no does not."""
    async with house(stand_ins, database_url, admin_telegram_ids=TWO_ADMINS) as home:
        await home.dan.says("/start")
        await home.dan.sees("Welcome")
        await home.carol.says("/start")
        await home.carol.sees("Welcome")
        for label, says in (("Refuse", "Dan did not confirm it"), ("Confirm", "Dan confirmed it")):
            mark, dans = home.carol.mark(), home.dan.mark()
            await home.carol.says("/invite")
            await home.carol.taps("Invite an admin", await home.carol.sees("In which role?", after=mark))
            asked = await home.carol.sees("Confirm that it is you", after=mark)
            await home.carol.taps("Ask another admin", asked)
            request = await home.dan.sees("Ask them first", after=dans)
            await home.dan.taps(label, request)
            answered = await home.carol.sees(says, after=mark)
        await home.carol.taps("Go on", answered)
        await home.carol.sees("Invitation for an admin", after=answered)


async def test_the_only_admin_is_not_locked_out(home: House) -> None:
    """Without an authenticator the only admin goes on, and /authenticator says so."""
    assert "Invitation for an admin" in await asks_for_an_admin(home)
    await home.carol.says("/authenticator")
    await home.carol.sees("You are the only admin, so until then nothing asks you")


async def test_a_code_that_nobody_asked_for(stand_ins: Providers, database_url: str) -> None:
    """It is deleted, and is no brief."""
    clock = Hands()
    async with house(stand_ins, database_url, clock=clock) as home:
        app, _recovery = await sets_up(home.carol, clock)
        mark, code = home.carol.mark(), app.code(1)
        await home.carol.says(code)
        await home.carol.sees("No code is needed now", after=mark)
        assert code not in home.carol.transcript()


async def test_wrong_codes(stand_ins: Providers, database_url: str) -> None:
    """After five wrong codes none counts for a while, also a right one; the other admins hear of it."""
    clock = Hands()
    async with house(stand_ins, database_url, clock=clock, admin_telegram_ids=TWO_ADMINS) as home:
        app = await with_two_admins(home, clock)
        assert "6-digit code" in await asks_for_an_admin(home)
        for _ in range(4):
            mark = home.carol.mark()
            await home.carol.says(app.wrong())
            await home.carol.sees("That code is wrong", after=mark)
        mark = home.carol.mark()
        await home.carol.says(app.wrong())
        await home.carol.sees("Too many wrong codes", after=mark)
        await home.dan.sees("Carol wrote 5 wrong codes")
        mark = home.carol.mark()
        await home.carol.says(app.code(1))
        await home.carol.sees("Too many wrong codes", after=mark)
        clock.ahead += clock.ahead.resolution * 61_000_000
        mark = home.carol.mark()
        await home.carol.says(app.code(1))
        await home.carol.sees("Confirmed for 5 min", after=mark)


async def with_two_admins(home: House, clock: Hands) -> App:
    """Dan and Carol are admins, and Carol sets an authenticator up, which Dan has to confirm."""
    for person in (home.dan, home.carol):
        await person.says("/start")
        await person.sees("Welcome")
    mark = home.carol.mark()
    await home.carol.says("/authenticator")
    await home.carol.taps("Set it up", await home.carol.sees("Authenticator · Not set up", after=mark))
    await home.carol.taps("Ask another admin", await home.carol.sees("Confirm that it is you", after=mark))
    await home.dan.taps("Confirm", await home.dan.sees("Carol asks you to confirm"))
    await home.carol.sees("Dan confirmed it", after=mark)
    app, _recovery = await sets_up(home.carol, clock)
    await home.dan.sees("Carol set up an authenticator")
    return app


async def test_a_lost_device(stand_ins: Providers, database_url: str) -> None:
    """The only other admin takes it off, and what it showed counts no more."""
    clock = Hands()
    async with house(stand_ins, database_url, clock=clock, admin_telegram_ids=TWO_ADMINS) as home:
        await with_two_admins(home, clock)
        mark = home.carol.mark()
        await home.carol.says("/authenticator")
        await home.carol.taps("I lost it", await home.carol.sees("Authenticator · Set up", after=mark))
        await home.carol.taps("Ask the other admins", await home.carol.sees("Did you lose", after=mark))
        await home.dan.taps("Confirm", await home.dan.sees("Carol lost their authenticator"))
        await home.carol.sees("Your authenticator no longer counts", after=mark)
        assert "another admin has to confirm" in await asks_for_an_admin(home)


@pytest.mark.both_databases
async def test_a_recovery_code(stand_ins: Providers, database_url: str) -> None:
    """It counts once in place of a code."""
    clock = Hands()
    async with house(stand_ins, database_url, clock=clock) as home:
        _app, recovery = await sets_up(home.carol, clock)
        assert "6-digit code" in await asks_for_an_admin(home)
        await home.carol.says(recovery[0])
        await home.carol.sees("9 recovery codes are left")
        clock.ahead += clock.ahead.resolution * 301_000_000
        assert "6-digit code" in await asks_for_an_admin(home)
        mark = home.carol.mark()
        await home.carol.says(recovery[0])
        await home.carol.sees("That code is wrong", after=mark)


@pytest.mark.both_databases
async def test_no_code_is_kept(stand_ins: Providers, database_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Right, wrong, stray and recovery codes, and the key: none is in any table or in the log."""
    clock = Hands()
    async with house(stand_ins, database_url, clock=clock) as home:
        app, recovery = await sets_up(home.carol, clock)
        said = [app.code(), app.secret, *recovery, wrong := app.wrong(), used := recovery[0], right := app.code(1)]
        assert "6-digit code" in await asks_for_an_admin(home)
        for typed, answer in ((wrong, "That code is wrong"), (right, "Confirmed for"), (used, "No code is needed")):
            mark = home.carol.mark()
            await home.carol.says(typed)
            await home.carol.sees(answer, after=mark)
        services = home.running.app.services
        step_up: StepUp = services.step_up
        assert step_up.hide({"message": {"text": right}}) != {"message": {"text": right}}
        async with services.database.reading() as connection:
            for table in metadata.sorted_tables:
                rows = await connection.execute(select(*(cast(column, Text) for column in table.columns)))
                kept = "\n".join(str(tuple(row)) for row in rows)
                found = [one for one in said if re.search(rf"(?<![0-9A-Za-z]){re.escape(one)}(?![0-9A-Za-z])", kept)]
                assert found == [], table.name
    captured = capsys.readouterr()
    assert [one for one in said if one in captured.out + captured.err and not one.isdigit()] == []
    assert re.findall(rf'"(?:{"|".join(one for one in said if one.isdigit())})"', captured.out + captured.err) == []
