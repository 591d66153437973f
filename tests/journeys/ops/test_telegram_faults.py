"""Telegram refuses, stumbles and limits; nobody's message is lost."""

import asyncio
from typing import Any

import pytest

from sandbox.faults import Fault
from sandbox.telegram.limits import Limits
from sandbox.telegram.server import TelegramStandIn
from storage.briefs import briefs
from storage.core import outbox
from storage.engine.database import Transaction
from storage.people import people
from tests.house import House, Providers, house, providers

pytestmark = pytest.mark.wire

SEND = "POST .*/(sendMessage|sendDocument|editMessageText)"
FLOOD = '{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 1","parameters":{"retry_after":1}}'
CONFLICT = '{"ok":false,"error_code":409,"description":"Conflict: terminated by other getUpdates request"}'


async def test_blocked(home: House) -> None:
    """A client who blocks the bot stops nothing: the work is done, comes at their return, and then its invoice."""
    await home.staff()
    home.openai.latency = 0.3
    number = await home.brief()
    await home.alice.sees("Being drafted")
    home.alice.blocks()
    services = home.running.app.services
    async with asyncio.timeout(10):
        while await reach(home) != "blocked" or await state(home, number) != "delivered":
            await services.database.signals.wait("none", 0.05)
    home.alice.unblocks()
    mark = home.alice.mark()
    await home.alice.says(f"/brief_{number}")
    seen = await home.alice.sees("Price 120.00 USD", after=mark)
    assert "Text as file" in seen.labels
    await home.alice.sees("To pay", after=mark)


async def state(home: House, number: int) -> str:
    async with home.running.app.services.database.reading() as connection:
        return (await briefs.load(connection, number)).state


async def reach(home: House) -> str:
    async with home.running.app.services.database.reading() as connection:
        person = await people.by_telegram_id(connection, home.alice.id)
    assert person is not None
    return person.reach


async def test_flood_control(home: House) -> None:
    """429 with retry_after holds the chat for so long and loses nothing."""
    await home.staff()
    home.telegram.faults.add(Fault(SEND, "status", times=2, status=429, body=FLOOD))
    number = await home.brief()
    await home.alice.sees(f"brief-{number}.md", timeout=20)
    await home.alice.sees("To pay", timeout=20)


async def test_lost_replies(home: House) -> None:
    """Answers and messages whose reply is lost are sent again: at least once, never never."""
    await home.staff()
    home.telegram.faults.add(Fault(SEND, "lose_request", times=1))
    await home.alice.says("/status")
    await home.alice.sees("As of", timeout=20)
    home.telegram.faults.add(Fault(SEND, "lose_reply", times=1))
    await home.alice.says("/whoami")
    await home.alice.sees("Alice · client", timeout=20)


async def test_another_poller(home: House) -> None:
    """409 from another poller of the same bot: the bot goes on asking, and answers once the other is gone."""
    home.telegram.faults.add(Fault("POST .*/getUpdates", "status", times=2, status=409, body=CONFLICT))
    await home.eve.says("/start")
    await home.eve.sees("invitation", timeout=20)


async def test_telegram_is_down(home: House) -> None:
    """While Telegram answers nothing at all, nothing is lost; afterwards everything arrives."""
    await home.staff()
    home.telegram.faults.add(Fault("POST .*", "lose_request", times=5))
    await home.alice.says("Write a page about lamps that run 12 hours.")
    await home.alice.sees("Nothing is spent until you say yes", timeout=40)


async def test_many_messages_within_the_limits(sqlite_url: str) -> None:
    """300 messages to 60 chats through a server that enforces Telegram's limits: none refused, none lost.

    On one database, since the pace that Telegram sets takes its time and has nothing to do with the database.
    """
    stand_in = TelegramStandIn(Limits(burst=3))
    defaults: dict[str, Any] = {"telegram_messages_per_second": 25, "telegram_chat_messages_per_second": 1}
    defaults |= {"telegram_chat_burst": 3, "telegram_group_messages_per_minute": 18}
    async with providers(stand_in) as stand_ins, house(stand_ins, sqlite_url, **defaults) as home:
        await flood(home, stand_ins, chats=60, each=5)
    assert stand_in.limit_violations == []


async def flood(home: House, stand_ins: Providers, *, chats: int, each: int) -> None:
    """Put messages into the outbox for many chats, and see every one of them arrive."""
    crowd = [stand_ins.telegram.person(f"P{number}", id=5000 + number) for number in range(chats)]
    for person in crowd:
        await person.says("/whoami")
    for person in crowd:
        await person.sees("stranger", timeout=60)
    database = home.running.app.services.database
    payload: dict[str, Any] = {"rows": [], "document": None, "silent": False}

    async def work(tx: Transaction) -> None:
        for number in range(each):
            for person in crowd:
                text = {"text": f"message {number} for {person.id}"}
                await outbox.add(tx, "main", "telegram", str(person.id), payload | text)

    await database.write(work)
    for person in crowd:
        for number in range(each):
            await person.sees(f"message {number} for {person.id}", timeout=90)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (401, '{"ok":false,"error_code":401,"description":"Unauthorized"}'),
        (404, "<html><body>404 Not Found</body></html>"),
    ],
    ids=["the token is refused", "a gateway knows no such place"],
)
async def test_our_bot_is_not_let_in(home: House, status: int, body: str) -> None:
    """Where Telegram refuses our token for a while nothing is given up: it is no fault of any message."""
    await home.staff()
    home.openai.latency = 0.3
    number = await home.brief()
    home.telegram.faults.add(Fault("POST .*/(send|edit).*", "status", times=8, status=status, body=body))
    await home.alice.sees(f"brief-{number}.md", timeout=40)
    await home.alice.sees("To pay", timeout=40)
    assert "Not delivered" not in home.carol.transcript()
    async with home.running.app.services.database.reading() as connection:
        assert ("telegram", "undeliverable") not in await outbox.counts(connection, "main")
