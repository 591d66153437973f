"""Queries on invoices."""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Executable, Row, bindparam, func, or_, select, update

from bot.briefs.model import Brief, work_of
from bot.invoices.model import AS_USUAL, BRIEF, Invoice, InvoiceLine, InvoiceState, Terms, subject_of, total_of
from bot.kernel.errors import Stale
from bot.kernel.money import Money
from bot.kernel.translation import gettext as _
from storage.core.pages import Page
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.types import constant, exactly, unindexed
from storage.engine.upsert import insert_new
from storage.tables.billing import (
    IS_MISSING,
    MAY_CHANGE,
    NOT_AT_STRIPE,
    WAITS_FOR_CLIENT,
    invoice_lines,
    invoices,
)

# Built once: building a statement takes SQLAlchemy several times longer than running it.
_LOAD = select(invoices).where(invoices.c.id == bindparam("invoice"))
_KNOWN_AS = select(invoices).where(invoices.c.stripe_id == bindparam("theirs"))
_LOOKED_AT = update(invoices).where(invoices.c.id == bindparam("invoice")).values(looked_at=bindparam("now"))
_LOAD_LOCKED = _LOAD.with_for_update()
_ADD_LINES = invoice_lines.insert()
_OF_TENANT = select(invoices).where(invoices.c.tenant == bindparam("its_tenant"))
_OF_SUBJECT = _OF_TENANT.where(invoices.c.subject == bindparam("its_subject"))
_LINES_OF = select(invoice_lines).where(invoice_lines.c.invoice_id == bindparam("invoice"))
_LINES_OF = _LINES_OF.where(invoice_lines.c.tenant == bindparam("its_tenant")).order_by(invoice_lines.c.position)
_PAID = _OF_TENANT.where(invoices.c.state == constant(InvoiceState.PAID))
_OF_CLIENT = _OF_TENANT.where(invoices.c.client_id == bindparam("client"))
_LIST_OF_CLIENT = select(invoices).where(
    exactly(invoices.c.client_id, "client"), unindexed(invoices.c.tenant) == bindparam("its_tenant")
)
# What can still be taken back, or was, its client never hears of.
_SEEN_BY_CLIENT = _LIST_OF_CLIENT.where(unindexed(invoices.c.grace_until).is_(None))
_IN_STATE = {
    _OF_TENANT: _OF_TENANT.where(invoices.c.state == bindparam("its_state")),
    **{
        of: of.where(unindexed(invoices.c.state) == bindparam("its_state")) for of in (_LIST_OF_CLIENT, _SEEN_BY_CLIENT)
    },
}
_WAITING = _OF_CLIENT.where(WAITS_FOR_CLIENT).order_by(invoices.c.id).limit(20)
_BY_IDS = select(invoices).where(invoices.c.id.in_(bindparam("ids", expanding=True)))
_BY_IDS = _BY_IDS.where(unindexed(invoices.c.tenant) == bindparam("its_tenant")).order_by(invoices.c.id.desc())
_BY_IDS_OF_CLIENT = _BY_IDS.where(
    unindexed(invoices.c.client_id) == bindparam("client"), unindexed(invoices.c.grace_until).is_(None)
)


@cache
def _change(columns: tuple[str, ...]) -> Executable:
    statement = update(invoices).where(invoices.c.id == bindparam("invoice"), invoices.c.version == bindparam("was"))
    return statement.values({name: bindparam(f"new_{name}") for name in columns}).returning(*invoices.c)


def invoice_of_row(row: Row[Any]) -> Invoice:
    """The invoice in a row that has every column of `invoices`."""
    return Invoice(
        id=row.id,
        tenant=row.tenant,
        subject=row.subject,
        client_id=row.client_id,
        amount=Money(row.amount_minor, row.currency),
        state=InvoiceState(row.state),
        version=row.version,
        stripe_id=row.stripe_id,
        number=row.number,
        url=row.url,
        pdf_url=row.pdf_url,
        asked_at=row.asked_at,
        created_at=row.created_at,
        opened_at=row.opened_at,
        paid_at=row.paid_at,
        due_at=row.due_at,
        error=row.error,
        attempt=row.attempt,
        account=row.account,
        mode=row.mode,
        links_at=row.links_at,
        asked_minor=row.asked_minor,
        carried_minor=row.carried_minor,
        shipping_minor=row.shipping_minor,
        paid_minor=row.paid_minor,
        unsettled=row.unsettled,
        marked=bool(row.marked),
        credited_after_minor=row.credited_after_minor,
        void_asked_at=row.void_asked_at,
        grace_until=row.grace_until,
        due_days=row.due_days,
        write_off_asked_at=row.write_off_asked_at,
        elsewhere_minor=row.elsewhere_minor,
        credit_minor=row.credit_minor,
    )


async def begin(
    tx: Transaction,
    tenant: str,
    subject: str,
    client_id: int,
    lines: Sequence[InvoiceLine],
    terms: Terms = AS_USUAL,
    credit_minor: int = 0,
) -> tuple[Invoice, bool]:
    """The subject's one invoice, made where there is none; says whether it was made now.

    credit_minor: what the lines take off as a referral credit.
    """
    amount = total_of(lines)
    row = {"tenant": tenant, "subject": subject, "client_id": client_id, "state": InvoiceState.NEW, "marked": 1}
    row |= {"amount_minor": amount.minor, "currency": amount.currency, "created_at": tx.now}
    row |= {"due_days": terms.due_days, "grace_until": terms.grace_until, "credit_minor": credit_minor}
    added = await insert_new(tx, invoices, row, "tenant", "subject")
    if added:
        rows = [
            _row_of(line, position) | {"tenant": tenant, "invoice_id": added[0]}
            for position, line in enumerate(lines, start=1)
        ]
        await tx.run(_ADD_LINES, rows)
    invoice = await of_subject(tx.connection, tenant, subject)
    assert invoice is not None
    return invoice, bool(added)


def _row_of(line: InvoiceLine, position: int) -> dict[str, Any]:
    unit = {"unit_minor": line.unit.minor, "currency": line.unit.currency}
    return {"position": position, "description": line.description, "quantity": line.quantity, **unit}


def lines_for(brief: Brief) -> list[InvoiceLine]:
    """What a brief's invoice asks for: a line that names the work."""
    return [InvoiceLine(f"{work_of(brief.title)}, brief {brief.id}", 1, brief.price)]


async def invoice_for(tx: Transaction, brief: Brief) -> Invoice:
    """The brief's one invoice, made where there is none."""
    invoice, _made = await begin(tx, brief.tenant, subject_of(BRIEF, brief.id), brief.client_id, lines_for(brief))
    return invoice


async def lines_of(connection: Connection, invoice: Invoice) -> tuple[InvoiceLine, ...]:
    """What the invoice asks for, in order."""
    rows = await connection.execute(_LINES_OF, {"its_tenant": invoice.tenant, "invoice": invoice.id})
    return tuple(InvoiceLine(row.description, row.quantity, Money(row.unit_minor, row.currency)) for row in rows)


async def of_subject(connection: Connection, tenant: str, subject: str) -> Invoice | None:
    """The invoice for a thing, by the thing's kind and number."""
    row = (await connection.execute(_OF_SUBJECT, {"its_tenant": tenant, "its_subject": subject})).first()
    return None if row is None else invoice_of_row(row)


async def invoice_of(connection: Connection, tenant: str, brief_id: int) -> Invoice | None:
    """The brief's invoice."""
    return await of_subject(connection, tenant, subject_of(BRIEF, brief_id))


async def load_invoice(connection: Connection, invoice_id: int, *, lock: bool = False) -> Invoice | None:
    """The invoice; with `lock`, who wants to change it as well waits for the transaction's end."""
    query = _LOAD_LOCKED if lock else _LOAD
    row = (await connection.execute(query, {"invoice": invoice_id})).first()
    return None if row is None else invoice_of_row(row)


async def invoice_known_as(connection: Connection, stripe_id: str) -> Invoice | None:
    """The invoice whose id at Stripe this is."""
    row = (await connection.execute(_KNOWN_AS, {"theirs": stripe_id})).first()
    return None if row is None else invoice_of_row(row)


async def change_invoice(tx: Transaction, invoice: Invoice, **values: Any) -> Invoice:
    """Change the invoice if nobody did since it was read; raises Stale otherwise."""
    values |= {"version": invoice.version + 1}
    given = {f"new_{name}": value for name, value in values.items()} | {"invoice": invoice.id, "was": invoice.version}
    row = (await tx.run(_change(tuple(sorted(values))), given)).first()
    if row is None:
        raise Stale(_("Invoice {number} changed in the meantime.", number=invoice.id))
    return invoice_of_row(row)


async def invoices_by_ids(
    connection: Connection, tenant: str, ids: Collection[int], client_id: int | None = None
) -> list[Invoice]:
    """The tenant's invoices, or one client's, among these; newest first."""
    if not ids:
        return []
    query = _BY_IDS if client_id is None else _BY_IDS_OF_CLIENT
    rows = await connection.execute(query, {"its_tenant": tenant, "client": client_id, "ids": list(ids)})
    return [invoice_of_row(row) for row in rows]


async def invoice_page(
    connection: Connection,
    tenant: str,
    which: Page,
    client_id: int | None = None,
    state: InvoiceState | None = None,
    *,
    for_team: bool = False,
) -> list[Invoice]:
    """A page of the tenant's invoices, or of one client's; for_team: with those that the client never hears of.

    state: of those in that state alone.
    """
    query = _OF_TENANT if client_id is None else _LIST_OF_CLIENT if for_team else _SEEN_BY_CLIENT
    given = {"its_tenant": tenant, "client": client_id, "its_state": state}
    whose = None if client_id is None else invoices.c.client_id
    rows = await which.of(connection, query if state is None else _IN_STATE[query], invoices.c.id, given, whose)
    return [invoice_of_row(row) for row in rows]


async def paid_page(connection: Connection, tenant: str, which: Page) -> list[Invoice]:
    """A page of the tenant's paid invoices."""
    rows = await which.of(connection, _PAID, invoices.c.id, {"its_tenant": tenant})
    return [invoice_of_row(row) for row in rows]


async def awaiting_details(connection: Connection, tenant: str, client_id: int, *, lock: bool = False) -> list[Invoice]:
    """The client's invoices for which Stripe refused what they gave. With `lock`, others who change them wait."""
    query = _OF_CLIENT.where(invoices.c.state == InvoiceState.DETAILS).order_by(invoices.c.id)
    rows = await connection.execute(
        query.with_for_update() if lock else query, {"its_tenant": tenant, "client": client_id}
    )
    return [invoice_of_row(row) for row in rows]


async def waiting_for(connection: Connection, tenant: str, client_id: int) -> list[Invoice]:
    """The client's invoices that can be paid, or wait for other billing details; the 20 oldest."""
    rows = await connection.execute(_WAITING, {"its_tenant": tenant, "client": client_id})
    return [invoice_of_row(row) for row in rows]


async def looked_at(tx: Transaction, invoice_id: int) -> None:
    """Note that Stripe was asked just now how the invoice stands."""
    await tx.run(_LOOKED_AT, {"invoice": invoice_id, "now": tx.now})


async def to_look_at(connection: Connection, limit: int, tenant: str | None = None) -> list[Invoice]:
    """Invoices that may change at Stripe, or whose fee is awaited; those longest unseen first.

    tenant: whose; None: of every one.
    """
    last = func.coalesce(invoices.c.looked_at, invoices.c.opened_at, invoices.c.created_at)
    query = select(invoices).where(MAY_CHANGE, unindexed(invoices.c.stripe_id).is_not(None))
    if tenant is not None:
        query = query.where(unindexed(invoices.c.tenant) == tenant)
    return [invoice_of_row(row) for row in await connection.execute(query.order_by(last, invoices.c.id).limit(limit))]


async def missing(connection: Connection, account: str | None, mode: str | None, limit: int) -> list[Invoice]:
    """Invoices that Stripe did not know, and may know by a key of this account and mode (None: not known)."""
    query = select(invoices).where(IS_MISSING, unindexed(invoices.c.stripe_id).is_not(None))
    for column, here in ((invoices.c.account, account), (invoices.c.mode, mode)):
        if here is not None:
            query = query.where(or_(column.is_(None), column == here))
    last = func.coalesce(invoices.c.looked_at, invoices.c.created_at)
    return [invoice_of_row(row) for row in await connection.execute(query.order_by(last, invoices.c.id).limit(limit))]


async def settling_awaited(connection: Connection) -> bool:
    """Whether any invoice waits for Stripe to settle a payment: one that came in, or one that we do not know of yet."""
    query = select(invoices.c.id).where(MAY_CHANGE).limit(1)
    return (await connection.execute(query)).first() is not None


async def failed(connection: Connection, tenant: str, limit: int) -> list[Invoice]:
    """The newest invoices that wait for somebody: Stripe refused them, or does not know them."""
    stopped = (InvoiceState.FAILED, InvoiceState.MISSING, InvoiceState.DETAILS)
    query = select(invoices).where(invoices.c.tenant == tenant, invoices.c.state.in_(stopped))
    return [invoice_of_row(row) for row in await connection.execute(query.order_by(invoices.c.id.desc()).limit(limit))]


async def not_at_stripe(connection: Connection, asked_before: datetime) -> list[Invoice]:
    """Invoices of every tenant to be made, or of unknown outcome, that Stripe was not asked about since then."""
    asked_at = func.coalesce(invoices.c.asked_at, invoices.c.grace_until, invoices.c.created_at)
    query = select(invoices).where(NOT_AT_STRIPE, asked_at < asked_before)
    return [invoice_of_row(row) for row in await connection.execute(query.order_by(invoices.c.id).limit(500))]
