"""The mirror that people read in Notion: rows written through the outbox, never the source of truth."""

from datetime import datetime
from typing import Any

from bot.billing.model import Invoice
from bot.briefs.model import Brief
from bot.mirror.model import FINANCE, JOB_LOG, MirrorTable
from storage import drafts, outbox, people
from storage.database import Transaction

CHANNEL = "notion"


async def mirror_brief(tx: Transaction, brief: Brief) -> None:
    """Have the brief's row in the Job Log brought up to date."""
    client = await people.by_id(tx.connection, brief.tenant, brief.client_id)
    judged = [e for e in await drafts.evaluations_of(tx.connection, brief.id) if e.draft_id == brief.draft_id]
    scores = [e.weighted for e in judged if e.weighted is not None]
    values: dict[str, Any] = {
        "Brief": f"{brief.id} · {brief.title}",
        "Client": client.name,
        "Type": brief.task_type.value,
        "State": brief.state.value,
        "Score": min(scores) / 100 if scores else None,
        "Drafts": brief.attempt,
        "Model cost, USD": await drafts.spent(tx.connection, brief.id) / 1_000_000,
        "Price": float(brief.price.decimal),
        "Currency": brief.price.currency,
        "Received": _iso(brief.created_at),
        "Changed": _iso(brief.updated_at),
    }
    await _mirror(tx, brief.tenant, JOB_LOG, f"brief:{brief.id}", values)


async def mirror_invoice(tx: Transaction, invoice: Invoice) -> None:
    """Have the invoice's row in Finance brought up to date."""
    client = await people.by_id(tx.connection, invoice.tenant, invoice.client_id)
    values: dict[str, Any] = {
        "Invoice": invoice.number or str(invoice.id),
        "Brief": str(invoice.brief_id),
        "Client": client.name,
        "State": invoice.state.value,
        "Amount": float(invoice.amount.decimal),
        "Currency": invoice.amount.currency,
        "Opened": _iso(invoice.opened_at),
        "Paid": _iso(invoice.paid_at),
        "Stripe": invoice.stripe_id or "",
    }
    await _mirror(tx, invoice.tenant, FINANCE, f"invoice:{invoice.id}", values)


async def _mirror(tx: Transaction, tenant: str, table: MirrorTable, key: str, values: dict[str, Any]) -> None:
    await outbox.add(tx, tenant, CHANNEL, table.name, {"key": key, "values": values}, slot=f"{table.name}:{key}")


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat(timespec="seconds")
