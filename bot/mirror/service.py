"""The mirror that people read in Notion: rows told through the outbox, never the source of truth.

The outbox says only which row is out of date; what it holds is read when it is written, so that several changes cost
one request.
"""

from datetime import datetime
from typing import Any

from bot.billing.model import Invoice
from bot.billing.standing import short_standing
from bot.briefs.model import Brief
from bot.mirror.model import FINANCE, JOB_LOG, MirrorTable
from storage import billing, briefs, drafts, outbox, people
from storage.connection import Connection
from storage.database import Transaction

CHANNEL = "notion"


class MirrorLog:
    """Says which rows are out of date; nothing where there is no mirror (`enabled` False)."""

    def __init__(self, *, enabled: bool) -> None:
        self._enabled = enabled

    async def brief(self, tx: Transaction, brief: Brief) -> None:
        """Have the brief's row in the Job Log brought up to date."""
        await self._add(tx, brief.tenant, JOB_LOG, f"brief:{brief.id}")

    async def invoice(self, tx: Transaction, invoice: Invoice) -> None:
        """Have the invoice's row in Finance brought up to date."""
        await self._add(tx, invoice.tenant, FINANCE, f"invoice:{invoice.id}")

    async def _add(self, tx: Transaction, tenant: str, table: MirrorTable, key: str) -> None:
        if self._enabled:
            await outbox.add(tx, tenant, CHANNEL, table.name, {"key": key}, slot=f"{table.name}:{key}")


async def row_of(connection: Connection, key: str) -> dict[str, Any]:
    """What the row with this key ("brief:1042", "invoice:1042") holds now, by column."""
    kind, _, number = key.partition(":")
    if kind == "brief":
        return await _job_log(connection, await briefs.load(connection, int(number)))
    invoice = await billing.load_invoice(connection, int(number))
    assert invoice is not None
    return await _finance(connection, invoice)


async def _job_log(connection: Connection, brief: Brief) -> dict[str, Any]:
    client = await people.by_id(connection, brief.tenant, brief.client_id)
    judged = [e for e in await drafts.evaluations_of(connection, brief.id) if e.draft_id == brief.draft_id]
    scores = [e.weighted for e in judged if e.weighted is not None]
    return {
        "Brief": f"{brief.id} · {brief.title}",
        "Client": client.name,
        "Type": brief.task_type.value,
        "State": short_standing(brief, await billing.invoice_of(connection, brief.id)),
        "Score": min(scores) / 100 if scores else None,
        "Drafts": brief.attempt,
        "Model cost, USD": await drafts.spent(connection, brief.id) / 1_000_000,
        "Price": float(brief.price.decimal),
        "Currency": brief.price.currency,
        "Received": _iso(brief.created_at),
        "Changed": _iso(brief.updated_at),
    }


async def _finance(connection: Connection, invoice: Invoice) -> dict[str, Any]:
    client = await people.by_id(connection, invoice.tenant, invoice.client_id)
    return {
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


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat(timespec="seconds")
