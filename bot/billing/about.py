"""What an invoice is for: its brief where it has one, and a title for people."""

from dataclasses import dataclass

from bot.briefs.model import Brief
from bot.invoices.model import Invoice
from storage.billing import invoices as billing
from storage.briefs import briefs
from storage.engine.connection import Connection


@dataclass(frozen=True, slots=True)
class About:
    """brief: None where the invoice is for something else. title: the brief's, or else what its lines say."""

    brief: Brief | None
    title: str


async def about(connection: Connection, invoice: Invoice) -> About:
    """What the invoice is for, as it is now."""
    if invoice.brief_id is not None:
        brief = await briefs.get(connection, invoice.tenant, invoice.brief_id)
        return About(brief, brief.title)
    lines = await billing.lines_of(connection, invoice)
    return About(None, ", ".join(line.description for line in lines))
