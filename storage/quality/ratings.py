"""Queries on what clients thought of delivered work."""

from dataclasses import dataclass

from sqlalchemy import select, update

from bot.briefs.model import Brief
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.upsert import insert_new
from storage.quality import folds
from storage.tables.quality import ratings


@dataclass(frozen=True, slots=True)
class Rating:
    """A client's stars (1 to 5) for a brief; the revision that came of them, None where none did."""

    stars: int
    comment: str | None
    revision_id: int | None


async def of_brief(connection: Connection, tenant: str, brief_id: int) -> Rating | None:
    """The brief's rating; None where there is none."""
    query = select(ratings).where(ratings.c.tenant == tenant, ratings.c.brief_id == brief_id)
    row = (await connection.execute(query)).first()
    return None if row is None else Rating(row.stars, row.comment, row.revision_id)


async def rate(tx: Transaction, brief: Brief, stars: int) -> bool:
    """Keep the stars, in place of earlier ones; False where a revision began, which they are the reason of."""
    row = {"tenant": brief.tenant, "brief_id": brief.id, "client_id": brief.client_id, "stars": stars}
    row |= {"task_type": brief.task_type}
    if await insert_new(tx, ratings, row | {"created_at": tx.now}, "brief_id"):
        return True
    its = (ratings.c.tenant == brief.tenant, ratings.c.brief_id == brief.id, ratings.c.revision_id.is_(None))
    before = (await tx.run(select(ratings.c.created_at).where(*its).with_for_update())).scalars().all()
    await folds.unfold(tx, brief.tenant, *before)
    await tx.run(update(ratings).where(*its).values(stars=stars, created_at=tx.now))
    return bool(before)


async def revised(tx: Transaction, brief: Brief, revision: Brief, comment: str) -> None:
    """Note that the revision came of the brief's rating, and what the client missed."""
    change = update(ratings).where(ratings.c.tenant == brief.tenant, ratings.c.brief_id == brief.id)
    await tx.run(change.values(revision_id=revision.id, comment=comment))
