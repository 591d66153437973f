"""Queries of the mornings: what starts then, and what people should know of the day."""

from datetime import datetime

from sqlalchemy import func, or_, select

from bot.briefs.model import OPEN_STATES, State
from bot.mornings.model import Due
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.types import unindexed
from storage.engine.upsert import insert_new
from storage.tables.briefs import GOES_ON, briefs, mornings

TO_DO = OPEN_STATES - {State.DELIVERED}


async def deferred(connection: Connection, tenant: str, by: datetime, at_most: int) -> list[int]:
    """Ids of the tenant's briefs that wait for a morning which has come by then, those said yes to first."""
    query = select(briefs.c.id).where(briefs.c.tenant == tenant, briefs.c.state == State.DEFERRED)
    query = query.where(unindexed(briefs.c.starts_at) <= by).order_by(briefs.c.id).limit(at_most)
    return list((await connection.execute(query)).scalars())


async def due(connection: Connection, tenant: str, by: datetime, at_most: int) -> list[Due]:
    """The tenant's briefs that were promised by then, or are due, and are not delivered."""
    query = select(briefs.c.id, briefs.c.title, briefs.c.deadline, briefs.c.read_by, briefs.c.state)
    query = query.where(briefs.c.tenant == tenant, briefs.c.state.in_(TO_DO), *GOES_ON)
    query = query.where(or_(unindexed(briefs.c.deadline) <= by, unindexed(briefs.c.read_by) <= by)).limit(at_most)
    rows = await connection.execute(query)
    return [Due(row.id, row.title, min(filter(None, (row.deadline, row.read_by)))) for row in rows]


async def in_review(connection: Connection, tenant: str) -> tuple[int, datetime | None]:
    """How many drafts wait for a person, and since when the first of them does."""
    query = select(func.count(), func.min(briefs.c.in_review_at)).where(
        briefs.c.tenant == tenant, briefs.c.state == State.IN_REVIEW
    )
    count, since = (await connection.execute(query)).one()
    return count, since


async def done(connection: Connection, tenant: str, day: str, kind: str) -> bool:
    """Whether this was noted of that day."""
    query = select(mornings.c.id).where(mornings.c.tenant == tenant, mornings.c.day == day, mornings.c.kind == kind)
    return (await connection.execute(query)).first() is not None


async def once(tx: Transaction, tenant: str, day: str, kind: str) -> bool:
    """Note that this is done on that day; False where it was noted before."""
    row = {"tenant": tenant, "day": day, "kind": kind, "created_at": tx.now}
    return bool(await insert_new(tx, mornings, row, "tenant", "day", "kind"))
