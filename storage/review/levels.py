"""Queries on the levels of whatever waits for the team: rows with `reminded`, and a column that says since when."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Column, ColumnElement, Table, and_, bindparam, or_, update

from bot.review.model import Escalation
from storage.engine.database import Transaction


def is_due(table: Table, since: Column[datetime], now: datetime, escalation: Escalation) -> ColumnElement[bool]:
    """Whether a row has waited long enough for its next level."""
    due = [
        and_(table.c.reminded < level, since <= now - step) for level, step in enumerate(escalation.steps(), start=1)
    ]
    return or_(*due)


async def note_levels(tx: Transaction, table: Table, tenant: str, levels: Mapping[int, int]) -> None:
    """Note which level each row, by its id, has reached."""
    if levels:
        reached = update(table).where(table.c.tenant == tenant, table.c.id == bindparam("of"))
        reached = reached.values(reminded=bindparam("level"))
        await tx.run(reached, [{"of": row_id, "level": level} for row_id, level in levels.items()])
