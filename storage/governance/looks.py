"""What policies look at: approvals, refunds and decisions of a time, and who did what with their rights."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, literal, select

from bot.access.model import Role
from bot.approvals.model import ApprovalState
from bot.governance.model import Asked, Waited
from storage.engine.connection import Connection
from storage.engine.types import Bool, unindexed
from storage.tables.audit import audit
from storage.tables.billing import invoices
from storage.tables.briefs import briefs, decisions
from storage.tables.core import events
from storage.tables.money.approvals import UNDER_WAY, approval_signatures, approvals
from storage.tables.money.refunds import refunds
from storage.tables.people import people

AT_MOST = 200
APPROVERS = (Role.ADMIN,)
YES = literal(value=True, type_=Bool)


async def waiting(connection: Connection, tenant: str, before: datetime) -> list[tuple[int, str, datetime]]:
    """Deeds that people have not answered since before then: their numbers, what they are about, and since when."""
    query = select(approvals.c.id, approvals.c.subject, approvals.c.asked_at)
    query = query.where(UNDER_WAY, unindexed(approvals.c.tenant) == tenant, approvals.c.state == ApprovalState.WAITING)
    query = query.where(unindexed(approvals.c.asked_at) < before)
    rows = await connection.execute(query.order_by(approvals.c.id).limit(AT_MOST))
    return [(row.id, row.subject, row.asked_at) for row in rows]


async def asked(connection: Connection, tenant: str, since: datetime) -> list[Waited]:
    """Every deed that was asked for since then, with when the last of its answers came."""
    last = select(func.max(approval_signatures.c.at)).where(
        approval_signatures.c.approval_id == approvals.c.id,
        unindexed(approval_signatures.c.tenant) == approvals.c.tenant,
    )
    query = select(approvals.c.id, approvals.c.needed, approvals.c.asked_at, approvals.c.ended_at)
    query = query.add_columns(approvals.c.state, last.scalar_subquery().label("answered_at"))
    query = query.where(approvals.c.tenant == tenant, approvals.c.asked_at >= since)
    found = []
    for row in await connection.execute(query.order_by(approvals.c.asked_at)):
        waits = row.state == ApprovalState.WAITING
        found.append(Waited(row.id, row.needed, row.asked_at, None if waits else row.answered_at or row.ended_at))
    return found


async def own_approvals(connection: Connection, tenant: str, since: datetime) -> list[tuple[str, str]]:
    """Deeds since then that somebody approved whom they were asked for by: what each is about, and who."""
    query = select(approvals.c.subject, people.c.name).select_from(approvals)
    signed = (approval_signatures.c.approval_id == approvals.c.id) & (
        approval_signatures.c.person_id == approvals.c.asked_by
    )
    query = query.join(approval_signatures, signed & (unindexed(approval_signatures.c.tenant) == tenant))
    query = query.join(people, people.c.id == approvals.c.asked_by)
    query = query.where(approvals.c.tenant == tenant, approvals.c.asked_at >= since, approval_signatures.c.yes == YES)
    return [(row.subject, row.name) for row in await connection.execute(query.order_by(approvals.c.asked_at))]


async def own_refunds(connection: Connection, tenant: str, since: datetime) -> list[tuple[int, str]]:
    """Refunds since then that somebody asked for of an invoice of their own: their numbers, and who."""
    query = select(refunds.c.id, people.c.name).select_from(refunds)
    query = query.join(invoices, (invoices.c.id == refunds.c.invoice_id) & (unindexed(invoices.c.tenant) == tenant))
    query = query.join(people, people.c.id == refunds.c.asked_by)
    query = query.where(refunds.c.tenant == tenant, refunds.c.created_at >= since)
    query = query.where(unindexed(invoices.c.client_id) == refunds.c.asked_by)
    return [(row.id, row.name) for row in await connection.execute(query.order_by(refunds.c.created_at))]


async def own_drafts(connection: Connection, tenant: str, since: datetime) -> list[tuple[int, str]]:
    """Briefs that somebody handed in and approved themselves since then: their numbers, and who."""
    query = select(briefs.c.id, people.c.name).select_from(decisions)
    query = query.join(briefs, (briefs.c.id == decisions.c.brief_id) & (unindexed(briefs.c.tenant) == tenant))
    query = query.join(people, people.c.id == decisions.c.person_id)
    query = query.where(decisions.c.tenant == tenant, decisions.c.created_at >= since)
    query = query.where(decisions.c.verdict == "approved", unindexed(briefs.c.client_id) == decisions.c.person_id)
    return [(row.id, row.name) for row in await connection.execute(query.order_by(decisions.c.id))]


async def refunds_by_person(connection: Connection, tenant: str, since: datetime) -> list[Asked]:
    """Who asked for refunds since then, and when, whoever asked for most first."""
    query = select(refunds.c.asked_by, refunds.c.created_at, people.c.name)
    query = query.join(people, people.c.id == refunds.c.asked_by)
    query = query.where(refunds.c.tenant == tenant, refunds.c.created_at >= since)
    times: defaultdict[tuple[int, str], list[datetime]] = defaultdict(list)
    for row in await connection.execute(query.order_by(refunds.c.created_at)):
        times[row.asked_by, row.name].append(row.created_at)
    found = [Asked(person_id, name, tuple(at)) for (person_id, name), at in times.items()]
    return sorted(found, key=lambda one: (-len(one.times), one.person_id))


async def deeds(
    connection: Connection, tenant: str, person_id: int, since: datetime, names: Collection[str]
) -> tuple[int, int]:
    """How much the person did since then by the audit log, and how much of it is one of these deeds."""
    first = select(audit.c.id).where(audit.c.tenant == tenant, audit.c.at >= since).order_by(audit.c.at).limit(1)
    number = (await connection.execute(first)).scalar()
    if number is None:
        return 0, 0
    query = select(audit.c.action, func.count()).where(audit.c.tenant == tenant, audit.c.person_id == person_id)
    query = query.where(audit.c.id >= number, audit.c.outcome == "done").group_by(audit.c.action)
    counts = {action: int(count) for action, count in await connection.execute(query)}
    return sum(counts.values()), sum(count for action, count in counts.items() if action in names)


async def admin_since(connection: Connection, tenant: str, person_id: int) -> datetime | None:
    """Since when the person is an admin; None where they are none."""
    query = select(people.c.role, people.c.created_at).where(people.c.tenant == tenant, people.c.id == person_id)
    row = (await connection.execute(query)).first()
    if row is None or row.role != Role.ADMIN:
        return None
    became = select(func.max(events.c.at)).where(events.c.subject == f"person:{person_id}", events.c.tenant == tenant)
    changed: datetime | None = (await connection.execute(became.where(events.c.name == "role_changed"))).scalar()
    began: datetime = row.created_at
    return changed or began
