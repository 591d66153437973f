"""Queries on messages that are, or may become, parts of a longer text."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, select, update

from bot.access.model import Person
from bot.intake.long_texts import Part
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.types import unindexed
from storage.engine.upsert import insert_new
from storage.tables.briefs import text_parts

# Built once, for every message asks it: building a statement takes SQLAlchemy several times longer than running it.
_NEWEST = select(text_parts).where(
    unindexed(text_parts.c.tenant) == bindparam("its_tenant"),
    text_parts.c.person_id == bindparam("person"),
    text_parts.c.chat_id == bindparam("chat"),
    text_parts.c.message_id <= bindparam("message"),
)
_NEWEST = _NEWEST.order_by(text_parts.c.message_id.desc()).limit(1)


def _part(row: Row[Any]) -> Part:
    return Part(
        chat_id=row.chat_id,
        message_id=row.message_id,
        source_key=row.source_key,
        text=row.text,
        sent_at=row.sent_at,
        forwarded_from=row.forwarded_from,
        separator=row.joint,
        brief_id=row.brief_id,
        taken=row.taken,
    )


async def add(tx: Transaction, who: Person, part: Part) -> None:
    """Keep the part; the same message again is the same row."""
    row = {"tenant": who.tenant, "person_id": who.id, "chat_id": part.chat_id, "message_id": part.message_id}
    row |= {"source_key": part.source_key, "text": part.text, "joint": part.separator, "sent_at": part.sent_at}
    row |= {"forwarded_from": part.forwarded_from, "brief_id": part.brief_id, "taken": part.taken, "created_at": tx.now}
    await insert_new(tx, text_parts, row, "person_id", "chat_id", "message_id")


async def newest(connection: Connection, who: Person, chat_id: int, message_id: int) -> Part | None:
    """The part with that message, else the last one that the person wrote in the chat before it."""
    given = {"its_tenant": who.tenant, "person": who.id, "chat": chat_id, "message": message_id}
    row = (await connection.execute(_NEWEST, given)).first()
    return None if row is None else _part(row)


async def of_text(connection: Connection, who: Person, source_key: str) -> list[Part]:
    """The parts of one text, in the order in which they were written."""
    query = select(text_parts).where(text_parts.c.tenant == who.tenant, text_parts.c.source_key == source_key)
    rows = await connection.execute(query.order_by(text_parts.c.message_id))
    return [_part(row) for row in rows]


async def take(tx: Transaction, who: Person, source_key: str, *, taken: bool) -> None:
    """Something is done with the text as far as it is there, or it waits for its rest."""
    await _change(tx, who, source_key, taken=taken)


async def bind(tx: Transaction, who: Person, source_key: str, brief_id: int) -> None:
    """The text took the place of the brief's words or of its draft."""
    await _change(tx, who, source_key, brief_id=brief_id)


async def _change(tx: Transaction, who: Person, source_key: str, **values: Any) -> None:
    theirs = update(text_parts).where(text_parts.c.tenant == who.tenant, text_parts.c.source_key == source_key)
    await tx.run(theirs.values(values))


async def reword(tx: Transaction, who: Person, part: Part, text: str) -> Part:
    """The part's message was edited."""
    edited = update(text_parts).where(text_parts.c.tenant == who.tenant, text_parts.c.person_id == who.id)
    edited = edited.where(text_parts.c.chat_id == part.chat_id)
    await tx.run(edited.where(text_parts.c.message_id == part.message_id).values(text=text))
    return replace(part, text=text)


async def forget(tx: Transaction, before: datetime) -> int:
    """Delete parts that came before that time; returns how many rows went. What became of them keeps its own text."""
    return (await tx.run(delete(text_parts).where(text_parts.c.created_at < before))).rowcount
