"""A Telegram stand-in with the real SDK's Bot in front of it and Alice behind it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from telegram import Bot, Update

from sandbox.server import Sandbox
from sandbox.telegram.people import Person
from sandbox.telegram.server import TelegramStandIn
from tests.contract.bot_api_schema import BotApiSchema

PNG = bytes.fromhex("89504e470d0a1a0a0000000d494844520000000300000002080200000012161ad5")


@dataclass
class Desk:
    """The stand-in, the SDK's Bot, Alice (who has written `/start`), and the sandbox's address."""

    stand_in: TelegramStandIn
    bot: Bot
    alice: Person
    url: str
    offset: int = 0

    async def updates(self, timeout: int = 5, allowed: list[str] | None = None) -> list[Update]:
        """The updates since the last call, waiting up to `timeout` seconds for the first."""
        found = await self.bot.get_updates(offset=self.offset, timeout=timeout, allowed_updates=allowed)
        if found:
            self.offset = found[-1].update_id + 1
        return list(found)

    async def update(self) -> Update:
        """The one update that is due."""
        (found,) = await self.updates()
        return found


@asynccontextmanager
async def open_desk(stand_in: TelegramStandIn | None = None) -> AsyncIterator[Desk]:
    """Serve a stand-in; every call made on it must fit the Bot API's schema."""
    stand_in = stand_in or TelegramStandIn()
    schema = BotApiSchema()
    stand_in.on_call.append(schema)
    async with Sandbox(stand_in) as sandbox, sdk_bot(stand_in, sandbox.url) as bot:
        alice = stand_in.person("Alice", username="alice", language_code="en")
        await alice.says("/start")
        desk = Desk(stand_in, bot, alice, sandbox.url)
        await desk.updates()
        await desk.updates(timeout=0)
        yield desk
    assert schema.found == [], schema.found


def sdk_bot(stand_in: TelegramStandIn, url: str) -> Bot:
    """The unmodified Bot, not initialized."""
    return Bot(stand_in.token, base_url=f"{url}/telegram/bot", base_file_url=f"{url}/telegram/file/bot")
