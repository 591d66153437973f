"""Queries on what clients have under way, owe, ordered last and thought of it: each reads a bounded number of rows."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, Select, func, select

from bot.access.model import Person, Role
from bot.briefs.model import OPEN_STATES, State
from bot.kernel.money import Money
from storage.core.pages import Page
from storage.engine.connection import Connection
from storage.engine.types import unindexed
from storage.people import people as persons
from storage.reports.accounts import is_late
from storage.tables.billing import WAITS_FOR_CLIENT, invoices
from storage.tables.briefs import GOES_ON, briefs
from storage.tables.people import people
from storage.tables.quality import ratings

NEWEST = 50  # briefs of a client among which the last order is looked for
RATED = 20  # the newest ratings of a client, which tell how satisfied they are
NO_ORDER = (State.NEW, State.QUOTED, State.CANCELLED)


@dataclass(frozen=True, slots=True)
class Owed:
    """What a client still has to pay in one currency, and how much of that should have been paid by now."""

    left: Money
    late: Money


@dataclass(frozen=True, slots=True)
class Habits:
    """When a client ordered last, the sum of their newest stars, how many of these there are, and their own line."""

    last_order: datetime | None
    stars: int
    rated: int
    target: int | None


async def page(connection: Connection, tenant: str, which: Page) -> list[Person]:
    """A page of the tenant's clients, newest first."""
    return await persons.page_of_role(connection, tenant, which, Role.CLIENT)


async def under_way(connection: Connection, tenant: str, ids: Collection[int]) -> Mapping[int, int]:
    """How many briefs of each of these clients are under way."""
    query = select(briefs.c.client_id, func.count()).where(briefs.c.tenant == tenant, *GOES_ON)
    query = query.where(briefs.c.state.in_(OPEN_STATES), briefs.c.client_id.in_(ids))
    return {client: count for client, count in await connection.execute(query.group_by(briefs.c.client_id))}


async def owed(
    connection: Connection, tenant: str, ids: Collection[int], now: datetime
) -> Mapping[int, tuple[Owed, ...]]:
    """What each of these clients has to pay, by currency."""
    left = func.coalesce(invoices.c.asked_minor, invoices.c.amount_minor) - invoices.c.paid_minor
    payable, past = is_late(now)
    query = select(
        invoices.c.client_id, invoices.c.currency, func.sum(left), func.coalesce(func.sum(left).filter(past), 0)
    )
    query = query.where(invoices.c.tenant == tenant, invoices.c.client_id.in_(ids), WAITS_FOR_CLIENT, payable)
    query = query.group_by(invoices.c.client_id, invoices.c.currency).order_by(invoices.c.currency)
    found: dict[int, list[Owed]] = defaultdict(list)
    for client, currency, minor, late in await connection.execute(query):
        found[client].append(Owed(Money(int(minor), currency), Money(int(late), currency)))
    return {client: tuple(rows) for client, rows in found.items()}


async def habits(connection: Connection, tenant: str, ids: Collection[int]) -> Mapping[int, Habits]:
    """The same clients' last orders, newest stars, and targets."""
    query = select(people.c.id, people.c.qa_target, _LAST_ORDER, _STARS, _RATED)
    query = query.where(unindexed(people.c.tenant) == tenant, people.c.id.in_(ids))
    return {
        row.id: Habits(row.last_order, int(row.stars or 0), int(row.rated), row.qa_target)
        for row in await connection.execute(query)
    }


def _newest(columns: Select[Any], of: Any, most: int) -> Any:
    """The newest rows of the person of the query around it."""
    rows = columns.where(of.c.client_id == people.c.id, unindexed(of.c.tenant) == people.c.tenant)
    return rows.order_by(of.c.id.desc()).limit(most).correlate(people).subquery()


def _last_order() -> ScalarSelect[Any]:
    newest = _newest(select(briefs.c.created_at, briefs.c.state), briefs, NEWEST)
    return select(func.max(newest.c.created_at)).where(newest.c.state.not_in(NO_ORDER)).scalar_subquery()


def _of_stars(function: Any) -> ScalarSelect[Any]:
    newest = _newest(select(ratings.c.stars), ratings, RATED)
    return select(function(newest.c.stars)).scalar_subquery()


_LAST_ORDER = _last_order().label("last_order")
_STARS, _RATED = _of_stars(func.sum).label("stars"), _of_stars(func.count).label("rated")
