"""The rows behind what is asked: each of a time, by an index, and so many at most, the newest first."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Row, Select, cast, func, select

from bot.briefs.model import State
from bot.invoices.model import Invoice
from bot.kernel.money import Money
from bot.kernel.task_type import TaskType
from storage.billing.invoices import invoices_by_ids
from storage.engine.connection import Connection
from storage.engine.types import unindexed
from storage.quality import scores
from storage.reports.accounts import is_late
from storage.tables.billing import WAITS_FOR_CLIENT, invoices
from storage.tables.briefs import briefs, decisions
from storage.tables.core import events, job_runs
from storage.tables.ledger import posting_lines, postings
from storage.tables.quality import ratings
from storage.tables.watch.incidents import incidents

_NUMBER = cast(func.substr(events.c.subject, len("brief:") + 1), BigInteger)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the ledger: when, by what, about what, and how much; what is earned is negative there."""

    at: datetime
    kind: str
    reference: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Taken:
    """A brief that was delivered, and how long that took from its client's yes."""

    brief_id: int
    task_type: TaskType
    delivered_at: datetime
    took: timedelta


async def entries(
    connection: Connection,
    tenant: str,
    accounts: Collection[str],
    currency: str,
    start: datetime,
    end: datetime,
    limit: int,
) -> list[Entry]:
    """The newest lines on these accounts, in one currency."""
    query = select(postings.c.posted_at, postings.c.kind, postings.c.reference, posting_lines.c.amount_minor)
    query = query.join(posting_lines, posting_lines.c.posting_id == postings.c.id)
    query = query.where(postings.c.tenant == tenant, postings.c.posted_at >= start, postings.c.posted_at < end)
    query = query.where(unindexed(posting_lines.c.account).in_(sorted(accounts)))
    query = query.where(unindexed(posting_lines.c.currency) == currency)
    rows = await connection.execute(query.order_by(postings.c.posted_at.desc()).limit(limit))
    return [Entry(at, kind, about, Money(minor, currency)) for at, kind, about, minor in rows]


def _handed_in(tenant: str, start: datetime, end: datetime, task_type: str | None, client: int | None) -> list[Any]:
    """The briefs that were handed in then, as conditions."""
    ids = select(_NUMBER).where(events.c.tenant == tenant, events.c.name == "queued")
    ids = ids.where(events.c.at >= start, events.c.at < end)
    where = [unindexed(briefs.c.tenant) == tenant, briefs.c.id.in_(ids)]
    where += [] if task_type is None else [unindexed(briefs.c.task_type) == task_type]
    return where + ([] if client is None else [unindexed(briefs.c.client_id) == client])


async def counted(
    connection: Connection, tenant: str, start: datetime, end: datetime, task_type: str | None, client: int | None
) -> dict[tuple[State, TaskType], int]:
    """How many of the briefs that were handed in then are in each state by now, by type."""
    query = select(briefs.c.state, briefs.c.task_type, func.count())
    query = query.where(*_handed_in(tenant, start, end, task_type, client))
    rows = await connection.execute(query.group_by(briefs.c.state, briefs.c.task_type))
    return {(State(state), TaskType(kind)): count for state, kind, count in rows}


async def handed_in(
    connection: Connection,
    tenant: str,
    start: datetime,
    end: datetime,
    task_type: str | None,
    client: int | None,
    limit: int,
) -> Sequence[Row[Any]]:
    """The newest of them."""
    query = select(*(briefs.c[name] for name in ("id", "title", "client_id", "task_type", "state", "created_at")))
    query = query.where(*_handed_in(tenant, start, end, task_type, client))
    return (await connection.execute(query.order_by(unindexed(briefs.c.id).desc()).limit(limit))).all()


async def came_in(
    connection: Connection, tenant: str, start: datetime, end: datetime, limit: int
) -> Sequence[datetime]:
    """When each of the newest briefs that were handed in then was."""
    query = select(events.c.at).where(events.c.tenant == tenant, events.c.name == "queued")
    query = query.where(events.c.at >= start, events.c.at < end).order_by(events.c.at.desc()).limit(limit)
    return (await connection.execute(query)).scalars().all()


async def taken(
    connection: Connection, tenant: str, start: datetime, end: datetime, task_type: str | None, limit: int
) -> list[Taken]:
    """The newest that were delivered then, and how long each took."""
    newest = select(events.c.subject, events.c.at, briefs.c.id, briefs.c.task_type)
    newest = newest.join(briefs, (briefs.c.id == _NUMBER) & (unindexed(briefs.c.tenant) == events.c.tenant))
    newest = newest.where(events.c.tenant == tenant, events.c.name == "delivered")
    newest = newest.where(events.c.at >= start, events.c.at < end)
    if task_type is not None:
        newest = newest.where(unindexed(briefs.c.task_type) == task_type)
    ended, begun = newest.order_by(events.c.at.desc()).limit(limit).subquery(), events.alias()
    query = select(ended.c.id, ended.c.task_type, ended.c.at, func.min(begun.c.at))
    query = query.join(begun, begun.c.subject == ended.c.subject)
    query = query.where(unindexed(begun.c.tenant) == tenant, unindexed(begun.c.name) == "queued")
    query = query.group_by(ended.c.id, ended.c.task_type, ended.c.at)
    rows = [
        Taken(number, TaskType(kind), at, at - since) for number, kind, at, since in await connection.execute(query)
    ]
    return sorted(rows, key=lambda one: one.delivered_at, reverse=True)


def _approved(columns: Select[Any], tenant: str, start: datetime, end: datetime, task_type: str) -> Select[Any]:
    its = (briefs.c.id == decisions.c.brief_id) & (unindexed(briefs.c.tenant) == decisions.c.tenant)
    query = columns.join(briefs, its).where(decisions.c.tenant == tenant, decisions.c.verdict == "approved")
    query = query.where(decisions.c.created_at >= start, decisions.c.created_at < end)
    return query.where(unindexed(briefs.c.task_type) == task_type)


async def approvals(
    connection: Connection, tenant: str, start: datetime, end: datetime, task_type: str
) -> tuple[int, int, float | None]:
    """Of that type: how many drafts the gate approved then, how many people did, and their mean score in points."""
    by = decisions.c.person_id.is_(None)
    both: Any = select(by, func.count()).select_from(decisions)
    query = _approved(both, tenant, start, end, task_type).group_by(by)
    counts = {bool(gate): int(count) for gate, count in await connection.execute(query)}
    drafts = _approved(select(decisions.c.draft_id).select_from(decisions), tenant, start, end, task_type)
    return counts.get(True, 0), counts.get(False, 0), await scores.mean(connection, tenant, drafts)


async def stars(connection: Connection, tenant: str, start: datetime, end: datetime, limit: int) -> Sequence[Row[Any]]:
    """The newest stars that were given then."""
    query = select(ratings.c.created_at, ratings.c.brief_id, ratings.c.client_id, ratings.c.task_type, ratings.c.stars)
    query = query.where(ratings.c.tenant == tenant, ratings.c.created_at >= start, ratings.c.created_at < end)
    return (await connection.execute(query.order_by(ratings.c.created_at.desc()).limit(limit))).all()


async def late(
    connection: Connection, tenant: str, now: datetime, currency: str | None, client: int | None, limit: int
) -> list[Invoice]:
    """The invoices that can be paid and should have been by now, the oldest first."""
    query = select(invoices.c.id).where(invoices.c.tenant == tenant, WAITS_FOR_CLIENT, *is_late(now))
    if currency is not None:
        query = query.where(unindexed(invoices.c.currency) == currency)
    if client is not None:
        query = query.where(invoices.c.client_id == client)
    ids = list((await connection.execute(query.order_by(unindexed(invoices.c.due_at)).limit(limit))).scalars())
    found = await invoices_by_ids(connection, tenant, ids, None) if ids else []
    return sorted(found, key=lambda one: (one.due_at is not None, one.due_at, one.id))


async def opened(connection: Connection, tenant: str, start: datetime, end: datetime, limit: int) -> Sequence[Row[Any]]:
    """The newest incidents that were opened then."""
    query = select(*(incidents.c[name] for name in ("id", "title", "severity", "opened_at", "closed_at")))
    query = query.where(incidents.c.tenant == tenant, incidents.c.opened_at >= start, incidents.c.opened_at < end)
    return (await connection.execute(query.order_by(incidents.c.opened_at.desc()).limit(limit))).all()


async def failed_runs(
    connection: Connection, tenant: str, start: datetime, end: datetime, limit: int
) -> Sequence[Row[Any]]:
    """The newest runs of jobs that were to be then, and failed or were missed."""
    query = select(job_runs.c.job, job_runs.c.scheduled_at, job_runs.c.state, job_runs.c.result)
    query = query.where(unindexed(job_runs.c.tenant) == tenant, unindexed(job_runs.c.state).in_(["failed", "missed"]))
    query = query.where(job_runs.c.scheduled_at >= start, job_runs.c.scheduled_at < end)
    return (await connection.execute(query.order_by(job_runs.c.scheduled_at.desc()).limit(limit))).all()
