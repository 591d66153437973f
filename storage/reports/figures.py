"""Queries for reports: figures of a span of time, each from the rows that make it true."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from bot.briefs.model import State
from bot.kernel.money import Money
from bot.ledger.model import Account
from storage.engine.connection import Connection
from storage.ledger.postings import exact_sum, whole
from storage.quality import scores
from storage.tables.briefs import briefs, decisions
from storage.tables.ledger import posting_lines, postings


async def _one(connection: Connection, query: Any) -> Any:
    return (await connection.execute(query)).scalar_one()


async def posted(
    connection: Connection,
    tenant: str,
    accounts: Collection[Account],
    kinds: Collection[str],
    start: datetime,
    end: datetime,
) -> dict[str, Money]:
    """The sum posted to these accounts by postings of these kinds, per currency."""
    query = (
        select(posting_lines.c.currency, *exact_sum(posting_lines.c.amount_minor))
        .join(postings, postings.c.id == posting_lines.c.posting_id)
        .where(postings.c.tenant == tenant, postings.c.kind.in_(kinds), posting_lines.c.account.in_(accounts))
        .where(postings.c.posted_at >= start, postings.c.posted_at < end)
        .group_by(posting_lines.c.currency)
    )
    rows = await connection.execute(query)
    return {currency: Money(whole(upper, lower), currency) for currency, upper, lower in rows}


async def mean_score(connection: Connection, tenant: str, start: datetime, end: datetime) -> float | None:
    """The mean score, in points, of the drafts that were approved."""
    approved = select(decisions.c.draft_id).where(decisions.c.tenant == tenant, decisions.c.verdict == "approved")
    approved = approved.where(decisions.c.created_at >= start, decisions.c.created_at < end)
    return await scores.mean(connection, tenant, approved)


async def in_review(connection: Connection, tenant: str) -> tuple[int, datetime | None]:
    """How many briefs wait for a person, and since when the one that waits longest does."""
    query = select(func.count(), func.min(briefs.c.in_review_at)).where(
        briefs.c.tenant == tenant, briefs.c.state == State.IN_REVIEW
    )
    row = (await connection.execute(query)).one()
    return int(row[0]), row[1]
