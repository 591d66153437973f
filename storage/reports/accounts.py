"""Queries that account for the briefs of a day, each once, for its stars, and for invoices that are late."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, cast, func, or_, select

from bot.briefs.model import State
from bot.invoices.model import InvoiceState
from bot.kernel.money import Money
from bot.reports.model import Late
from storage.engine.connection import Connection
from storage.engine.types import unindexed
from storage.tables.billing import WAITS_FOR_CLIENT, invoices
from storage.tables.briefs import briefs
from storage.tables.core import events
from storage.tables.quality import ratings

ENDINGS = ("delivered", "rejected", "cancelled", "failed")  # the events by which a brief that was handed in may end
_NUMBER = cast(func.substr(events.c.subject, len("brief:") + 1), BigInteger)


def handed_in_ids(tenant: str, start: datetime, end: datetime) -> Select[Any]:
    """The briefs that were handed in then."""
    return select(_NUMBER).where(*_happened(tenant, ["queued"], start, end))


def ended_ids(tenant: str, start: datetime, end: datetime) -> Select[Any]:
    """The briefs that were handed in before and ended then, at least for a while."""
    before = events.alias()
    earlier = select(before.c.id).where(before.c.tenant == tenant, before.c.subject == events.c.subject)
    earlier = earlier.where(before.c.name == "queued", before.c.at < start)
    return select(_NUMBER).where(*_happened(tenant, ENDINGS, start, end), earlier.exists())


async def handed_in(connection: Connection, tenant: str, start: datetime, end: datetime) -> dict[State, int]:
    """How many of the briefs that were handed in then are in each state by now."""
    return await _by_state(connection, tenant, handed_in_ids(tenant, start, end))


async def ended(connection: Connection, tenant: str, start: datetime, end: datetime) -> dict[State, int]:
    """The same of the briefs that were handed in before and ended then, at least for a while."""
    return await _by_state(connection, tenant, ended_ids(tenant, start, end))


def _happened(tenant: str, names: Collection[str], start: datetime, end: datetime) -> tuple[ColumnElement[bool], ...]:
    return events.c.tenant == tenant, events.c.name.in_(names), events.c.at >= start, events.c.at < end


async def _by_state(connection: Connection, tenant: str, ids: Select[Any]) -> dict[State, int]:
    query = select(briefs.c.state, func.count()).where(unindexed(briefs.c.tenant) == tenant, briefs.c.id.in_(ids))
    rows = await connection.execute(query.group_by(briefs.c.state))
    return {State(state): count for state, count in rows}


async def stars(connection: Connection, tenant: str, start: datetime, end: datetime) -> tuple[int, int]:
    """The sum of the stars that clients gave then, and how many of them did."""
    query = select(func.coalesce(func.sum(ratings.c.stars), 0), func.count()).where(ratings.c.tenant == tenant)
    query = query.where(ratings.c.created_at >= start, ratings.c.created_at < end)
    total, times = (await connection.execute(query)).one()
    return int(total), int(times)


async def late_invoices(connection: Connection, tenant: str, now: datetime) -> Late:
    """The invoices that can still be paid, and should have been by now."""
    left = func.coalesce(invoices.c.asked_minor, invoices.c.amount_minor) - invoices.c.paid_minor
    query = select(invoices.c.currency, func.count(), func.sum(left), func.min(invoices.c.due_at))
    query = query.where(invoices.c.tenant == tenant, WAITS_FOR_CLIENT, *is_late(now)).group_by(invoices.c.currency)
    rows = (await connection.execute(query.order_by(invoices.c.currency))).all()
    return Late(
        count=sum(count for _, count, _, _ in rows),
        left=tuple(Money(int(minor), currency) for currency, _, minor, _ in rows),
        oldest=min((due for _, _, _, due in rows if due is not None), default=None),
    )


def is_late(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Of invoices that wait for their client: those that can be paid, and are past their day or written off."""
    state = unindexed(invoices.c.state)
    return state != InvoiceState.DETAILS, or_(invoices.c.due_at < now, state == InvoiceState.UNCOLLECTIBLE)
