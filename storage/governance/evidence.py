"""What the audit pack lists: sign-ins, deeds with both of their people, and money that moved past us."""

from datetime import datetime

from sqlalchemy import func, select

from bot.kernel.money import Money
from storage.engine.connection import Connection
from storage.tables.audit import audit
from storage.tables.core import events
from storage.tables.money.approvals import approvals
from storage.tables.money.refunds import refunds

SIGNED_IN, REFUSED, PLACE = "session.began", "refused", "place:%"


async def sign_ins(connection: Connection, tenant: str, since: datetime) -> dict[int, int]:
    """How often each person signed in to the pages since then."""
    first = select(audit.c.id).where(audit.c.tenant == tenant, audit.c.at >= since).order_by(audit.c.at).limit(1)
    number = (await connection.execute(first)).scalar()
    if number is None:
        return {}
    query = select(audit.c.person_id, func.count()).where(audit.c.tenant == tenant, audit.c.action == SIGNED_IN)
    query = query.where(audit.c.id >= number, audit.c.person_id.is_not(None)).group_by(audit.c.person_id)
    return {int(person): int(count) for person, count in await connection.execute(query)}


async def refused_sign_ins(connection: Connection, tenant: str, since: datetime, until: datetime) -> int:
    """How often somebody was not let in to the pages."""
    query = select(func.count()).where(events.c.tenant == tenant, events.c.name == REFUSED)
    query = query.where(events.c.at >= since, events.c.at < until, events.c.subject.like(PLACE))
    return int((await connection.execute(query)).scalar_one())


async def approvals_of(connection: Connection, tenant: str, since: datetime, until: datetime, limit: int) -> list[int]:
    """The deeds that were asked for then, by their numbers, the newest so many."""
    query = select(approvals.c.id).where(approvals.c.tenant == tenant, approvals.c.asked_at >= since)
    query = query.where(approvals.c.asked_at < until).order_by(approvals.c.asked_at.desc()).limit(limit)
    return [int(number) for number in (await connection.execute(query)).scalars()]


async def refunds_past_us(
    connection: Connection, tenant: str, since: datetime, until: datetime, limit: int
) -> list[tuple[int, Money, datetime]]:
    """Refunds of that time that somebody made in the payment provider's own pages."""
    query = select(refunds.c.id, refunds.c.amount_minor, refunds.c.currency, refunds.c.created_at)
    query = query.where(refunds.c.tenant == tenant, refunds.c.created_at >= since, refunds.c.created_at < until)
    query = query.where(refunds.c.asked_by.is_(None)).order_by(refunds.c.created_at.desc()).limit(limit)
    return [(row.id, Money(row.amount_minor, row.currency), row.created_at) for row in await connection.execute(query)]
