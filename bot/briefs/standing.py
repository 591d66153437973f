"""How a brief stands once its work is delivered: by its invoice, in every place that shows a brief."""

from collections.abc import Mapping

from bot.briefs.model import State
from bot.invoices.model import Invoice, InvoiceState, InvoiceSummary
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.kernel.translation import pgettext_noop as NP_

INVOICED = frozenset({State.DELIVERED, State.INVOICED, State.PAID})
_WORDS: Mapping[InvoiceState, str] = {
    InvoiceState.NEW: N_("Delivered, invoice being made"),
    InvoiceState.UNKNOWN: N_("Delivered, invoice being checked"),
    InvoiceState.OPEN: N_("Delivered, invoice open"),
    InvoiceState.PAID: NP_("brief", "Paid"),
    InvoiceState.VOID: N_("Delivered, invoice void"),
    InvoiceState.UNCOLLECTIBLE: N_("Delivered, invoice overdue"),
    InvoiceState.MISSING: N_("Delivered, invoice not found at Stripe"),
    InvoiceState.FAILED: N_("Delivered, invoice refused by Stripe"),
    InvoiceState.DETAILS: N_("Delivered, invoice waits for billing details"),
    InvoiceState.CANCELLED: N_("Delivered, invoice cancelled"),
}
# For tables that are sorted and counted by it, so without commas and amounts.
_SHORT: Mapping[InvoiceState, str] = {
    InvoiceState.NEW: "invoice being made",
    InvoiceState.UNKNOWN: "invoice being checked",
    InvoiceState.OPEN: "invoiced",
    InvoiceState.PAID: "paid",
    InvoiceState.VOID: "invoice void",
    InvoiceState.UNCOLLECTIBLE: "invoice overdue",
    InvoiceState.MISSING: "invoice not found",
    InvoiceState.FAILED: "invoice refused",
    InvoiceState.DETAILS: "invoice waits for details",
    InvoiceState.CANCELLED: "invoice cancelled",
}


# What passes within seconds after the delivery is not worth a word.
_BEING_MADE = frozenset({InvoiceState.NEW, InvoiceState.UNKNOWN})


def standing(state: State, invoice: Invoice | InvoiceSummary | None) -> str:
    """Where a brief stands, in words. invoice: None where it has none, which is so before it is delivered."""
    if invoice is None or not _told(state, invoice):
        return state.words
    if invoice.part_paid:
        return _("Delivered, invoice partly paid")
    if invoice.voiding:
        return _("Delivered, invoice being voided")
    return _(_WORDS[invoice.state])


def short_standing(state: State, invoice: Invoice | InvoiceSummary | None) -> str:
    """The same in one word or a few, which stay the same for all briefs that stand so."""
    if invoice is None or not _told(state, invoice):
        return state.value
    return _SHORT[invoice.state]


def _told(state: State, invoice: Invoice | InvoiceSummary) -> bool:
    """Whether there is more to say than the brief's own state does."""
    return state in INVOICED and not (state is State.DELIVERED and invoice.state in _BEING_MADE)
