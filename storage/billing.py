"""Queries on customers, invoices and the ledger."""

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Executable, Row, bindparam, func, select, update

from bot.billing.model import Customer, Invoice, InvoiceState, Posting
from bot.briefs.model import Brief
from bot.kernel.errors import Stale
from bot.kernel.money import Money
from storage.billing_tables import customers, invoices, posting_lines, postings
from storage.connection import Connection
from storage.database import Transaction
from storage.inserting import insert_ignoring
from storage.pages import Page

# Built once: building a statement takes SQLAlchemy several times longer than running it.
_OF_BRIEF = select(invoices).where(invoices.c.brief_id == bindparam("brief"))
_LOAD = select(invoices).where(invoices.c.id == bindparam("invoice"))
_LOAD_LOCKED = _LOAD.with_for_update()
_CUSTOMER = select(customers).where(customers.c.person_id == bindparam("person"))
_LINES = posting_lines.insert()
_OF_TENANT = select(invoices).where(invoices.c.tenant == bindparam("its_tenant"))
_OF_CLIENT = _OF_TENANT.where(invoices.c.client_id == bindparam("client"))


@cache
def _change(columns: tuple[str, ...]) -> Executable:
    statement = update(invoices).where(invoices.c.id == bindparam("invoice"), invoices.c.version == bindparam("was"))
    return statement.values({name: bindparam(f"new_{name}") for name in columns}).returning(*invoices.c)


def _invoice(row: Row[Any]) -> Invoice:
    return Invoice(
        id=row.id,
        tenant=row.tenant,
        brief_id=row.brief_id,
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
    )


async def invoice_for(tx: Transaction, brief: Brief) -> Invoice:
    """The brief's one invoice, made where there is none."""
    row = {"tenant": brief.tenant, "brief_id": brief.id, "client_id": brief.client_id, "state": InvoiceState.NEW}
    row |= {"amount_minor": brief.price.minor, "currency": brief.price.currency, "created_at": tx.now}
    await insert_ignoring(tx, invoices, row, "brief_id")
    invoice = await invoice_of(tx.connection, brief.id)
    assert invoice is not None
    return invoice


async def invoice_of(connection: Connection, brief_id: int) -> Invoice | None:
    row = (await connection.execute(_OF_BRIEF, {"brief": brief_id})).first()
    return None if row is None else _invoice(row)


async def load_invoice(connection: Connection, invoice_id: int, *, lock: bool = False) -> Invoice | None:
    """The invoice; with `lock`, who wants to change it as well waits for the transaction's end."""
    query = _LOAD_LOCKED if lock else _LOAD
    row = (await connection.execute(query, {"invoice": invoice_id})).first()
    return None if row is None else _invoice(row)


async def change_invoice(tx: Transaction, invoice: Invoice, **values: Any) -> Invoice:
    """Change the invoice if nobody did since it was read; raises Stale otherwise."""
    values |= {"version": invoice.version + 1}
    given = {f"new_{name}": value for name, value in values.items()} | {"invoice": invoice.id, "was": invoice.version}
    row = (await tx.run(_change(tuple(sorted(values))), given)).first()
    if row is None:
        raise Stale(f"Invoice {invoice.id} changed in the meantime.")
    return _invoice(row)


async def invoices_by_ids(
    connection: Connection, tenant: str, ids: Collection[int], client_id: int | None = None
) -> list[Invoice]:
    """The tenant's invoices, or one client's, among these; newest first."""
    query = select(invoices).where(invoices.c.tenant == tenant, invoices.c.id.in_(ids))
    if client_id is not None:
        query = query.where(invoices.c.client_id == client_id)
    return [_invoice(row) for row in await connection.execute(query.order_by(invoices.c.id.desc()))]


async def invoice_page(connection: Connection, tenant: str, which: Page, client_id: int | None = None) -> list[Invoice]:
    """A page of the tenant's invoices, or of one client's."""
    query = _OF_TENANT if client_id is None else _OF_CLIENT
    rows = await which.of(connection, query, invoices.c.id, {"its_tenant": tenant, "client": client_id})
    return [_invoice(row) for row in rows]


async def failed(connection: Connection, tenant: str, limit: int) -> list[Invoice]:
    """The newest invoices that Stripe refused."""
    query = select(invoices).where(invoices.c.tenant == tenant, invoices.c.state == InvoiceState.FAILED)
    return [_invoice(row) for row in await connection.execute(query.order_by(invoices.c.id.desc()).limit(limit))]


async def in_states(connection: Connection, states: Collection[InvoiceState], asked_before: datetime) -> list[Invoice]:
    """Invoices of every tenant in these states that Stripe was last asked about before that time, or never."""
    query = select(invoices).where(
        invoices.c.state.in_(states), func.coalesce(invoices.c.asked_at, invoices.c.created_at) < asked_before
    )
    return [_invoice(row) for row in await connection.execute(query.order_by(invoices.c.id).limit(500))]


async def customer_of(connection: Connection, person_id: int) -> Customer | None:
    row = (await connection.execute(_CUSTOMER, {"person": person_id})).first()
    return None if row is None else Customer(row.person_id, row.stripe_id, row.attempt, row.created_at)


async def customer_for(tx: Transaction, tenant: str, person_id: int) -> Customer:
    """The person's one customer, made where there is none."""
    row = {"tenant": tenant, "person_id": person_id, "created_at": tx.now}
    await insert_ignoring(tx, customers, row, "person_id")
    customer = await customer_of(tx.connection, person_id)
    assert customer is not None
    return customer


async def keep_customer(tx: Transaction, customer: Customer, stripe_id: str) -> str:
    """Keep Stripe's id, unless one is kept already; returns the one that is kept."""
    unknown = update(customers).where(customers.c.person_id == customer.person_id, customers.c.stripe_id.is_(None))
    await tx.run(unknown.values(stripe_id=stripe_id))
    kept = await customer_of(tx.connection, customer.person_id)
    assert kept is not None
    assert kept.stripe_id is not None
    return kept.stripe_id


async def customer_refused(tx: Transaction, customer: Customer) -> None:
    """Count the attempt on; of several who were refused in the same attempt, the first does."""
    same = update(customers).where(customers.c.person_id == customer.person_id, customers.c.attempt == customer.attempt)
    await tx.run(same.values(attempt=customer.attempt + 1))


async def post(tx: Transaction, tenant: str, posting: Posting) -> bool:
    """Write a posting once; False where its key was posted before."""
    row = {"tenant": tenant, "key": posting.key, "kind": posting.kind, "reference": posting.reference}
    added = await insert_ignoring(tx, postings, row | {"posted_at": tx.now}, "tenant", "key")
    if not added:
        return False
    lines = [
        {"tenant": tenant, "posting_id": added[0], "account": line.account, "amount_minor": line.amount.minor,
         "currency": line.amount.currency}
        for line in posting.lines
    ]  # fmt: skip
    await tx.run(_LINES, lines)
    return True


async def balances(connection: Connection, tenant: str) -> dict[tuple[str, str], int]:
    """The sum of every (account, currency), in minor units."""
    amount = func.sum(posting_lines.c.amount_minor)
    query = select(posting_lines.c.account, posting_lines.c.currency, amount).where(posting_lines.c.tenant == tenant)
    rows = await connection.execute(query.group_by(posting_lines.c.account, posting_lines.c.currency))
    return {(account, currency): int(total) for account, currency, total in rows}
