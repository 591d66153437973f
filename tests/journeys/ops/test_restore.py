"""A backup is put back, over the wire: nothing is said twice, and an admin decides on what waits."""

import re
from argparse import Namespace
from pathlib import Path
from typing import Any

from bot.access.model import TENANT
from bot.adapters.backups import packing
from bot.commands import backups as backup_commands
from bot.kernel.card import Card
from bot.kernel.clock import SystemClock
from bot.messages.service import post
from bot.settings import Settings
from storage.engine.database import Database
from tests.house import Providers, house

KEY = packing.new_key()
ALL_BUT_CLIENTS = re.compile(r"Nothing is sent until you decide(?!.*To clients)", re.DOTALL)
OWED = "The answer that you were promised"


async def promise(url: str, chat_id: int) -> None:
    """Something waits to be told to a chat, while nothing runs."""
    database = Database(url, SystemClock())
    await database.write(lambda tx: post(tx, TENANT, chat_id, Card(OWED)))
    await database.close()


async def commanded(name: str, settings: Settings, **arguments: object) -> str:
    """What a command prints."""
    said: list[str] = []
    given = {"key": None, "other_installation": False, "second_place": False, "new_key": False, "source": "newest"}
    assert await backup_commands.COMMANDS[name](settings, Namespace(**(given | arguments)), said.append) == 0
    return "\n".join(said)


async def test_restored(stand_ins: Providers, new_sqlite_url: str, tmp_path: Path) -> None:
    """Last night's backup is put back. What it says is still to be sent waits until Carol drops it, though it was sent
    long ago; a brief of today goes its way once she let the rest go out; Stripe was asked.
    """
    changes: dict[str, Any] = {"backup_public_key": KEY.public, "backup_second_place": str(tmp_path / "second")}
    (tmp_path / "key").write_text(f"# created by us\n{KEY.secret}\n")
    async with house(stand_ins, new_sqlite_url, **changes) as home:
        await home.carol.says("/start")
        await home.carol.sees("Welcome")
        await home.staff()
        settings, alice = home.settings, home.alice
    await promise(new_sqlite_url, alice.id)
    assert "MB" in await commanded("backup", settings)
    async with house(stand_ins, new_sqlite_url, **changes) as home:
        await home.alice.sees(OWED)
    assert "recovered in" in await commanded("drill", settings, key=str(tmp_path / "key"))
    assert "folder: 1" in await commanded("backups", settings)
    assert "Put back: echopilot-" in await commanded("restore", settings, key=str(tmp_path / "key"))
    async with house(stand_ins, new_sqlite_url, **changes) as home:
        card = await home.carol.sees("Nothing is sent until you decide")
        asked = await home.carol.sees("Stripe was asked: looked at")
        assert asked.id == card.id
        assert "To clients: 1" in asked.text
        await home.carol.taps("Discard 1 to clients", asked)
        sure = await home.carol.sees("Discard 1 message?")
        await home.carol.taps("Discard 1 to clients", sure)
        left = await home.carol.sees(ALL_BUT_CLIENTS)
        await home.carol.taps("Send the rest", left)
        await home.brief()
        await home.alice.sees("To pay")
        assert sum(OWED in seen.text for seen in home.alice.messages()) == 1
