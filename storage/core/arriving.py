"""What is kept of an update of Telegram's, whatever came: https://core.telegram.org/bots/api#update"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson

from bot.kernel.ids import content_hash
from bot.kernel.text.storable import dump_json
from storage.core import inbox
from storage.core.inbox import Arrival
from storage.engine.connection import Connection

SOURCE = "telegram"
WIDEST = 2**62  # no number of Telegram's comes near, and every database keeps it
GONE = frozenset({"kicked", "left"})


def arrival_of(tenant: str, update: Any) -> Arrival:
    """What is kept of an update, whatever it is; the inbox finds out whether it can be read."""
    try:
        written = dump_json(update)
    except (TypeError, RecursionError):  # so deep that it cannot be written down
        update = {"update_id": number_of(update), "unreadable": "nested too deeply"}
        written = orjson.dumps(update)
    number, payload = number_of(update), update if isinstance(update, Mapping) else {"unreadable": update}
    name = str(number) if number is not None else f"none:{content_hash(written.decode())}"
    return Arrival(tenant, SOURCE, name, payload)


def number_of(update: Any) -> int | None:
    """The update's number; None where it has none."""
    number = update.get("update_id") if isinstance(update, Mapping) else None
    return number if type(number) is int and 0 <= number < WIDEST else None


async def is_back(connection: Connection, chat_id: int, since: datetime, until: datetime) -> bool:
    """Whether the last that came from a private chat in that time says that its person can be written to: a refusal
    of a message that was on its way meanwhile is older than that.
    """
    rows = await inbox.between(connection, SOURCE, since, until, str(chat_id))
    said = [stays for _, payload in rows if (stays := _stays(payload, chat_id)) is not None]
    return bool(said) and said[-1]


def _stays(update: Any, chat_id: int) -> bool | None:
    """Whether the person of that chat stays in it; None where the update is of no account."""
    for kind in ("message", "my_chat_member"):
        part = update.get(kind) if isinstance(update, Mapping) else None
        chat = part.get("chat") if isinstance(part, Mapping) else None
        if isinstance(chat, Mapping) and chat.get("id") == chat_id:
            member = part.get("new_chat_member") if isinstance(part, Mapping) else None
            return not (isinstance(member, Mapping) and member.get("status") in GONE)
    return None
