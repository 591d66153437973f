"""Which of the provider's events say that something is to be read again, and what. All others are kept and counted."""

from collections.abc import Mapping
from typing import Any

OUR_INSTALLATION = "echopilot_installation"
OUR_INVOICE = "echopilot_invoice"
OUR_PERSON = "echopilot_person"
OUR_ROW = "echopilot_row"
OUR_BRIEF = "echopilot_brief"

# The event's type, and of what kind its object is.
READ_AGAIN: Mapping[str, str] = {
    "invoice.paid": "invoice",
    "invoice.payment_succeeded": "invoice",  # a part of invoice.paid, for endpoints that are sent no other
    "invoice.payment_failed": "invoice",
    "invoice.finalization_failed": "invoice",
    "invoice.voided": "invoice",
    "invoice.marked_uncollectible": "invoice",
    "invoice.overdue": "invoice",
    "invoice.overpaid": "invoice",
    "invoice.deleted": "invoice",
    "invoice_payment.paid": "invoice_payment",
    "credit_note.created": "credit_note",
    "credit_note.updated": "credit_note",
    "credit_note.voided": "credit_note",
    "charge.updated": "settled_charge",
    "charge.refunded": "charge",
    "charge.refund.updated": "refund",
    "refund.created": "refund",
    "refund.updated": "refund",
    "refund.failed": "refund",
    "charge.dispute.created": "dispute",
    "charge.dispute.updated": "dispute",
    "charge.dispute.closed": "dispute",
    "charge.dispute.funds_withdrawn": "dispute",
    "charge.dispute.funds_reinstated": "dispute",
}
OF_PAID = frozenset({"invoice.paid", "invoice.payment_succeeded", "invoice_payment.paid"})
ABOUT_MONEY = frozenset({"charge", "refund", "dispute"})
MONEY_MOVED = tuple(kind for kind, subject in READ_AGAIN.items() if subject in ABOUT_MONEY | {"credit_note"})


def invoice_named(subject: str, thing: Mapping[str, Any]) -> str | None:
    """The provider's id of the invoice that an event's object is, or belongs to by what it says itself."""
    named = thing.get("id") if subject == "invoice" else thing.get("invoice")
    return named if isinstance(named, str) else None


def mark_of(thing: Mapping[str, Any]) -> str | None:
    """The installation in an object's metadata: "" where it has metadata without one, None where it has none at all."""
    metadata = thing.get("metadata")
    return str(metadata.get(OUR_INSTALLATION, "")) if isinstance(metadata, Mapping) else None
