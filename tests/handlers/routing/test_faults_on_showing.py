"""A fault of ours while an answer is shown: tried a few times, then told, and the chat goes on."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import Any

from bot.kernel.card import Card
from bot.messages.ports import Chat
from bot.parts import Part
from handlers.dispatch import Dispatcher
from handlers.inbox import InboxWorker
from handlers.routing.polling import keep
from storage.core import inbox
from storage.queue import failed_tasks
from tests.eventually import eventually, nothing
from tests.house import CAROL, Providers, house


class OddChat:
    """A chat whose adapter has a fault with one kind of card."""

    def __init__(self, chat: Chat) -> None:
        self._chat = chat
        self.asked = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._chat, name)

    async def send(self, chat_id: int, card: Card, *, topic: int = 0) -> int:
        if "What you can do here" in card.text:
            self.asked += 1
            raise KeyError("a fault of ours")
        return await self._chat.send(chat_id, card, topic=topic)


def written(number: int, text: str) -> dict[str, Any]:
    who = {"id": CAROL, "is_bot": False, "first_name": "Carol"}
    message = {"message_id": number, "date": 1, "chat": {"id": CAROL, "type": "private"}, "from": who, "text": text}
    return {"update_id": number, "message": message}


async def test_a_fault_on_showing(stand_ins: Providers, database_url: str) -> None:
    """After three tries the person reads a reference, the team has it in /failed, and the next message is answered."""
    async with house(stand_ins, database_url, parts=frozenset({Part.WORKER})) as home:
        services = home.running.app.services
        odd = OddChat(services.chat)
        services = replace(services, chat=odd)
        worker = asyncio.create_task(InboxWorker(services, Dispatcher(services, home.running.app.signer)).run())
        await keep(services.database, [written(1, "/help"), written(2, "/whoami")])

        async def left() -> int:
            async with services.database.reading() as connection:
                return len(await inbox.waiting(connection, "telegram", 10))

        await eventually(left, nothing, within=20)
        worker.cancel()
        with suppress(asyncio.CancelledError):
            await worker
        assert odd.asked == 3
        async with services.database.reading() as connection:
            (failed,) = await failed_tasks.newest(connection, "main", 5)
        assert "a fault in the program (KeyError)" in failed.reason
