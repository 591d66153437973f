"""A backup is put back, over the wire: nothing is said twice, and an admin decides on what waits."""

import re
from argparse import Namespace
from pathlib import Path
from typing import Any

import pytest

from bot.access.model import TENANT, Role
from bot.adapters.backups import packing
from bot.backups.ports import BackupRefused
from bot.commands import backups as backup_commands
from bot.kernel.card import Card
from bot.kernel.clock import SystemClock
from bot.messages.service import post
from bot.settings import Settings
from storage.engine.database import Database
from storage.engine.unusable import Unusable
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


def damage(file: Path) -> None:
    """Every seventh byte of the database is another, but for its first and last page."""
    content = bytearray(file.read_bytes())
    content[4096:-4096:7] = b"x" * len(content[4096:-4096:7])
    file.write_bytes(content)


async def test_refused(stand_ins: Providers, new_sqlite_url: str, tmp_path: Path) -> None:
    """What cannot be done says why and what helps: no key, nothing in the second place, what cannot be read there, and
    a database that is damaged.
    """
    second = tmp_path / "second"
    changes: dict[str, Any] = {"backup_public_key": KEY.public, "backup_second_place": str(second)}
    async with house(stand_ins, new_sqlite_url, **changes) as home:
        settings = home.settings
    name = (await commanded("backup", settings)).partition(":")[0]
    (Path(settings.backup_folder or "") / f"{name}.key").unlink()
    with pytest.raises(BackupRefused, match=f"^{name}.*is encrypted. .*--key. Nothing was put back.$"):
        await commanded("restore", settings)
    with pytest.raises(BackupRefused, match="no backup in the second place; the job replica_sync copies"):
        await commanded("drill", settings, second_place=True)
    second.mkdir(exist_ok=True)
    (second / "echopilot-20260101T000000Z-abcdef.json").write_text("{")
    assert "echopilot-20260101T000000Z-abcdef  NOT WHOLE" in await commanded("backups", settings)
    folder = Path(settings.backup_folder or "")
    newer = (await commanded("backup", settings)).partition(":")[0]
    (folder / f"{newer}.json").write_text("{")
    with pytest.raises(BackupRefused, match=f"^{newer} is newer, and is not whole.* Nothing was put back"):
        await commanded("restore", settings)
    damage(Path(new_sqlite_url.removeprefix("sqlite:///")))
    for command in ("backup", "drill"):
        with pytest.raises(Unusable, match="is damaged; put the newest backup back"):
            await commanded(command, settings)
    nowhere = settings.model_copy(update={"database_url": f"sqlite:///{tmp_path / 'nowhere.db'}"})
    with pytest.raises(BackupRefused, match="There is no database"):
        await commanded("drill", nowhere)
    assert not (tmp_path / "nowhere.db").exists()


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


async def test_another_admin_confirms(stand_ins: Providers, new_sqlite_url: str, tmp_path: Path) -> None:
    """Of two admins without authenticators one lets out what waits, and the other says yes to it."""
    changes: dict[str, Any] = {"backup_public_key": KEY.public, "backup_second_place": str(tmp_path / "second")}
    (tmp_path / "key").write_text(f"{KEY.secret}\n")
    async with house(stand_ins, new_sqlite_url, **changes) as home:
        await home.carol.says("/start")
        await home.carol.sees("Welcome")
        await home.staff()
        services = home.running.app.services
        carol = await services.people.joining.identify(home.carol.id, "Carol", "en")
        bob = await services.people.joining.identify(home.bob.id, "Bob", "en")
        await services.people.roles.change_role(carol, bob.id, bob.role, Role.ADMIN)
        settings, alice = home.settings, home.alice
    await promise(new_sqlite_url, alice.id)
    await commanded("backup", settings)
    await commanded("restore", settings, key=str(tmp_path / "key"))
    async with house(stand_ins, new_sqlite_url, **changes) as home:
        card = await home.carol.sees("Stripe was asked: looked at")
        await home.carol.taps("Send 1 to clients", card)
        ask = await home.carol.sees("Confirm that it is you")
        await home.carol.taps("Ask another admin", ask)
        await home.bob.taps("Confirm", await home.bob.sees("Carol asks you to confirm"))
        await home.carol.taps("Go on", await home.carol.sees("Bob confirmed it"))
        await home.alice.sees(OWED)


async def test_what_is_held_is_seen(stand_ins: Providers, new_sqlite_url: str, tmp_path: Path) -> None:
    """/status says first that messages wait, to operators as well, and /backups leads to what waits."""
    changes: dict[str, Any] = {"backup_public_key": KEY.public, "backup_second_place": str(tmp_path / "second")}
    (tmp_path / "key").write_text(f"{KEY.secret}\n")
    async with house(stand_ins, new_sqlite_url, **changes) as home:
        await home.carol.says("/start")
        await home.carol.sees("Welcome")
        await home.staff()
        settings = home.settings
    await commanded("backup", settings)
    await commanded("restore", settings, key=str(tmp_path / "key"))
    async with house(stand_ins, new_sqlite_url, **changes) as home:
        await home.carol.sees("Stripe was asked: looked at")
        await home.carol.says("/status")
        assert "see /backups" in (await home.carol.sees("Messages wait for a decision")).text
        await home.bob.says("/status")
        assert "until an admin decides" in (await home.bob.sees("Messages wait for a decision")).text
        await home.carol.says("/backups")
        card, mark = await home.carol.sees("Backups · "), home.carol.mark()
        assert "messages wait for your decision" in card.text
        await home.carol.taps("Decide what is sent", card)
        await home.carol.sees("Nothing is sent until you decide", after=mark)
