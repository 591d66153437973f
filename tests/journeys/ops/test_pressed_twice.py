"""The buttons of /failed, pressed twice, by two at once, after it was settled otherwise, and after a restart."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.kernel.card import Card, to_payload
from bot.kernel.tasks import Pool, Task, TaskKind
from bot.messages.mails import MAIL
from sandbox.faults import Fault
from sandbox.notion.errors import planned
from sandbox.telegram.seen import Seen
from storage.core import outbox
from storage.engine.database import Transaction
from storage.tables.core import outbox as rows
from tests.eventually import eventually
from tests.house import OPEN_BRIEF, House, Providers, house

REFUSED = '{"ok":false,"error_code":400,"description":"Bad Request: not enough rights to send text messages"}'
TO = {"message": "Alice", "mail": "eve@example.org", "row": "Job Log"}


async def add(home: House, channel: str, to: str, payload: Any) -> None:
    async def work(tx: Transaction) -> None:
        await outbox.add(tx, "main", channel, to, payload)

    await home.running.app.services.database.write(work)


async def refused(home: House, what: str) -> None:
    """Something is given up, and the admin heard of it."""
    match what:
        case "message":
            home.telegram.faults.add(Fault("POST .*/sendMessage", "status", status=400, body=REFUSED))
            await add(home, "telegram", str(home.alice.id), to_payload(Card("for Alice")))
        case "mail":
            home.providers.mail.refuse("eve@example.org")
            await add(home, MAIL, "eve@example.org", {"subject": "Tuesday", "text": "Hello"})
        case "row":
            number = await home.brief(OPEN_BRIEF)
            await home.bob.sees("Needs your decision")
            await nothing_missed(home)
            home.notion.faults.add(planned("(POST|PATCH) .*/pages", 400, times=None))
            await add(home, "notion", "Job Log", {"key": f"brief:{number}"})
    await home.carol.sees(f"to {TO[what]} · Not delivered")


def mended(home: House) -> None:
    home.telegram.faults.clear()
    home.notion.faults.clear()
    home.providers.mail.refused.clear()


async def arrived(home: House, what: str) -> int:
    """How often it is there, once it is."""
    match what:
        case "message":
            await home.alice.sees("for Alice")
            return sum(seen.text == "for Alice" for seen in home.alice.messages())
        case "mail":
            return len(await home.providers.mail.received(1))
    return len(await home.notion.wait_for("Job Log", lambda found: len(found) == 1))


async def listed(home: House, person: Any) -> Seen:
    mark = person.mark()
    await person.says("/failed")
    seen: Seen = await person.sees("not delivered", after=mark)
    return seen


async def nothing_missed(home: House) -> None:
    async def missed() -> int:
        async with home.running.app.services.database.reading() as connection:
            query = select(func.count()).select_from(rows).where(rows.c.state.in_(["undeliverable", "waiting"]))
            return int((await connection.execute(query)).scalar_one())

    await eventually(missed, lambda count: count == 0)
    mark = home.carol.mark()
    await home.carol.says("/failed")
    assert "not delivered" not in (await home.carol.sees("", after=mark)).text


@pytest.mark.parametrize("what", ["message", "mail", "row"])
async def test_by_two_at_once(home: House, what: str) -> None:
    """Two press at once, and each once more: it goes out once, and all but one read that somebody was first."""
    await home.staff()
    await refused(home, what)
    carols, bobs = await listed(home, home.carol), await listed(home, home.bob)
    mended(home)
    label = f"Send again, {TO[what]}"
    taps = [home.carol.taps(label, carols), home.bob.taps(label, bobs)]
    answers = [*await asyncio.gather(*taps), await home.carol.taps(label, carols), await home.bob.taps(label, bobs)]
    said = sorted(answer.text.partition(":")[0] for answer in answers)
    assert said == ["Sent again", *["Somebody handled that already. /failed shows what still waits."] * 3]
    assert await arrived(home, what) == 1
    await nothing_missed(home)


async def test_let_go_and_sent_again(home: House) -> None:
    """What was let go is not sent again by an older card, and the other way round."""
    await home.staff()
    await refused(home, "message")
    card, other = await listed(home, home.carol), await listed(home, home.bob)
    mended(home)
    assert "Given up: " in (await home.carol.taps("Give up", card)).text
    assert "handled that already" in (await home.bob.taps("Send again, Alice", other)).text
    assert "handled that already" in (await home.carol.taps("Give up", card)).text
    await nothing_missed(home)


async def test_settled_otherwise(home: House) -> None:
    """Who came back has it already: the button says so, and nothing comes twice."""
    await home.staff()
    home.alice.blocks()
    await add(home, "telegram", str(home.alice.id), to_payload(Card("for Alice")))
    await home.carol.sees("to Alice · Not delivered")
    card = await listed(home, home.carol)
    home.alice.unblocks()
    await home.alice.sees("for Alice")
    assert "handled that already" in (await home.carol.taps("Send again, Alice", card)).text
    assert await arrived(home, "message") == 1


async def test_after_a_restart(stand_ins: Providers, database_url: str) -> None:
    """The card of before a restart works after it, once."""
    async with house(stand_ins, database_url) as home:
        await home.carol.says("/start")
        await home.staff()
        await refused(home, "message")
        card = await listed(home, home.carol)
    async with house(stand_ins, database_url) as home:
        mended(home)
        assert "Sent again: 1" in (await home.carol.taps("Send again, Alice", card)).text
        assert "handled that already" in (await home.carol.taps("Send again, Alice", card)).text
        assert await arrived(home, "message") == 1


async def test_a_task(home: House) -> None:
    """A task that was given up, likewise: two press, and it is tried once; after a restart its card still works."""
    await home.staff()
    services = home.running.app.services
    task = Task(TaskKind("look_at_invoice", Pool.QUICK), 999_999)
    await services.database.write(lambda tx: services.alerts.failed_tasks.keep(tx, "main", task, "planted"))
    await home.carol.sees("Look at invoice 999999 · Stopped by a fault")
    for person in (home.carol, home.bob):
        await person.says("/failed")
    cards = [await person.sees("Stopped by a fault\n") for person in (home.carol, home.bob)]
    taps = [person.taps("Try again", card) for person, card in zip((home.carol, home.bob), cards, strict=True)]
    answers = await asyncio.gather(*taps)
    assert sorted("is being tried already" in answer.text for answer in answers) == [False, True]
