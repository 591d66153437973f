"""Queries on team rooms: groups in which what is otherwise told in private may be answered."""

from typing import Any

from sqlalchemy import Row, bindparam, select, update

from bot.access.model import Person, TeamRoom
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.upsert import upsert
from storage.tables.people import people, team_rooms

# Built once: building a statement takes SQLAlchemy several times longer than running it.
_OPEN = (team_rooms.c.tenant == bindparam("its_tenant"), team_rooms.c.ended_at.is_(None))
_IS_ANYBODYS = select(team_rooms.c.id).where(team_rooms.c.ended_at.is_(None), team_rooms.c.chat_id == bindparam("chat"))
_IS_ONE = _IS_ANYBODYS.where(team_rooms.c.tenant == bindparam("its_tenant"))
_ROOM = select(team_rooms, people.c.name).join(people, people.c.id == team_rooms.c.bound_by)


async def is_one(connection: Connection, tenant: str, chat_id: int) -> bool:
    """Whether the chat is a team room of theirs now; for "", who belongs to no tenant, whosever."""
    query, whose = (_IS_ONE, {"its_tenant": tenant}) if tenant else (_IS_ANYBODYS, {})
    return (await connection.execute(query, {"chat": chat_id} | whose)).first() is not None


async def all_of(connection: Connection, tenant: str) -> list[TeamRoom]:
    """Every team room that there is now, in the order they were first bound."""
    rows = await connection.execute(_ROOM.where(*_OPEN).order_by(team_rooms.c.id), {"its_tenant": tenant})
    return [_room(row) for row in rows]


async def locked(tx: Transaction, chat_id: int) -> TeamRoom | None:
    """What is known of the chat, whosever it is, also of one that is none any more; held for this transaction."""
    query = _ROOM.where(team_rooms.c.chat_id == chat_id)
    row = (await tx.run(query.with_for_update(of=team_rooms))).first()
    return None if row is None else _room(row)


async def bind(tx: Transaction, who: Person, chat_id: int, title: str, message_id: int) -> None:
    """Make the chat a team room."""
    values = {"title": title, "bound_by": who.id, "bound_at": tx.now, "ended_at": None, "message_id": message_id}
    await upsert(tx, team_rooms, {"tenant": who.tenant, "chat_id": chat_id}, values)


async def end(tx: Transaction, room: TeamRoom, message_id: int | None = None) -> None:
    """Let the chat be a team room no more, by that /here, or otherwise."""
    values = {"ended_at": tx.now} | ({} if message_id is None else {"message_id": message_id})
    await tx.run(
        update(team_rooms).where(team_rooms.c.tenant == room.tenant, team_rooms.c.id == room.id).values(**values)
    )


async def move(tx: Transaction, old: int, new: int) -> None:
    """The chat has another id now; one that is known already stays what it is."""
    known = (await tx.run(select(team_rooms.c.id).where(team_rooms.c.chat_id == new))).first()
    values = {"chat_id": new} if known is None else {"ended_at": tx.now}
    await tx.run(update(team_rooms).where(team_rooms.c.chat_id == old).values(**values))


def _room(row: Row[Any]) -> TeamRoom:
    return TeamRoom(
        id=row.id,
        tenant=row.tenant,
        chat_id=row.chat_id,
        title=row.title,
        by=row.name,
        bound_at=row.bound_at,
        ended=row.ended_at is not None,
        message_id=row.message_id,
    )
