"""Updates by webhook instead of polling: the same journey, and what must not get in."""

import json
import socket
from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.house import House, Providers, house

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
