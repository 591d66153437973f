"""Queries on threads that wait long: the reminders that are due, and claims that ended."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import select

from bot.review.model import Escalation
from bot.support.model import Thread
from storage.engine.database import Transaction
from storage.review.levels import is_due, note_levels
from storage.support.threads import thread_of
from storage.tables.support import WAITS, threads


async def due(tx: Transaction, tenant: str, escalation: Escalation) -> list[Thread]:
    """Threads that have waited long enough for their next level, oldest first, held for this transaction."""
    query = select(threads).where(threads.c.tenant == tenant, WAITS)
    query = query.where(is_due(threads, threads.c.since, tx.now, escalation))
    query = query.order_by(threads.c.since, threads.c.id).with_for_update(skip_locked=True)
    return [thread_of(row) for row in await tx.run(query)]


async def escalate(tx: Transaction, tenant: str, levels: Mapping[int, int]) -> None:
    """Note which level each thread, by its id, has reached."""
    await note_levels(tx, threads, tenant, levels)


async def ended_claims(tx: Transaction, tenant: str, lasts: timedelta) -> list[Thread]:
    """Threads that wait and whose claim was made so long ago that it has ended, held for this transaction."""
    query = select(threads).where(threads.c.tenant == tenant, WAITS, threads.c.claimed_at <= tx.now - lasts)
    return [thread_of(row) for row in await tx.run(query.with_for_update(skip_locked=True))]
