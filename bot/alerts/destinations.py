"""What the outbox calls a place, in words for people."""

from bot.alerts.model import Destination
from bot.messages.service import TELEGRAM
from storage.engine.connection import Connection
from storage.people import people


async def name_of(connection: Connection, channel: str, destination: str) -> Destination:
    """Whom or what it reaches: a person's name, a group, a mail address, a table."""
    chat = destination.partition("/")[0]
    if channel != TELEGRAM:
        return Destination(destination)
    if not chat.isdecimal():
        return Destination(chat, "group")
    person = await people.by_telegram_id(connection, int(chat))
    return Destination(person.name) if person is not None else Destination(chat, "chat")
