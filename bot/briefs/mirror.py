"""Briefs in the mirror."""

from typing import Any

from bot.briefs.standing import short_standing
from bot.mirror.service import iso
from storage.billing import invoices as billing
from storage.briefs import briefs, drafts
from storage.engine.connection import Connection
from storage.people import people


async def row(connection: Connection, brief_id: int) -> dict[str, Any]:
    """What the brief's row in the Job Log holds now, by column."""
    brief = await briefs.load(connection, brief_id)
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
        "Received": iso(brief.created_at),
        "Changed": iso(brief.updated_at),
    }
