"""Briefs as lists show them, each beside how its invoice stands: one statement, however long the page."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Row, Text, and_, bindparam, cast, func, literal, or_, select

from bot.briefs.model import BriefSummary, Quote, State, since
from bot.invoices.model import BRIEF, InvoiceState, InvoiceSummary
from storage.core.pages import Page
from storage.engine.connection import Connection
from storage.engine.types import Words, exactly, unindexed
from storage.tables.billing import invoices
from storage.tables.briefs import WAITS_FOR_YES, briefs

# "+": each by its key, and not by walking through all of the tenant's.
_ITS_TENANT = unindexed(briefs.c.tenant) == bindparam("its_tenant")
# Not a quote; those of before quotes had ids of their own have a number.
_NO_QUOTE = and_(briefs.c.id > 0, unindexed(briefs.c.state) != State.QUOTED)
# None that ended as one either.
_BEGUN = or_(unindexed(briefs.c.state) != State.CANCELLED, unindexed(briefs.c.attempt) > 0)
_SUBJECT = literal(f"{BRIEF}:", Words).concat(cast(briefs.c.id, Text))
_ALL = select(
    *(briefs.c[name] for name in ("id", "title", "state", "held", "in_review_at", "updated_at")),
    invoices.c.state.label("invoice_state"),
    func.coalesce(invoices.c.asked_minor, invoices.c.amount_minor).label("asked_minor"),
    invoices.c.paid_minor,
    invoices.c.void_asked_at,
)
_ALL = _ALL.outerjoin_from(briefs, invoices, and_(invoices.c.tenant == briefs.c.tenant, invoices.c.subject == _SUBJECT))
_OF_TENANT = _ALL.where(briefs.c.tenant == bindparam("its_tenant"), _NO_QUOTE)
_BEGUN_OF_CLIENT = _ALL.where(exactly(briefs.c.client_id, "client"), _ITS_TENANT, _NO_QUOTE, _BEGUN)
_IN_STATE = _OF_TENANT.where(briefs.c.state == bindparam("its_state"))
_BEGUN_IN_STATE = _BEGUN_OF_CLIENT.where(unindexed(briefs.c.state) == bindparam("its_state"))
_BY_IDS = _ALL.where(briefs.c.id.in_(bindparam("ids", expanding=True)), _ITS_TENANT).order_by(briefs.c.id.desc())
_BY_IDS_OF_CLIENT = _BY_IDS.where(unindexed(briefs.c.client_id) == bindparam("client"))
_QUOTES = select(briefs.c.id, briefs.c.title, briefs.c.created_at).where(briefs.c.tenant == bindparam("its_tenant"))
_QUOTES = _QUOTES.order_by(briefs.c.id.desc()).limit(bindparam("at_most"))
_QUOTES_OF_CLIENT = _QUOTES.where(briefs.c.client_id == bindparam("client"), WAITS_FOR_YES)
_QUOTES = _QUOTES.where(briefs.c.state == State.QUOTED)


async def page(
    connection: Connection, tenant: str, which: Page, client_id: int | None, state: State | None = None
) -> list[BriefSummary]:
    """A page of those of a client's briefs that they said yes to; None: of all of the tenant's. state: of those alone.

    One of theirs that was stopped before anything was done for it counts as never begun.
    """
    given = _given(tenant, client_id)
    if state is None:
        query = _OF_TENANT if client_id is None else _BEGUN_OF_CLIENT
    else:
        query, given = _IN_STATE if client_id is None else _BEGUN_IN_STATE, given | {"its_state": state}
    whose = None if client_id is None else briefs.c.client_id
    return [_summary(row) for row in await which.of(connection, query, briefs.c.id, given, whose)]


async def by_ids(
    connection: Connection, tenant: str, ids: Collection[int], client_id: int | None
) -> list[BriefSummary]:
    """The tenant's briefs, or one client's, among these; newest first."""
    if not ids:
        return []
    query = _BY_IDS if client_id is None else _BY_IDS_OF_CLIENT
    rows = await connection.execute(query, _given(tenant, client_id) | {"ids": list(ids)})
    return [_summary(row) for row in rows]


async def quotes_of(connection: Connection, tenant: str, client_id: int | None, at_most: int) -> list[Quote]:
    """A client's newest quotes that wait for a yes; None: the tenant's."""
    query = _QUOTES if client_id is None else _QUOTES_OF_CLIENT
    rows = await connection.execute(query, _given(tenant, client_id) | {"at_most": at_most})
    return [Quote(row.id, row.title, row.created_at) for row in rows]


def _given(tenant: str, client_id: int | None) -> dict[str, Any]:
    return {"its_tenant": tenant} if client_id is None else {"its_tenant": tenant, "client": client_id}


def _summary(row: Row[Any]) -> BriefSummary:
    state = State(row.state)
    invoice = None
    if row.invoice_state is not None:
        given = (row.asked_minor, row.paid_minor, row.void_asked_at)
        invoice = InvoiceSummary.of(InvoiceState(row.invoice_state), *given)
    since_when = since(state, row.in_review_at, row.updated_at)
    return BriefSummary(row.id, row.title, state, row.held is not None, since_when, invoice)
