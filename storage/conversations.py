"""Queries on guided conversations: a row per person and chat says which step is next, so a restart changes nothing."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, delete, select

from bot.access.model import Person
from storage.connection import Connection
from storage.database import Transaction
from storage.inserting import insert_or_change
from storage.tables import conversations

_THEIRS = (conversations.c.person_id == bindparam("person"), conversations.c.chat_id == bindparam("chat"))
_CURRENT = select(conversations).where(*_THEIRS)
_END = delete(conversations).where(*_THEIRS)


@dataclass(frozen=True, slots=True)
class Conversation:
    """Where a guided conversation stands: the step that waits for an answer, and what was said so far."""

    step: str
    data: dict[str, Any]


async def current(connection: Connection, who: Person, chat_id: int) -> Conversation | None:
    row = (await connection.execute(_CURRENT, {"person": who.id, "chat": chat_id})).first()
    return None if row is None else Conversation(row.step, row.data)


async def ask(tx: Transaction, who: Person, chat_id: int, step: str, data: dict[str, Any]) -> None:
    """Let the person's next plain message in the chat answer `step`."""
    key = {"tenant": who.tenant, "person_id": who.id, "chat_id": chat_id}
    await insert_or_change(tx, conversations, key, {"step": step, "data": data, "updated_at": tx.now})


async def end(tx: Transaction, who: Person, chat_id: int) -> bool:
    """End the conversation; False where there was none."""
    return (await tx.run(_END, {"person": who.id, "chat": chat_id})).rowcount > 0


async def end_all(tx: Transaction, who: Person) -> None:
    """End every conversation with the person, in whichever chat: they may no longer do what it led to."""
    await tx.run(delete(conversations).where(conversations.c.person_id == who.id))
