"""Secrets in the chat: how old each is, and keys of ours that are replaced while everybody goes on."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator

import pytest

from tests.alerting import runs
from tests.house import House, Providers, house

OWN = ("Buttons in the chat", "Tokens of partners' programs", "Telegram's webhook")
TAPS, ROUNDS = 30, 3


@pytest.fixture
async def home(stand_ins: Providers, database_url: str) -> AsyncIterator[House]:
    """By webhook, with a secret that EchoPilot makes itself."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    changes = {"telegram_updates": "webhook", "public_url": f"http://127.0.0.1:{port}", "web_port": port}
    async with house(stand_ins, database_url, **changes) as running:
        await running.carol.says("/start")
        await running.carol.sees("Welcome")
        yield running


@pytest.mark.both_databases
async def test_nothing_is_refused_while_keys_turn(home: House) -> None:
    """Taps and webhooks go on while each key is replaced several times, and again when the older ones have ended."""
    await home.staff()
    await home.bob.says("/queue")
    queue, toasts = await home.bob.sees("Nothing waits"), []

    async def taps() -> None:
        for _ in range(TAPS):
            toasts.append((await home.bob.taps("Refresh", queue)).text)  # noqa: PERF401 - one tap after another

    async def turns() -> None:
        await home.carol.says("/secrets")
        card = await home.carol.sees("EchoPilot replaces these itself")
        for _ in range(ROUNDS):
            for title in OWN:
                mark = home.carol.mark()
                await home.carol.taps(title, card)
                one = await home.carol.sees(re.compile(f"^{title}"), after=mark, message=card)
                await home.carol.taps("Replace it now", one)
                one = await home.carol.sees("It was replaced.", after=one, message=card)
                await home.carol.taps("Back", one)
                card = await home.carol.sees("EchoPilot replaces these itself", after=one, message=card)

    await asyncio.gather(taps(), turns())
    assert [text for text in toasts if "old" in text] == []
    assert (await home.running.app.telegram.webhook())[1] == ""


async def test_older_keys_are_ended(home: House) -> None:
    """Ending them asks once, and says what stops working; a button of before is told as too old then."""
    await home.staff()
    await home.bob.says("/queue")
    queue = await home.bob.sees("Nothing waits")
    await home.carol.says("/secrets")
    await home.carol.taps(OWN[0], await home.carol.sees("EchoPilot replaces these itself"))
    card = await home.carol.sees(re.compile(f"^{OWN[0]}"))
    assert card.labels == ["Replace it now", "Back"]
    await home.carol.taps("Replace it now", card)
    card = await home.carol.sees("1 key of before still counts.", after=card, message=card)
    await home.carol.taps("End older keys", card)
    asked = await home.carol.sees("End 1 key of before?", after=card, message=card)
    assert "their commands still do" in asked.text
    await home.carol.taps("Yes, end them", asked)
    done = await home.carol.sees("1 key of before was ended.", after=asked, message=card)
    assert done.labels == ["Replace it now", "Back"]
    assert "old" in (await home.bob.taps("Refresh", queue)).text


async def test_what_others_issued(home: House) -> None:
    """After a scan every secret that was set is named with its age, and nothing of what it says."""
    await runs(home.running.app, "security_scan")
    await home.carol.says("/secrets")
    card = await home.carol.sees("Secrets · None is old")
    assert re.search(r"STRIPE_SECRET_KEY: \d+ s old", card.text)
    assert not any(secret in card.text for secret in home.settings.secrets())


async def test_only_for_admins(home: House) -> None:
    """An operator reads no word of them."""
    await home.staff()
    await home.bob.says("/secrets")
    await home.bob.sees("Only admins may")
