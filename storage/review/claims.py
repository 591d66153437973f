"""Queries on what waits for people: claims, and the reminders that are due."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select, update

from bot.briefs.model import Brief, State
from bot.kernel.errors import Stale
from bot.kernel.translation import gettext as _
from bot.review.model import Escalation
from storage.briefs.briefs import brief_of
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.types import EPOCH
from storage.review.levels import is_due, note_levels
from storage.tables.briefs import briefs


async def claim(tx: Transaction, brief: Brief, person_id: int | None) -> Brief:
    """Let the person have the draft, or with None nobody. What cards show of the draft stays as it is, and so does the
    version. Raises Stale where the brief changed since it was read.
    """
    at = None if person_id is None else tx.now
    unchanged = (briefs.c.tenant == brief.tenant, briefs.c.id == brief.id, briefs.c.version == brief.version)
    if not (await tx.run(update(briefs).where(*unchanged).values(claimed_by=person_id, claimed_at=at))).rowcount:
        raise Stale(_("Brief {brief} changed in the meantime. See /brief_{brief}.", brief=brief.id))
    return replace(brief, claimed_by=person_id, claimed_at=at)


async def end_claims_of(tx: Transaction, tenant: str, person_id: int) -> None:
    """Let the person's claims be over as if their time were: the reminders free the drafts, and show that."""
    theirs = update(briefs).where(briefs.c.tenant == tenant, briefs.c.claimed_by == person_id)
    await tx.run(theirs.where(briefs.c.state == State.IN_REVIEW).values(claimed_at=EPOCH))


async def end_astray(tx: Transaction, tenant: str, may: Collection[int]) -> int:
    """Let claims be over that would not end: of people who may decide no more, or without a time; says how many.

    may: the ids of those who may.
    """
    claimed = (briefs.c.tenant == tenant, briefs.c.state == State.IN_REVIEW, briefs.c.claimed_by.is_not(None))
    astray = or_(briefs.c.claimed_at.is_(None), and_(briefs.c.claimed_at > EPOCH, briefs.c.claimed_by.not_in(may)))
    return (await tx.run(update(briefs).where(*claimed, astray).values(claimed_at=EPOCH))).rowcount


async def due(tx: Transaction, tenant: str, escalation: Escalation) -> list[Brief]:
    """Briefs that have waited long enough for their next level, oldest first, held for this transaction.

    A draft that waits for its client's answer reaches none, until that was asked for as long ago as the last level:
    then people hear of it.
    """
    query = select(briefs).where(briefs.c.tenant == tenant, briefs.c.state == State.IN_REVIEW)
    query = query.where(is_due(briefs, briefs.c.in_review_at, tx.now, escalation))
    query = query.where(_not_asked_since(tx.now - escalation.last))
    query = query.order_by(briefs.c.in_review_at, briefs.c.id).with_for_update(skip_locked=True)
    return [brief_of(row) for row in await tx.run(query)]


async def escalate(tx: Transaction, tenant: str, levels: Mapping[int, int]) -> None:
    """Note which level each brief, by its id, has reached."""
    await note_levels(tx, briefs, tenant, levels)


async def ended_claims(tx: Transaction, tenant: str, lasts: timedelta) -> list[Brief]:
    """Briefs in review whose claim was made so long ago that it has ended, held for this transaction."""
    query = select(briefs).where(briefs.c.tenant == tenant, briefs.c.state == State.IN_REVIEW)
    query = query.where(briefs.c.claimed_at <= tx.now - lasts).with_for_update(skip_locked=True)
    return [brief_of(row) for row in await tx.run(query)]


async def waiting_since(connection: Connection, tenant: str, before: datetime, limit: int) -> Sequence[Brief]:
    """Briefs that have waited for a person since before that time, the longest wait first."""
    query = select(briefs).where(briefs.c.tenant == tenant, briefs.c.state == State.IN_REVIEW)
    query = (
        query.where(briefs.c.in_review_at <= before, _not_asked_since(before))
        .order_by(briefs.c.in_review_at, briefs.c.id)
        .limit(limit)
    )
    return [brief_of(row) for row in await connection.execute(query)]


async def count_since(connection: Connection, tenant: str, before: datetime) -> int:
    """How many briefs have waited for a person since before that time."""
    query = select(func.count()).where(briefs.c.tenant == tenant, briefs.c.state == State.IN_REVIEW)
    return int(
        (await connection.execute(query.where(briefs.c.in_review_at <= before, _not_asked_since(before)))).scalar_one()
    )


def _not_asked_since(then: datetime) -> ColumnElement[bool]:
    return or_(briefs.c.asked_at.is_(None), briefs.c.asked_at <= then)
