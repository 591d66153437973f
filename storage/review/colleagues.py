"""Queries on what those who decide write on a brief for each other, and which cards of it they opened."""

from collections.abc import Sequence

from sqlalchemy import delete, select

from bot.access.model import Person
from bot.briefs.model import Brief
from bot.review.model import Note, View
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.upsert import insert_new
from storage.tables.briefs import brief_notes, review_views
from storage.tables.people import people

_VIEW = ("brief_id", "person_id", "chat_id", "topic", "message_id", "whole")


async def add_note(tx: Transaction, brief: Brief, who: Person, text: str) -> None:
    """Keep a note on the brief for colleagues."""
    row = {"tenant": brief.tenant, "brief_id": brief.id, "person_id": who.id, "text": text, "created_at": tx.now}
    await tx.run(brief_notes.insert(), row)


async def newest_notes(connection: Connection, brief: Brief, limit: int) -> Sequence[Note]:
    """The newest notes on the brief, the newest last."""
    query = select(people.c.name, brief_notes.c.text, brief_notes.c.created_at)
    query = query.join(people, people.c.id == brief_notes.c.person_id)
    query = query.where(brief_notes.c.tenant == brief.tenant, brief_notes.c.brief_id == brief.id)
    rows = (await connection.execute(query.order_by(brief_notes.c.id.desc()).limit(limit))).all()
    return [Note(row.name, row.text, row.created_at) for row in reversed(rows)]


async def add_view(tx: Transaction, brief: Brief, view: View) -> None:
    """Remember a card that somebody opened; the same once more is the same."""
    row = {"tenant": brief.tenant, "created_at": tx.now, **{name: getattr(view, name) for name in _VIEW}}
    await insert_new(tx, review_views, row, "brief_id", "chat_id", "message_id", "whole")


async def views_of(connection: Connection, brief: Brief) -> Sequence[View]:
    """The cards of the brief that people opened, oldest first."""
    query = select(review_views).where(review_views.c.tenant == brief.tenant, review_views.c.brief_id == brief.id)
    rows = await connection.execute(query.order_by(review_views.c.id))
    return [View(**{name: row._mapping[name] for name in _VIEW}) for row in rows]


async def forget_views(tx: Transaction, brief: Brief) -> None:
    """They are closed."""
    gone = delete(review_views).where(review_views.c.tenant == brief.tenant, review_views.c.brief_id == brief.id)
    await tx.run(gone)
