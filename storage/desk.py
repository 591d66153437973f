"""Queries on what waits for people: claims, the queue with its filters, and the reminders that are due."""

from dataclasses import replace

from sqlalchemy import update

from bot.briefs.model import Brief
from bot.kernel.errors import Stale
from storage.database import Transaction
from storage.tables import briefs


async def claim(tx: Transaction, brief: Brief, person_id: int | None) -> Brief:
    """Let the person have the draft, or with None nobody. What cards show of the draft stays as it is, and so does the
    version. Raises Stale where the brief changed since it was read.
    """
    at = None if person_id is None else tx.now
    unchanged = (briefs.c.id == brief.id, briefs.c.version == brief.version)
    if not (await tx.run(update(briefs).where(*unchanged).values(claimed_by=person_id, claimed_at=at))).rowcount:
        raise Stale(f"Brief {brief.id} changed in the meantime. See /brief_{brief.id}.")
    return replace(brief, claimed_by=person_id, claimed_at=at)
