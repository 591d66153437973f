"""Words and cells that several pages have."""

from collections.abc import Mapping
from datetime import datetime

from bot.billing.cards import STATE_WORDS
from bot.briefs.model import BriefSummary, State
from bot.invoices.model import Invoice, InvoiceState, InvoiceSummary
from bot.kernel.money import Money
from bot.kernel.text.words import moment
from bot.kernel.translation import gettext as _
from web.paging import OLDEST
from web.site.blocks import Cell, Choice, Column, Table, Tone, pill

BRIEF_TONES: dict[State, Tone] = {
    State.IN_REVIEW: "warn",
    State.DELIVERED: "good",
    State.INVOICED: "good",
    State.PAID: "good",
    State.APPROVED: "good",
    State.REJECTED: "bad",
    State.FAILED: "bad",
    State.CANCELLED: "quiet",
}
INVOICE_TONES: dict[InvoiceState, Tone] = {
    InvoiceState.OPEN: "warn",
    InvoiceState.PAID: "good",
    InvoiceState.UNCOLLECTIBLE: "bad",
    InvoiceState.FAILED: "bad",
    InvoiceState.MISSING: "bad",
    InvoiceState.DETAILS: "warn",
    InvoiceState.VOID: "quiet",
    InvoiceState.CANCELLED: "quiet",
}


def brief_state(state: State, *, held: bool = False) -> Cell:
    """Where a brief stands."""
    return pill(_("Waits for budget"), "warn") if held else pill(state.words, BRIEF_TONES.get(state, ""))


def invoice_state(invoice: Invoice | InvoiceSummary) -> Cell:
    """How an invoice stands."""
    if invoice.voiding:
        return pill(_("Being voided"), "quiet")
    if invoice.part_paid:
        return pill(_("Partly paid"), "warn")
    return pill(_(STATE_WORDS[invoice.state]), INVOICE_TONES.get(invoice.state, ""))


def money(amount: Money) -> Cell:
    """An amount; in a file without separators."""
    return Cell(str(amount), written=f"{amount.decimal} {amount.currency}")


def at(when: datetime | None) -> Cell:
    """A point in time; in a file as ISO 8601 has it, in UTC."""
    return Cell(
        "–" if when is None else moment(when), written="" if when is None else when.isoformat(timespec="seconds")
    )


def briefs_table(title: str, rows: list[BriefSummary], empty: str) -> Table:
    """Briefs beneath each other."""
    columns = [Column(_("Brief")), Column(_("Title")), Column(_("State")), Column(_("Since")), Column(_("Invoice"))]
    return Table(title, columns, [_brief(one) for one in rows], empty)


def _brief(one: BriefSummary) -> list[Cell]:
    named = Cell(str(one.id), f"/briefs/{one.id}")
    invoice = Cell("–", written="") if one.invoice is None else invoice_state(one.invoice)
    return [named, Cell(one.title), brief_state(one.state, held=one.held), at(one.since), invoice]


def order(query: Mapping[str, str]) -> Choice:
    """In which order a list stands."""
    orders = [("", _("Newest first")), (OLDEST, _("Oldest first"))]
    return Choice("order", _("Order"), orders, query.get("order", ""))
