"""Invoices in the mirror."""

from collections.abc import Sequence
from typing import Any

from bot.mirror.model import KEY, Batch, Column, MirrorTable, RowId
from bot.mirror.service import iso
from storage.billing import invoices
from storage.engine.connection import Connection
from storage.mirror import rows
from storage.people import people
from storage.refunds import refunds


async def row(connection: Connection, one: RowId) -> dict[str, Any] | None:
    """What the invoice's row in Finance holds now, by column."""
    invoice = await invoices.load_invoice(connection, one.number)
    if invoice is None or invoice.tenant != one.tenant:
        return None
    client = await people.by_id(connection, invoice.tenant, invoice.client_id)
    back = (await refunds.returned(connection, invoice.tenant, [invoice])).get(invoice.id)
    return {
        "Invoice": invoice.number or str(invoice.id),
        "Brief": "" if invoice.brief_id is None else str(invoice.brief_id),
        "Client": client.name,
        "State": invoice.state.value,
        "Amount": float(invoice.amount.decimal),
        "Refunded": 0.0 if back is None else float((back.done + back.under_way).decimal),
        "Currency": invoice.amount.currency,
        "Opened": iso(invoice.opened_at),
        "Paid": iso(invoice.paid_at),
        "Stripe": invoice.stripe_id or "",
    }


async def names(connection: Connection, batch: Batch) -> Sequence[str]:
    """Every invoice."""
    return [str(one) for one in await rows.all_invoices(connection, batch.tenant, batch.behind, batch.limit)]


FINANCE = MirrorTable(
    "Finance",
    "invoice",
    {
        "Invoice": Column.TITLE,
        "Brief": Column.TEXT,
        "Client": Column.TEXT,
        "State": Column.SELECT,
        "Amount": Column.NUMBER,
        "Refunded": Column.NUMBER,
        "Currency": Column.SELECT,
        "Opened": Column.DATE,
        "Paid": Column.DATE,
        "Stripe": Column.TEXT,
        KEY: Column.TEXT,
    },
    row,
    names,
    (
        "invoice.opened",
        "invoice.open",
        "invoice.paid",
        "invoice.part_paid",
        "invoice.void",
        "invoice.uncollectible",
        "invoice.missing",
        "invoice.failed",
        "invoice.details_refused",
        "invoice.retried",
        "invoice.refund",
    ),
)
