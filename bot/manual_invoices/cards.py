"""What the team sees while it makes an invoice by hand, and of what it made."""

from collections.abc import Sequence

from bot.access.model import Person
from bot.billing.cards import headline
from bot.billing.team_cards import listed_lines
from bot.invoices.model import Invoice, InvoiceLine, InvoiceState, total_of
from bot.invoices.tax import TaxRate
from bot.kernel.card import Button, Card, Lines, escape, in_rows
from bot.kernel.money import Money
from bot.kernel.text.words import clock, in_a_row
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.kernel.translation import ngettext, percent, pgettext
from bot.manual_invoices.model import DUE_OFFERED, Order, Payer, example

CLIENT_OPEN = N_("Still open: who is the invoice for? Write a name or a number; /stop ends it.")
LINES_OPEN = N_("Still open: the invoice for {name}. Write its lines; /invoice shows it, /stop ends it.")
DUE_OPEN = N_("Still open: when is the invoice for {name} due? Write days or a date; /stop ends it.")
CURRENCY_OPEN = N_("Still open: the currency of the invoice for {name}. Write its code; /stop ends it.")
CURRENCIES_OFFERED = ("USD", "EUR", "GBP", "INR", "PKR", "JPY")


def ask_client() -> Card:
    """Whom it is for."""
    lines = Lines(_("New invoice · Who is it for?"))
    lines.add(_("Write the client's name or number, or open /clients and tap Invoice on a client's card."))
    return Card(str(lines), ((_stop(),),))


def which_client(found: Sequence[Person]) -> Card:
    """Several have that name."""
    lines = Lines(_("New invoice · Which of them?"))
    taps = [Button(f"{person.name} {person.id}", "hclient", person.id) for person in found[:8]]
    return Card(str(lines), (*((tap,) for tap in taps), (_stop(),)))


def ask_lines(payer: Payer, currency: str, version: int) -> Card:
    """What it is for."""
    lines = Lines(_("New invoice for {name} · What for?", name=payer.client.name))
    lines.add(_("Write one line for each thing: what, how many, what one costs."))
    lines.add(f"<code>{escape(example(currency))}</code>")
    lines.add(_("Several lines in one message are fine. Prices are in {currency}.", currency=currency))
    return Card(str(lines), ((Button(_("Currency"), "hcurask", version=version),), (_stop(),)))


def preview(order: Order, payer: Payer, days: int, version: int, grace_minutes: int) -> Card:
    """All that it will say, before the yes."""
    lines = Lines(_("Invoice for {name} · Not sent yet", name=payer.client.name))
    listed_lines(lines, order.lines)
    lines.add(_("In all: {money}", money=total_of(order.lines)))
    lines.add(_due(days) if payer.email else _("No due day: {name} gave no e-mail, so it is paid on Stripe's page "
                                               "at any time.", name=escape(payer.client.name)))  # fmt: skip
    for note in _notes(order, payer):
        lines.add(note)
    lines.add(_("To add a line, write it."))
    if grace_minutes:
        lines.add(
            ngettext(
                "After your yes it can be changed for {n} minute.",
                "After your yes it can be changed for {n} minutes.",
                grace_minutes,
            )
        )
    change = (
        Button(_("Due day"), "hdueask", version=version),
        Button(_("Currency"), "hcurask", version=version),
        Button(_("Remove last line"), "hpop", version=version),
    )
    send = Button(_("Send invoice, {money}", money=total_of(order.lines)), "hsend", version=version)
    return Card(str(lines), (change, (send,), (_stop(),)))


def _notes(order: Order, payer: Payer) -> list[str]:
    """What whoever says yes should know."""
    notes = []
    others = sorted(payer.currencies - {order.total.currency})
    if others and order.total.currency not in payer.currencies:
        words = _(
            "Their invoices so far are in {currencies}. Stripe takes this one in {currency}; a credit in another "
            "currency is not used for it.",
            currencies=in_a_row(others),
            currency=order.total.currency,
        )
        notes.append(words)
    if payer.taxed:
        notes.append(_tax(order.total, payer.tax))
    if payer.client.reach != "open":
        notes.append(_("They stopped the bot, so they do not see it here until they come back."))
    return notes


def _tax(total: Money, tax: TaxRate | None) -> str:
    """What Stripe adds to the lines; it rounds, and a credit of the client's lowers what is asked for."""
    if tax is None:
        return _("Tax comes by Stripe's rate for where they are, and is not in this sum unless it is part of prices.")
    places = -int(tax.percent.normalize().as_tuple().exponent)
    rate = percent(float(tax.percent / 100), max(0, places))
    if tax.included:
        return _("{rate} {tax} is part of these prices; Stripe adds none.", rate=rate, tax=escape(tax.name))
    return _("Stripe adds {rate} {tax}: about {money}, so {total} in all.", rate=rate, tax=escape(tax.name),
             money=tax.on(total), total=total + tax.on(total))  # fmt: skip


def _due(days: int) -> str:
    if not days:
        return _("Due on the day it is sent")
    return ngettext("Due {n} day after it is sent", "Due {n} days after it is sent", days)


def ask_due(name: str, days: int, version: int) -> Card:
    """When it is due."""
    lines = Lines(_("Invoice for {name} · When is it due?", name=name))
    lines.add(_("Now: {when}", when=_due(days)))
    lines.add(_("Write a number of days or a date, or tap one."))
    taps = [Button(ngettext("{n} day", "{n} days", one), "hdue", one, version) for one in DUE_OFFERED]
    return Card(str(lines), (*in_rows(taps, 3), (_back(version),)))


def ask_currency(name: str, currency: str, version: int) -> Card:
    """In which currency it is."""
    lines = Lines(_("Invoice for {name} · In which currency?", name=name))
    lines.add(_("Now: {currency}. The figures stay as they are. Write a code, or tap one.", currency=currency))
    taps = [Button(code, "hcur", version=version, choice=code.lower()) for code in CURRENCIES_OFFERED]
    return Card(str(lines), (*in_rows(taps, 3), (_back(version),)))


def made(invoice: Invoice, lines: Sequence[InvoiceLine], client: str) -> Card:
    """What became of it, to whoever made it."""
    number = invoice.number or str(invoice.id)
    shown = Lines(_head(invoice, number))
    shown.add(_("{money} for {name}", money=invoice.amount, name=escape(client)))
    listed_lines(shown, lines)
    if not invoice.can_be_cancelled:
        if invoice.state is not InvoiceState.CANCELLED:
            shown.add(f"/invoice_{invoice.id}")
        return Card(str(shown), silent=True)
    change = Button(_("Change"), "hchange", invoice.id, invoice.version)
    cancel = Button(pgettext("invoice by hand", "Cancel"), "hcancel", invoice.id, invoice.version)
    return Card(str(shown), ((change, cancel),), silent=True)


def _head(invoice: Invoice, number: str) -> str:
    if invoice.can_be_cancelled and invoice.grace_until is not None:
        return _("Invoice {number} · Goes out at {time}", number=number, time=clock(invoice.grace_until))
    return headline(invoice, number)


def slot_of(invoice: Invoice) -> str:
    """The message that shows its maker what becomes of it."""
    return f"invoice:{invoice.id}:made"


def _stop() -> Button:
    return Button(_("Discard"), "bstop", choice="invoice")


def _back(version: int) -> Button:
    return Button(_("Back"), "hback", version=version)
