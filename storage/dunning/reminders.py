"""Queries on reminders of unpaid invoices."""

from collections.abc import AsyncIterator, Collection
from datetime import datetime

from sqlalchemy import select, tuple_

from bot.invoices.model import Invoice
from storage.billing.invoices import invoice_of_row
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.types import unindexed
from storage.engine.upsert import insert_new
from storage.tables.billing import WAITS_FOR_CLIENT, invoice_reminders, invoices

AT_ONCE = 500


async def due_before(connection: Connection, tenant: str, before: datetime) -> AsyncIterator[list[Invoice]]:
    """All of the tenant's invoices that wait for money and are due before then, so many at a time, by their clients."""
    place = tuple_(invoices.c.client_id, invoices.c.id)
    query = select(invoices).where(invoices.c.tenant == tenant, WAITS_FOR_CLIENT)
    query = query.where(unindexed(invoices.c.due_at) < before).order_by(invoices.c.client_id, invoices.c.id)
    last = (0, 0)
    while True:
        rows = await connection.execute(query.where(place > last).limit(AT_ONCE))
        page = [invoice_of_row(row) for row in rows]
        yield page
        if len(page) < AT_ONCE:
            return
        last = (page[-1].client_id, page[-1].id)


async def sent(connection: Connection, tenant: str, ids: Collection[int]) -> dict[int, list[int]]:
    """For which days each of these invoices was reminded of."""
    if not ids:
        return {}
    query = select(invoice_reminders.c.invoice_id, invoice_reminders.c.day)
    query = query.where(invoice_reminders.c.invoice_id.in_(ids), unindexed(invoice_reminders.c.tenant) == tenant)
    found: dict[int, list[int]] = {}
    for invoice_id, day in await connection.execute(query):
        found.setdefault(invoice_id, []).append(day)
    return found


async def add(tx: Transaction, invoice: Invoice, day: int) -> bool:
    """Note that the client is reminded of it; False where they were for that day."""
    row = {"tenant": invoice.tenant, "invoice_id": invoice.id, "day": day, "sent_at": tx.now}
    return bool(await insert_new(tx, invoice_reminders, row, "invoice_id", "day"))
