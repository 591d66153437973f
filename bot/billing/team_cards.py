"""What the team sees of an invoice that stopped or ended, and of what came from Stripe and was not booked."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.billing.cards import STATE_WORDS, for_what, headline, state_words, went_back, when_paid
from bot.invoices.model import PAYABLE, Invoice, InvoiceLine, InvoiceState, Mismatch, Returned
from bot.kernel.card import Button, Card, Lines, escape, first_lines
from bot.kernel.text.words import clock, day
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.kernel.translation import ngettext, number, pgettext
from bot.messages.kept import told

LINES_SHOWN = 12  # of an invoice, and of each so many letters
LINE_LETTERS = 120
WHAT_ENDED: Mapping[InvoiceState, str] = {
    InvoiceState.VOID: N_("It was made void at Stripe. The client owes nothing on it, and the ledger says so."),
    InvoiceState.UNCOLLECTIBLE: N_("It was written off at Stripe, and in the ledger. The client can still pay it."),
    InvoiceState.MISSING: N_(
        "Stripe does not find it with the current key: it was deleted, or the key is another one. With the right "
        "key it is found again automatically. Make a new invoice only if nobody can pay this one any more."
    ),
}
HEADS: Mapping[str, str] = {
    "misfit": N_("An invoice at Stripe is not as we made it"),
    "other": N_("Another invoice has our number"),
    "refund": N_("A refund at Stripe"),
    "dispute": N_("A dispute at Stripe"),
    "credit note": N_("A credit note after payment at Stripe"),
    "credit note voided": N_("A credit note after payment was voided at Stripe"),
    "payout": N_("A payout did not reach the bank"),
    "given up": N_("An event from Stripe was given up"),
}
BOOKED = frozenset(
    {"refund", "dispute", "credit note", "credit note voided", "payout"}
)  # the ledger follows these by itself


def refused(invoice: Invoice, title: str) -> Card:
    """An invoice that Stripe refused."""
    lines = _head(invoice, title).add(_why(invoice))
    if invoice.brief_id is None:
        lines.add(_("The client has no invoice yet. /failed lists everything that stopped."))
    else:
        lines.add(_("The work is delivered; the client has no invoice yet. /failed lists everything that stopped."))
    return Card(str(lines), ((anew(invoice, _("Ask Stripe again")),),))


def details_refused(invoice: Invoice, title: str) -> Card:
    """An invoice that Stripe refused for what its client gave."""
    lines = _head(invoice, title).add(_why(invoice))
    lines.add(_("The client was asked for other billing details; then it continues automatically. /failed lists it."))
    return Card(str(lines), ((anew(invoice, _("Ask Stripe again")),),))


def asked_again(invoice: Invoice, by: str, at: datetime) -> Card:
    """What became of a refusal, or of an invoice that ended, in place of its card."""
    lines = Lines(_("Invoice {number} · Asked for again by {name}, {time}", number=invoice.id, name=by, time=clock(at)))
    if invoice.brief_id is None:
        lines.add(str(invoice.amount))
    else:
        lines.add(_("{money} for brief {brief}", money=invoice.amount, brief=invoice.brief_id))
    return Card(str(lines), silent=True)


def ended(invoice: Invoice, title: str) -> Card:
    """An invoice that came to an end at Stripe otherwise than by payment, or was written off."""
    lines = _head(invoice, title).add(_(WHAT_ENDED[invoice.state]))
    if invoice.state is InvoiceState.UNCOLLECTIBLE:
        return Card(str(lines))
    return Card(str(lines), ((anew(invoice, _("Make a new invoice")),),))


def not_voided(invoice: Invoice, title: str, why: str) -> Card:
    """Somebody decided to have it voided, and Stripe did not."""
    if invoice.state is InvoiceState.PAID:
        lines = Lines(_("Invoice {number} · Paid before it could be voided", number=invoice.id))
        lines.add(for_what(invoice, title))
        return Card(str(lines.add(_("If the money should go back: /refund {number}", number=invoice.id))))
    lines = Lines(_("Invoice {number} · Not voided", number=invoice.id)).add(for_what(invoice, title))
    lines.add(_("Why: {why}", why=first_lines(why or _(STATE_WORDS[invoice.state]), 300)))
    lines.add(_("The client was told that it stands. Void it in Stripe's dashboard, or let it stand."))
    return Card(str(lines))


def not_written_off(invoice: Invoice, title: str, why: str) -> Card:
    """Somebody decided to have it written off, and it was not."""
    lines = Lines(_("Invoice {number} · Not written off", number=invoice.id)).add(for_what(invoice, title))
    return Card(str(lines.add(_("Why: {why}", why=first_lines(why or state_words(invoice), 300)))))


def ask_to_void(invoice: Invoice, title: str) -> Card:
    """What is asked before it is voided."""
    lines = Lines(_("Invoice {number} · Void it?", number=_number(invoice))).add(for_what(invoice, title))
    lines.add(_("Nobody can pay it then, and the client is told that nothing is owed. It cannot be undone."))
    return Card(str(lines), (_back(invoice), (Button(_("Yes, void it"), "ivoidyes", invoice.id, invoice.version),)))


def ask_to_write_off(invoice: Invoice, title: str) -> Card:
    """What is asked before it is written off."""
    lines = Lines(_("Invoice {number} · Write it off?", number=_number(invoice))).add(for_what(invoice, title))
    lines.add(_("It is booked as a loss. The client can still pay it, and gets no more reminders."))
    yes = Button(_("Yes, write it off"), "iwriteoffyes", invoice.id, invoice.version)
    return Card(str(lines), (_back(invoice), (yes,)))


def overview(
    invoice: Invoice, lines: Sequence[InvoiceLine], client: str, returned: Returned | None, *, may: bool
) -> Card:
    """An invoice as the team sees it; returned: what went back of it. may: whether who looks may end it."""
    shown = Lines(headline(invoice, _number(invoice)))
    shown.add(_("{money} for {name}", money=invoice.amount, name=escape(client)))
    if invoice.brief_id is not None:
        shown.add(f"/brief_{invoice.brief_id}")
    listed_lines(shown, lines)
    if invoice.asked != invoice.amount:
        shown.add(_("Stripe asks for {money}", money=invoice.asked))
    if invoice.due_at is not None and invoice.state in PAYABLE:
        shown.add(_("Due by {day}", day=day(invoice.due_at)))
    for words in (*when_paid(invoice), *went_back(invoice, returned)):
        shown.add(words)
    if invoice.write_off_asked_at is not None:
        shown.add(_("It is being written off at Stripe."))
    links = [Button(_("Invoice as PDF"), url=invoice.pdf_url)] if invoice.pdf_url else []
    ends = []
    if may and invoice.voidable:
        ends.append(Button(_("Void"), "ivoid", invoice.id, invoice.version))
    if may and invoice.can_be_written_off:
        ends.append(Button(_("Write off"), "iwriteoff", invoice.id, invoice.version))
    if may and invoice.can_be_cancelled:
        ends.append(Button(pgettext("invoice by hand", "Cancel"), "hcancel", invoice.id, invoice.version))
    return Card(str(shown), tuple(tuple(row) for row in (links, ends) if row))


def listed_lines(shown: Lines, lines: Sequence[InvoiceLine]) -> None:
    """Add what an invoice asks for, the first of many."""
    for line in lines[:LINES_SHOWN]:
        shown.add(line_words(line))
    if len(lines) > LINES_SHOWN:
        shown.add(ngettext("and {n} more line", "and {n} more lines", len(lines) - LINES_SHOWN))


def line_words(line: InvoiceLine) -> str:
    """ "Advice: 3 × 50.00 = 150.00 USD"."""
    said = first_lines(line.description, LINE_LETTERS)
    if line.quantity == 1:
        return _("{what}: {money}", what=said, money=line.amount)
    many = number(line.quantity)
    return _("{what}: {n} × {unit} = {money}", what=said, n=many, unit=line.unit.plain, money=line.amount)


def found_again(invoice: Invoice, title: str) -> Card:
    """An invoice that Stripe knows again, in place of the card that it was missing."""
    return Card(str(_head(invoice, title).add(_("Stripe finds it again with the current key."))), silent=True)


def anew(invoice: Invoice, label: str) -> Button:
    """Has another invoice made in place of one that Stripe no longer has."""
    return Button(label, "iretry", invoice.id, invoice.version)


def not_booked(number: int, kind: str, stripe_id: str, reason: str, invoice: Invoice | None) -> Card:
    """What came from Stripe and was not booked, or is for somebody to look at all the same."""
    lines = Lines(_(HEADS[kind]))
    if invoice is not None:
        lines.add(_which(invoice))
    lines.add(f"{first_lines(told(reason), 300)} ({escape(stripe_id)})")
    if kind in BOOKED:
        lines.add(
            _("The ledger follows what Stripe moved. Look at it; it stays in /failed until somebody marks it as noted.")
        )
    else:
        lines.add(
            _(
                "Nothing was booked here. Check it in Stripe's dashboard; it stays in /failed until somebody marks "
                "it as noted."
            )
        )
    return Card(str(lines), ((Button(_("Noted"), "mnoted", number),),))


def noted(mismatch_id: int, by: str, at: datetime) -> Card:
    """In place of such a card, once somebody took note."""
    words = _("From Stripe, {number} · Noted by {name}, {time}", number=mismatch_id, name=by, time=clock(at))
    return Card(str(Lines(words)), silent=True)


def in_one_line(mismatch: Mismatch) -> str:
    """For /failed."""
    head, why = _(HEADS[mismatch.kind]), first_lines(told(mismatch.reason), 160)
    if mismatch.brief_id is not None:
        return f"{head} /brief_{mismatch.brief_id}: {why}"
    if mismatch.invoice_id is not None:
        return _("{what}, invoice {number}: {why}", what=head, number=mismatch.invoice_id, why=why)
    return f"{head}: {why}"


def stopped_in_one_line(invoice: Invoice) -> str:
    """For /failed."""
    why = invoice.error if invoice.state is InvoiceState.FAILED else _(STATE_WORDS[invoice.state])
    why = first_lines(why or "", 120)
    if invoice.brief_id is None:
        return _("Invoice {number}, {money}: {why}", number=invoice.id, money=invoice.amount, why=why)
    return _("Invoice of {brief}, {money}: {why}", brief=f"/brief_{invoice.brief_id}", money=invoice.amount, why=why)


def anew_in_list(invoice: Invoice) -> Button:
    """The button below that line."""
    number = invoice.id if invoice.brief_id is None else invoice.brief_id
    if invoice.state is InvoiceState.MISSING:
        return anew(invoice, _("Make a new invoice, {number}", number=number))
    return anew(invoice, _("Ask Stripe again, {number}", number=number))


def is_asked_again(invoice: Invoice) -> str:
    """In one line, to whoever had it asked for again."""
    if invoice.brief_id is None:
        return _("Stripe is asked again for invoice {number}", number=invoice.id)
    return _("Stripe is asked again for the invoice of brief {brief}", brief=invoice.brief_id)


def _head(invoice: Invoice, title: str) -> Lines:
    return Lines(headline(invoice, invoice.id)).add(for_what(invoice, title))


def _number(invoice: Invoice) -> str:
    return invoice.number or str(invoice.id)


def _back(invoice: Invoice) -> tuple[Button, ...]:
    return (Button(_("Back"), "invoice", invoice.id),)


def _which(invoice: Invoice) -> str:
    theirs = escape(invoice.number or str(invoice.id))
    if invoice.brief_id is None:
        return _("Invoice {number}, {money}", number=theirs, money=invoice.amount)
    brief = f"/brief_{invoice.brief_id}"
    return _("Invoice {number} of {brief}, {money}", number=theirs, brief=brief, money=invoice.amount)


def _why(invoice: Invoice) -> str:
    return _("Why: {why}", why=first_lines(invoice.error or _("unknown"), 300))
