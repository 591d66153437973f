"""What the team sees of an invoice that stopped or ended, and of what came from Stripe and was not booked."""

from datetime import datetime

from bot.billing.cards import STATE_WORDS, state_words
from bot.invoices.model import Invoice, InvoiceState, Mismatch
from bot.kernel.card import Button, Card, Lines, escape, first_lines
from bot.kernel.words import clock

WHAT_ENDED = {
    InvoiceState.VOID: "It was made void at Stripe. The client owes nothing on it, and the ledger says so.",
    InvoiceState.UNCOLLECTIBLE: "It was written off at Stripe. The client can still pay it, and is waited for.",
    InvoiceState.MISSING: "Stripe does not know it by the present key: it was deleted, or the key is another one. "
    "With the right key again it is found by itself. Make a new invoice only if nobody can pay this one any more.",
}
HEADS = {
    "misfit": "An invoice at Stripe is not as we made it",
    "other": "Another invoice bears our number",
    "refund": "A refund at Stripe",
    "dispute": "A dispute at Stripe",
    "credit note": "A credit note after payment at Stripe",
    "given up": "An event of Stripe's was given up",
}


def refused(invoice: Invoice, title: str) -> Card:
    """An invoice that Stripe refused."""
    lines = _head(invoice, title)
    lines.add(f"Why: {first_lines(invoice.error or 'unknown', 300)}")
    lines.add("The work is delivered; the client has no invoice yet. /failed lists all that stopped.")
    return Card(str(lines), ((Button("Ask Stripe again", "iretry", invoice.id, invoice.version),),))


def details_refused(invoice: Invoice, title: str) -> Card:
    """An invoice that Stripe refused for what its client gave."""
    lines = _head(invoice, title)
    lines.add(f"Why: {first_lines(invoice.error or 'unknown', 300)}")
    lines.add("The client was asked for other billing details; with them it goes on by itself. /failed lists it.")
    return Card(str(lines), ((Button("Ask Stripe again", "iretry", invoice.id, invoice.version),),))


def asked_again(invoice: Invoice, by: str, at: datetime) -> Card:
    """What became of a refusal, or of an invoice that ended, in place of its card."""
    lines = Lines(f"Invoice {invoice.id} · Asked for again by {by}, {clock(at)}")
    return Card(str(lines.add(f"{invoice.amount} for brief {invoice.brief_id}")), silent=True)


def ended(invoice: Invoice, title: str) -> Card:
    """An invoice that came to an end at Stripe otherwise than by payment, or was written off."""
    lines = _head(invoice, title).add(WHAT_ENDED[invoice.state])
    if invoice.state is InvoiceState.UNCOLLECTIBLE:
        return Card(str(lines))
    return Card(str(lines), ((anew(invoice, "Make a new invoice"),),))


def found_again(invoice: Invoice, title: str) -> Card:
    """An invoice that Stripe knows again, in place of the card that it was missing."""
    return Card(str(_head(invoice, title).add("Stripe knows it again by the present key.")), silent=True)


def anew(invoice: Invoice, label: str) -> Button:
    """Has another invoice made in place of one that Stripe no longer has."""
    return Button(label, "iretry", invoice.id, invoice.version)


def not_booked(number: int, kind: str, stripe_id: str, reason: str, invoice: Invoice | None) -> Card:
    """What came from Stripe and was not booked."""
    lines = Lines(HEADS[kind])
    if invoice is not None:
        lines.add(f"Invoice {escape(invoice.number or str(invoice.id))} of /brief_{invoice.brief_id}, {invoice.amount}")
    lines.add(f"{first_lines(reason, 300)} ({escape(stripe_id)})")
    lines.add("Nothing was booked here. Look at it in Stripe's dashboard; it stays in /failed until somebody noted it.")
    return Card(str(lines), ((Button("Noted", "mnoted", number),),))


def noted(mismatch_id: int, by: str, at: datetime) -> Card:
    """In place of such a card, once somebody took note."""
    return Card(str(Lines(f"From Stripe, {mismatch_id} · Noted by {by}, {clock(at)}")), silent=True)


def in_one_line(mismatch: Mismatch) -> str:
    """For /failed."""
    whose = f" /brief_{mismatch.brief_id}" if mismatch.brief_id is not None else ""
    return f"{HEADS[mismatch.kind]}{whose}: {first_lines(mismatch.reason, 160)}"


def stopped_in_one_line(invoice: Invoice) -> str:
    """For /failed."""
    why = invoice.error if invoice.state is InvoiceState.FAILED else STATE_WORDS[invoice.state]
    return f"Invoice of /brief_{invoice.brief_id}, {invoice.amount}: {first_lines(why or '', 120)}"


def _head(invoice: Invoice, title: str) -> Lines:
    lines = Lines(f"Invoice {invoice.id} · {state_words(invoice)}")
    return lines.add(f"{invoice.amount} for brief {invoice.brief_id}: {escape(title)}")
