"""Queries on the rungs of whatever waits for the team: rows with `reminded`, and a column that says since when."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Column, ColumnElement, Table, and_, bindparam, or_, update

from bot.review.model import Escalation
from storage.engine.database import Transaction


def is_due(table: Table, since: Column[datetime], now: datetime, patience: Escalation) -> ColumnElement[bool]:
    """Whether a row has waited long enough for its next rung."""
    due = [and_(table.c.reminded < rung, since <= now - step) for rung, step in enumerate(patience.steps(), start=1)]
    return or_(*due)


async def note_rungs(tx: Transaction, table: Table, tenant: str, rungs: Mapping[int, int]) -> None:
    """Note which rung each row, by its id, stands on now."""
    if rungs:
        climbed = update(table).where(table.c.tenant == tenant, table.c.id == bindparam("of"))
        climbed = climbed.values(reminded=bindparam("rung"))
        await tx.run(climbed, [{"of": row_id, "rung": rung} for row_id, rung in rungs.items()])
