"""By what a row is told from another of its number: after a backup was put back, and in a copy, they come again."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from bot.invoices.model import Invoice, InvoiceLine


def row_mark(created_at: datetime, *says: object) -> str:
    """12 characters of 0-9 and a-f, of when the row was made, to the microsecond, and of what never changes in it."""
    words = "\n".join((created_at.isoformat(), *map(str, says)))
    return hashlib.sha256(words.encode()).hexdigest()[:12]


def mark_of_invoice(invoice: Invoice, lines: Sequence[InvoiceLine]) -> str:
    """The mark of an invoice's row; that of a brief is as it was before there were others."""
    what = invoice.subject if invoice.brief_id is None else invoice.brief_id
    says = [line.description for line in lines]
    if invoice.brief_id is None:
        says += [f"{line.quantity} {line.unit.minor}" for line in lines]
    return row_mark(invoice.created_at, what, invoice.client_id, invoice.amount.neutral, *says)
