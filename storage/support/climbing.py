"""Queries on threads that wait long: the reminders that are due, and claims that ended."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import select

from bot.review.model import Escalation
from bot.support.model import Thread
from storage.engine.database import Transaction
from storage.review.rungs import is_due, note_rungs
from storage.support.threads import thread_of
from storage.tables.support import WAITS, threads


async def to_climb(tx: Transaction, tenant: str, patience: Escalation) -> list[Thread]:
    """Threads that have waited long enough for their next rung, oldest first, held for this transaction."""
    query = select(threads).where(threads.c.tenant == tenant, WAITS)
    query = query.where(is_due(threads, threads.c.since, tx.now, patience))
    query = query.order_by(threads.c.since, threads.c.id).with_for_update(skip_locked=True)
    return [thread_of(row) for row in await tx.run(query)]


async def climb(tx: Transaction, tenant: str, rungs: Mapping[int, int]) -> None:
    """Note which rung each thread, by its id, stands on now."""
    await note_rungs(tx, threads, tenant, rungs)


async def ended_claims(tx: Transaction, tenant: str, lasts: timedelta) -> list[Thread]:
    """Threads that wait and whose claim was made so long ago that it has ended, held for this transaction."""
    query = select(threads).where(threads.c.tenant == tenant, WAITS, threads.c.claimed_at <= tx.now - lasts)
    return [thread_of(row) for row in await tx.run(query.with_for_update(skip_locked=True))]
