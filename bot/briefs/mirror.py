"""Briefs in the mirror."""

from collections.abc import Sequence
from typing import Any

from bot.briefs.standing import short_standing
from bot.kernel.errors import Refusal
from bot.mirror.model import KEY, Batch, Column, MirrorTable, RowId
from bot.mirror.service import iso
from storage.billing import invoices as billing
from storage.briefs import briefs, drafts
from storage.engine.connection import Connection
from storage.mirror import rows
from storage.people import people
from storage.quality import scores


async def row(connection: Connection, one: RowId) -> dict[str, Any] | None:
    """What the brief's row in the Job Log holds now, by column."""
    try:
        brief = await briefs.get(connection, one.tenant, one.number)
    except Refusal:
        return None
    client = await people.by_id(connection, brief.tenant, brief.client_id)
    return {
        "Brief": f"{brief.id} · {brief.title}",
        "Client": client.name,
        "Type": brief.task_type.value,
        "State": short_standing(brief.state, await billing.invoice_of(connection, brief.tenant, brief.id)),
        "Score": await scores.of_draft(connection, brief.tenant, brief.draft_id),
        "Drafts": brief.attempt,
        "Model cost, USD": await drafts.spent(connection, brief.tenant, brief.id) / 1_000_000,
        "Price": float(brief.price.decimal),
        "Currency": brief.price.currency,
        "Received": iso(brief.created_at),
        "Changed": iso(brief.updated_at),
    }


async def names(connection: Connection, batch: Batch) -> Sequence[str]:
    """The briefs that have a row."""
    return [str(one) for one in await rows.ended_briefs(connection, batch.tenant, batch.behind, batch.limit)]


JOB_LOG = MirrorTable(
    "Job Log",
    "brief",
    {
        "Brief": Column.TITLE,
        "Client": Column.TEXT,
        "Type": Column.SELECT,
        "State": Column.SELECT,
        "Score": Column.NUMBER,
        "Drafts": Column.NUMBER,
        "Model cost, USD": Column.NUMBER,
        "Price": Column.NUMBER,
        "Currency": Column.SELECT,
        "Received": Column.DATE,
        "Changed": Column.DATE,
        KEY: Column.TEXT,
    },
    row,
    names,
    (
        "brief.delivered",
        "brief.rejected",
        "brief.failed",
        "brief.invoiced",
        "brief.paid",
        "brief.invoice_new",
        "brief.invoice_open",
        "brief.invoice_part_paid",
        "brief.invoice_void",
        "brief.invoice_uncollectible",
        "brief.invoice_missing",
        "brief.invoice_failed",
        "brief.invoice_details",
    ),
)
