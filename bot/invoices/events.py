"""Which of the provider's events say that something is to be read again, and what. All others are kept and counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

OUR_INSTALLATION = "echopilot_installation"
OUR_INVOICE = "echopilot_invoice"
OUR_PERSON = "echopilot_person"
OUR_REFUND = "echopilot_refund"
OUR_ROW = "echopilot_row"
OUR_SUBJECT = "echopilot_subject"
OUR_BRIEF = "echopilot_brief"  # beside the subject where that is a brief; alone in what an earlier version made


class Reread(StrEnum):
    """What is read again. CHARGE: all refunds of one. SETTLED: the invoice that a charge pays for, while any waits for
    money or a fee.
    """

    INVOICE = "invoice"
    SETTLED = "settled"
    CHARGE = "charge"
    REFUND = "refund"
    DISPUTE = "dispute"
    PAYOUT = "payout"


@dataclass(frozen=True, slots=True)
class Occasion:
    """What an event is the occasion for.

    named: the member of its object that names what is read again. words: what that is, for the inbox's notes.
    paid: it says no more than that the invoice is paid. fetched: it is caught up on where no webhook brought it, since
    looking at invoices does not show it.
    """

    reread: Reread
    words: str
    named: str = "id"
    paid: bool = False
    fetched: bool = False


_INVOICE = Occasion(Reread.INVOICE, "an invoice")
_PAID = Occasion(Reread.INVOICE, "an invoice", paid=True)
_CREDIT_NOTE = Occasion(Reread.INVOICE, "an invoice", named="invoice", fetched=True)
_REFUND = Occasion(Reread.REFUND, "a refund", fetched=True)
_DISPUTE = Occasion(Reread.DISPUTE, "a dispute", fetched=True)
_PAYOUT = Occasion(Reread.PAYOUT, "a payout", fetched=True)
OCCASIONS: Mapping[str, Occasion] = {
    "invoice.paid": _PAID,
    "invoice.payment_succeeded": _PAID,  # a part of invoice.paid, for endpoints that are sent no other
    "invoice.payment_failed": _INVOICE,
    "invoice.finalization_failed": _INVOICE,
    "invoice.voided": _INVOICE,
    "invoice.marked_uncollectible": _INVOICE,
    "invoice.overdue": _INVOICE,
    "invoice.overpaid": _INVOICE,
    "invoice.deleted": _INVOICE,
    "invoice_payment.paid": Occasion(Reread.INVOICE, "an invoice", named="invoice", paid=True),
    "credit_note.created": _CREDIT_NOTE,
    "credit_note.updated": _CREDIT_NOTE,
    "credit_note.voided": _CREDIT_NOTE,
    "charge.updated": Occasion(Reread.SETTLED, "a payment", named="payment_intent"),
    "charge.refunded": Occasion(Reread.CHARGE, "a charge", fetched=True),
    "charge.refund.updated": _REFUND,
    "refund.created": _REFUND,
    "refund.updated": _REFUND,
    "refund.failed": _REFUND,
    "charge.dispute.created": _DISPUTE,
    "charge.dispute.updated": _DISPUTE,
    "charge.dispute.closed": _DISPUTE,
    "charge.dispute.funds_withdrawn": _DISPUTE,
    "charge.dispute.funds_reinstated": _DISPUTE,
    "payout.created": _PAYOUT,
    "payout.updated": _PAYOUT,
    "payout.paid": _PAYOUT,
    "payout.failed": _PAYOUT,
    "payout.canceled": _PAYOUT,
    "payout.reconciliation_completed": _PAYOUT,
}
FETCHED = tuple(kind for kind, occasion in OCCASIONS.items() if occasion.fetched)


def named_by(occasion: Occasion, thing: Mapping[str, Any]) -> str | None:
    """The provider's id of what is to be read again, by what the event's object says itself."""
    named = thing.get(occasion.named)
    name = named.get("id") if isinstance(named, Mapping) else named
    return name if isinstance(name, str) else None


def mark_of(thing: Mapping[str, Any]) -> str | None:
    """The installation in an object's metadata: "" where it has metadata without one, None where it has none at all."""
    metadata = thing.get("metadata")
    return str(metadata.get(OUR_INSTALLATION, "")) if isinstance(metadata, Mapping) else None
