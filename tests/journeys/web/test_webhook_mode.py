"""Updates by webhook instead of polling: the same journey, and what must not get in."""

import json
import re
import socket
from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.house import OPEN_BRIEF, House, Providers, house

SECRET = "a-secret-for-the-webhook"


@pytest.fixture
async def home(stand_ins: Providers, database_url: str) -> AsyncIterator[House]:
    """As in the other tests, but Telegram calls us."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    changes = {
        "telegram_updates": "webhook",
        "telegram_webhook_secret": SECRET,
        "public_url": f"http://127.0.0.1:{port}",
        "web_port": port,
    }
    async with house(stand_ins, database_url, **changes) as running:
        await running.carol.says("/start")
        await running.carol.sees("Welcome")
        yield running


async def test_the_same_journey(home: House) -> None:
    """From a message to a paid invoice, by webhook."""
    await home.staff()
    number = await home.brief()
    await home.alice.sees(f"brief-{number}.md")
    await home.alice.sees("To pay")
    await home.pay(number)
    await home.alice.sees(f"Brief {number} · Paid")
    assert home.telegram.calls["getUpdates"] == 0


async def deliver(home: House, body: bytes, secret: str | None) -> int:
    headers = {} if secret is None else {"X-Telegram-Bot-Api-Secret-Token": secret}
    url = f"{home.settings.public_url}/webhooks/telegram"
    async with aiohttp.ClientSession() as session, session.post(url, data=body, headers=headers) as answer:
        return answer.status


@pytest.mark.parametrize("secret", [None, "", "another"])
async def test_without_the_secret(home: House, secret: str | None) -> None:
    """A call without the right secret is refused."""
    assert await deliver(home, b'{"update_id": 1}', secret) == 401


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"update_id": "x"}', b"\xff"])
async def test_junk(home: House, body: bytes) -> None:
    """What is no update is answered 400."""
    assert await deliver(home, body, SECRET) == 400


@pytest.mark.both_databases
async def test_the_same_update_twice(home: House) -> None:
    """The same update delivered twice is answered once."""
    await home.eve.says("/start")
    await home.eve.sees("invitation")
    eve = {"id": home.eve.id, "is_bot": False, "first_name": "Eve"}
    chat = {"id": home.eve.id, "type": "private"}
    message = {"message_id": 77, "date": 1, "text": "/whoami", "chat": chat, "from": eve}
    update = json.dumps({"update_id": 990001, "message": message}).encode()
    for _ in range(2):
        assert await deliver(home, update, SECRET) == 200
    await home.eve.sees("Eve · stranger")
    mark = home.eve.mark()
    await home.eve.says("/help")
    await home.eve.sees("What you can do here", after=mark)
    assert len([seen for seen in home.eve.messages() if "Eve · stranger" in seen.text]) == 1


@pytest.mark.both_databases
async def test_a_text_before_its_tap(home: House) -> None:
    """A note that comes before the tap that asks for it is the note, and no new brief."""
    await home.staff()
    number = await home.brief(OPEN_BRIEF)
    card = await home.bob.sees("Needs your decision")
    data = next(button.target for row in card.buttons for button in row if button.label == "Send back")
    bob, chat = home.bob.account.user(), {"id": home.bob.id, "type": "private"}
    last = home.telegram.updates.push("message", {"message_id": 9000, "date": 1, "chat": chat, "from": bob})
    assert last is not None
    note = {"message_id": 9001, "date": 1, "text": "Leave the delivery time out.", "chat": chat, "from": bob}
    tap = {"id": "1", "from": bob, "chat_instance": "1", "data": data}
    tap |= {"message": {"message_id": card.id, "date": 1, "chat": chat, "text": card.text}}
    mark = home.bob.mark()
    assert await deliver(home, json.dumps({"update_id": last + 2, "message": note}).encode(), SECRET) == 200
    assert await deliver(home, json.dumps({"update_id": last + 1, "callback_query": tap}).encode(), SECRET) == 200
    again = await home.bob.sees("Needs your decision", after=mark, timeout=40)
    assert f"Brief {number}" in again.text
    taken_for_more = re.compile("Nothing is spent until you say yes|Is this a new order")
    assert [seen.text for seen in home.bob.messages() if taken_for_more.search(seen.text)] == []


async def test_a_tap_far_behind_its_text(home: House) -> None:
    """A tap that comes long after its text still asks its question, and the text was answered: nothing is lost."""
    await home.staff()
    await home.brief(OPEN_BRIEF)
    card = await home.bob.sees("Needs your decision")
    await home.bob.says("Leave the delivery time out.")
    await home.bob.sees("Is this a new order?")
    await home.bob.taps("Send back", card)
    await home.bob.sees("What should change?")
