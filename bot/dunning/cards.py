"""How a reminder of an invoice reads: what is owed, since when, and the way to pay."""

from datetime import datetime

from bot.billing.cards import for_what, left_to_pay, pay_button
from bot.invoices.model import Invoice
from bot.kernel.card import Button, Card, Lines
from bot.kernel.text.words import day as day_words
from bot.kernel.translation import gettext as _
from bot.kernel.translation import local, ngettext


def reminder(invoice: Invoice, due_at: datetime, title: str, now: datetime) -> Card:
    """due_at: the invoice's. Days are those of the reader's calendar, however late the reminder is."""
    number, days = invoice.number or str(invoice.id), (local(now).date() - local(due_at).date()).days
    lines = Lines(_("Invoice {number} · {when}", number=number, when=_when(days))).add(for_what(invoice, title))
    if invoice.part_paid:
        lines.add(_("{paid} received, {left} left to pay", paid=invoice.paid, left=left_to_pay(invoice)))
    due = day_words(due_at)
    lines.add(_("It was due by {day}.", day=due) if days > 0 else _("It is due by {day}.", day=due))
    lines.add(_("If you paid just now, there is nothing to do. Is something not right with it? Write to us."))
    pay = pay_button(invoice, _("Pay {money}", money=left_to_pay(invoice)))
    ask = Button(_("Write to the team"), "write", invoice.id, choice="invoice")
    return Card(str(lines), (*(((pay,),) if pay is not None else ()), (ask,)), singly=True)


def _when(days: int) -> str:
    """days: after the due day; negative: before it."""
    if days < 0:
        return ngettext("Due in {n} day", "Due in {n} days", -days)
    if days == 0:
        return _("Due today")
    return ngettext("{n} day overdue", "{n} days overdue", days)
