"""By what a row is told from another of its number: after a backup was put back, and in a copy, they come again."""

import hashlib
from datetime import datetime

from bot.briefs.model import Brief
from bot.invoices.model import Invoice


def row_mark(created_at: datetime, *says: object) -> str:
    """12 characters of 0-9 and a-f, of when the row was made, to the microsecond, and of what never changes in it."""
    words = "\n".join((created_at.isoformat(), *map(str, says)))
    return hashlib.sha256(words.encode()).hexdigest()[:12]


def mark_of_invoice(invoice: Invoice, brief: Brief) -> str:
    """The mark of an invoice's row."""
    return row_mark(invoice.created_at, invoice.brief_id, invoice.client_id, invoice.amount, description_of(brief))


def description_of(brief: Brief) -> str:
    """What the invoice's line says of the work."""
    return f"{brief.task_type.value}: {brief.title}"
