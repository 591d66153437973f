"""Queries on the rows that a report's figures are made of: the same conditions as those of the figures."""

from datetime import datetime
from typing import Any

from sqlalchemy import Text, cast, func, literal, select
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import Select

from bot.briefs.model import OPEN_STATES
from bot.reports.model import ENDED
from bot.reports.periods.rows import ON, Row, What
from storage.core.pages import Page
from storage.engine.connection import Connection
from storage.engine.types import Int64, unindexed
from storage.ledger.postings import exact_sum, whole
from storage.reports.accounts import ended_ids, handed_in_ids, is_late
from storage.tables.billing import WAITS_FOR_CLIENT, invoices
from storage.tables.briefs import briefs, decisions
from storage.tables.ledger import posting_lines, postings
from storage.tables.models import model_calls
from storage.tables.quality import ratings, verdicts

NONE = literal(None, Int64)
WAITING = OPEN_STATES - ENDED
Time = tuple[datetime, datetime]
Query = tuple[Select[Any], ColumnElement[int]]  # of rows, and the number by which they are in order


def _query(of: What, tenant: str, currency: str, time: Time, now: datetime) -> Query:
    if of in ON:
        return _lines(of, tenant, currency, time), posting_lines.c.id
    match of:
        case What.CALLS:
            within = _within(model_calls, tenant, time)
            about = "brief:" + cast(model_calls.c.brief_id, Text)
            return _rows(model_calls, about, model_calls.c.model, model_calls.c.cost_micro_usd, *within)
        case What.STARS:
            about = "brief:" + cast(ratings.c.brief_id, Text)
            return _rows(ratings, about, literal(""), ratings.c.stars, *_within(ratings, tenant, time))
        case What.APPROVED:
            return _approved(tenant, time)
        case What.LATE:
            return _late(tenant, currency, now)
    return _briefs(of, tenant, time, now)


def _lines(of: What, tenant: str, currency: str, time: Time) -> Select[Any]:
    on = ON[of]
    query = select(
        posting_lines.c.id,
        postings.c.posted_at.label("at"),
        postings.c.reference.label("about"),
        postings.c.kind.label("kind"),
        (on.sign * posting_lines.c.amount_minor).label("amount"),
    ).join(postings, postings.c.id == posting_lines.c.posting_id)
    query = query.where(postings.c.tenant == tenant, postings.c.posted_at >= time[0], postings.c.posted_at < time[1])
    if on.kinds:
        query = query.where(unindexed(postings.c.kind).in_(on.kinds))
    return query.where(posting_lines.c.account.in_(on.accounts), posting_lines.c.currency == currency)


def _within(table: Any, tenant: str, time: Time) -> tuple[ColumnElement[bool], ...]:
    return table.c.tenant == tenant, table.c.created_at >= time[0], table.c.created_at < time[1]


def _rows(table: Any, about: Any, kind: Any, amount: Any, *where: ColumnElement[bool], at: Any = None) -> Query:
    when = table.c.created_at if at is None else at
    columns = (table.c.id, when.label("at"), about.label("about"), kind.label("kind"), amount.label("amount"))
    return select(*columns).where(*where), table.c.id


def _approved(tenant: str, time: Time) -> Query:
    """Who approved it is said by "check" or "person"."""
    score = select(verdicts.c.weighted).where(
        verdicts.c.draft_id == decisions.c.draft_id, unindexed(verdicts.c.tenant) == tenant
    )
    by = func.coalesce(cast(decisions.c.person_id, Text), "check")
    about = "brief:" + cast(decisions.c.brief_id, Text)
    approved = unindexed(decisions.c.verdict) == "approved"
    return _rows(decisions, about, by, score.scalar_subquery(), *_within(decisions, tenant, time), approved)


def _late(tenant: str, currency: str, now: datetime) -> Query:
    left = func.coalesce(invoices.c.asked_minor, invoices.c.amount_minor) - invoices.c.paid_minor
    about = "invoice:" + cast(invoices.c.id, Text)
    where = (invoices.c.tenant == tenant, WAITS_FOR_CLIENT, *is_late(now), unindexed(invoices.c.currency) == currency)
    due = func.coalesce(invoices.c.due_at, invoices.c.created_at)
    return _rows(invoices, about, invoices.c.state, left, *where, at=due)


def _briefs(of: What, tenant: str, time: Time, now: datetime) -> Query:
    """Those handed in then; those of before that ended then; those of before that are under way."""
    about = "brief:" + cast(briefs.c.id, Text)
    if of is What.WAITING:
        newer = briefs.c.id.not_in(handed_in_ids(tenant, time[0], now))
        return _rows(briefs, about, briefs.c.state, NONE, briefs.c.tenant == tenant, briefs.c.state.in_(WAITING), newer)
    ours = unindexed(briefs.c.tenant) == tenant
    if of is What.BRIEFS:
        return _rows(briefs, about, briefs.c.state, NONE, ours, briefs.c.id.in_(handed_in_ids(tenant, *time)))
    over = unindexed(briefs.c.state).in_(ENDED)
    return _rows(briefs, about, briefs.c.state, NONE, ours, briefs.c.id.in_(ended_ids(tenant, *time)), over)


async def page(
    connection: Connection, of: What, tenant: str, currency: str, time: Time, now: datetime, which: Page
) -> list[Row]:
    """A page of a figure's rows, newest first."""
    query, number = _query(of, tenant, currency, time, now)
    beside = which.before if which.after is None else which.after
    upwards = which.after is not None
    if beside is not None:
        query = query.where(number > beside if upwards else number < beside)
    query = query.order_by(number.asc() if upwards else number.desc()).limit(which.limit)
    found = [Row(*row) for row in await connection.execute(query)]
    return found[::-1] if upwards else found


async def together(
    connection: Connection, of: What, tenant: str, currency: str, time: Time, now: datetime
) -> tuple[int, int]:
    """How many rows there are, and the sum of their amounts."""
    rows = _query(of, tenant, currency, time, now)[0].subquery()
    count, upper, lower = (await connection.execute(select(func.count(), *exact_sum(rows.c.amount)))).one()
    return count, whole(upper or 0, lower or 0)
