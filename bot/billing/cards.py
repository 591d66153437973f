"""What people see of an invoice."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.billing.model import Invoice, InvoiceState
from bot.kernel.card import Button, Card, Lines, escape, first_lines
from bot.kernel.words import clock, day

STATE_WORDS: dict[InvoiceState, str] = {
    InvoiceState.NEW: "Being made",
    InvoiceState.UNKNOWN: "Being checked with Stripe",
    InvoiceState.OPEN: "To pay",
    InvoiceState.PAID: "Paid",
    InvoiceState.VOID: "Void",
    InvoiceState.FAILED: "Refused by Stripe",
}


def invoice_card(invoice: Invoice, title: str) -> Card:
    """The invoice in the client's chat; once it is paid, without its button."""
    lines = Lines(f"Invoice {invoice.number or invoice.id} · {STATE_WORDS[invoice.state]}")
    lines.add(f"{invoice.amount} for brief {invoice.brief_id}: {escape(title)}")
    if invoice.state is not InvoiceState.OPEN or not invoice.url:
        return Card(str(lines), silent=True)
    by = f"Due by {day(invoice.due_at)}. " if invoice.due_at is not None else ""
    lines.add(f"{by}You pay on Stripe's page; the receipt comes here.")
    return Card(str(lines), ((Button(f"Pay {invoice.amount}", url=invoice.url),),))


def refused(invoice: Invoice, title: str) -> Card:
    """An invoice that Stripe refused, for operators."""
    lines = Lines(f"Invoice {invoice.id} · {STATE_WORDS[InvoiceState.FAILED]}")
    lines.add(f"{invoice.amount} for brief {invoice.brief_id}: {escape(title)}")
    lines.add(f"Why: {first_lines(invoice.error or 'unknown', 300)}")
    lines.add("The work is delivered; the client has no invoice yet. /failed lists all that stopped.")
    return Card(str(lines), ((Button("Ask Stripe again", "iretry", invoice.id, invoice.version),),))


def asked_again(invoice: Invoice, by: str, at: datetime) -> Card:
    """What became of the refusal, in place of its card."""
    lines = Lines(f"Invoice {invoice.id} · Asked for again by {by}, {clock(at)}")
    return Card(str(lines.add(f"{invoice.amount} for brief {invoice.brief_id}")), silent=True)


def receipt(invoice: Invoice, title: str) -> Card:
    """Thanks for the money."""
    lines = Lines(f"Received {invoice.amount} · thank you")
    lines.add(f"Invoice {invoice.number or invoice.id} for brief {invoice.brief_id}: {escape(title)}")
    rows = ((Button("Invoice as PDF", url=invoice.pdf_url),),) if invoice.pdf_url else ()
    return Card(str(lines), rows)


def listing(
    title: str, invoices: Sequence[Invoice], clients: Mapping[int, str], rows: tuple[tuple[Button, ...], ...]
) -> Card:
    """A page of invoices, to be paid from here; with the clients' names instead for those who see everybody's."""
    lines = Lines(title)
    for invoice in invoices:
        name = f", {escape(clients[invoice.client_id])}" if invoice.client_id in clients else ""
        lines.add(
            f"{escape(invoice.number or str(invoice.id))} · {invoice.amount} · {STATE_WORDS[invoice.state]}{name} "
            f"/brief_{invoice.brief_id}"
        )
    pay = tuple(
        (Button(f"Pay {invoice.amount}, brief {invoice.brief_id}", url=invoice.url),)
        for invoice in invoices
        if invoice.state is InvoiceState.OPEN and invoice.url and invoice.client_id not in clients
    )
    return Card(str(lines), (*pay, *rows))
