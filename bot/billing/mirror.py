"""Invoices in the mirror."""

from typing import Any

from bot.mirror.model import KEY, Column, MirrorTable
from bot.mirror.service import iso
from storage.billing import invoices
from storage.engine.connection import Connection
from storage.people import people
from storage.refunds import refunds


async def row(connection: Connection, invoice_id: int) -> dict[str, Any]:
    """What the invoice's row in Finance holds now, by column."""
    invoice = await invoices.load_invoice(connection, invoice_id)
    assert invoice is not None
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
