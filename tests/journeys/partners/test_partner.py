"""A partner from the first tap to the paid invoice: by chat, by program, and by what the program is told."""

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator

import aiohttp
import pytest
from sqlalchemy import select

from bot.ops.version import ROOT
from sandbox.faults import Fault
from sandbox.partner import PartnerStandIn
from sandbox.server import Sandbox
from storage.migrations.schema import whole
from tests.eventually import eventually
from tests.house import House, Providers, house

KEY = re.compile(r"epk_\d+_[A-Za-z0-9_-]{43}")
EXAMPLE = re.compile(r"```python\n(.*?)```", re.DOTALL)


@pytest.fixture
async def program() -> AsyncIterator[tuple[PartnerStandIn, str]]:
    """A program that listens, and its address."""
    stand_in = PartnerStandIn()
    async with Sandbox(stand_in) as sandbox:
        yield stand_in, f"{sandbox.url}/partner/hook"


async def key_of_alice(home: House) -> str:
    """Carol makes Alice a partner, and reads her key this once."""
    mark = home.carol.mark()
    await home.carol.says("/partners")
    await home.carol.taps("New partner", await home.carol.sees("Partners · None yet", after=mark))
    await home.carol.sees("Which client")
    await home.carol.says("Alice")
    card = await home.carol.sees("Partner Alice · On")
    await home.carol.taps("Make a key", card)
    shown = await home.carol.sees("Shown only now")
    key = KEY.search(shown.text)
    assert key is not None
    assert shown.buttons == []
    return key[0]


async def test_the_example_of_the_page(home: House) -> None:
    """The twenty lines of docs/api.md order a brief and print the work once a person approved it."""
    await home.staff()
    key = await key_of_alice(home)
    found = EXAMPLE.search((ROOT / "docs" / "api.md").read_text())
    assert found is not None
    assert len(found[1].strip().splitlines()) <= 20
    assert home.running.server is not None
    given = {"ECHOPILOT_URL": home.running.server.url, "ECHOPILOT_KEY": key, "PAUSE": "0.5", "PATH": os.environ["PATH"]}
    run = await asyncio.create_subprocess_exec(
        sys.executable, "-I", "-c", found[1], env=given, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    await home.alice.sees(re.compile(r"Brief \d+ · Delivered"))
    said, errors = await run.communicate()
    assert (run.returncode, errors) == (0, b"")
    assert b"solar lamp" in said


async def test_a_program_is_told(stand_ins: Providers, database_url: str, program: tuple[PartnerStandIn, str]) -> None:
    """What becomes of an order is told once, signed, though the program fails at first; [Send again] tells again."""
    stand_in, url = program
    async with house(stand_ins, database_url, partner_webhook_hosts="127.0.0.1", api_calls_per_minute=1_000) as home:
        await home.carol.says("/start")
        await home.staff()
        key = await key_of_alice(home)
        await home.carol.says("/partners")
        await home.carol.taps("Alice", await home.carol.sees("Standard, 100 briefs a month"))
        await home.carol.taps("Address", await home.carol.sees("Changes are told nowhere"))
        await home.carol.sees("Where is Alice's program told")
        await home.carol.says(url)
        card = await home.carol.sees("Changes are told to")
        await home.carol.taps("Signing secret", card)
        secret = re.search(r"whsec_\S+", (await home.carol.sees("Signing secret of Alice")).text)
        assert secret is not None
        stand_in.secret = secret[0]
        stand_in.faults.add(Fault("POST", "status", status=500, times=2))
        number = await ordered(home, key)
        await home.stripe_has("open")
        await home.pay(number)
        told = ["brief.drafting", "brief.delivered", "brief.invoiced", "brief.paid"]
        await eventually(lambda: set(told) <= set(stand_in.types()), within=30)
        assert stand_in.refused == []
        assert len({message["id"] for message in stand_in.messages}) == len(stand_in.messages)
        await home.carol.says("/partners")
        await home.carol.taps("Alice", await home.carol.sees("Standard, 100 briefs a month"))
        await home.carol.taps("Messages", await home.carol.sees("Briefs this month: 1 of 100"))
        listed = await home.carol.sees("brief.paid")
        calls = stand_in.calls
        await home.carol.taps("Send msg_", listed)
        await eventually(lambda: stand_in.calls == calls + 1, within=30)


async def ordered(home: House, key: str) -> int:
    """The program orders a brief."""
    assert home.running.server is not None
    base = f"{home.running.server.url}/api/v1"
    async with aiohttp.ClientSession() as session:
        async with session.post(f"{base}/tokens", json={"key": key}) as answer:
            token = (await answer.json())["access_token"]
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "one"}
        body = {"text": "Write a product page for our solar lamp, about 200 words."}
        async with session.post(f"{base}/briefs", json=body, headers=headers) as answer:
            return int((await answer.json())["id"])


@pytest.mark.parametrize("refused", [0, 1])
async def test_a_key_is_nowhere(home: House, refused: int) -> None:
    """A key is in no row of the database once it was shown, nor where Telegram did not take the message with it."""
    await home.staff()
    if refused:
        await home.carol.says("/partners")
        await home.carol.taps("New partner", await home.carol.sees("Partners · None yet"))
        await home.carol.sees("Which client")
        await home.carol.says("Alice")
        card = await home.carol.sees("Partner Alice · On")
        home.telegram.faults.add(Fault("editMessageText", "status", times=None, status=502))
        await home.carol.taps("Make a key", card)
        await home.carol.sees("is kept nowhere")
        secret = "epk_"
    else:
        secret = (await key_of_alice(home)).rpartition("_")[2]
    async with home.running.app.services.database.reading() as connection:
        for name, table in whole().tables.items():
            rows = (await connection.execute(select(table))).all()
            assert secret not in str([tuple(row) for row in rows]), name


async def test_partners_are_for_admins(home: House) -> None:
    """An operator has no partners to see."""
    await home.staff()
    await home.bob.says("/partners")
    await home.bob.sees("Only admins may manage partners")
