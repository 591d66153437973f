"""What clients see of an invoice."""

from collections.abc import Mapping, Sequence

from bot.invoices.model import PAYABLE, Invoice, InvoiceState, Returned
from bot.kernel.card import Button, Card, Lines, escape
from bot.kernel.money import Money
from bot.kernel.text.words import day, in_a_row
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.kernel.translation import pgettext_noop as NP_

STATE_WORDS: Mapping[InvoiceState, str] = {
    InvoiceState.NEW: N_("Being made"),
    InvoiceState.UNKNOWN: N_("Being checked with Stripe"),
    InvoiceState.OPEN: N_("To pay"),
    InvoiceState.PAID: NP_("invoice", "Paid"),
    InvoiceState.VOID: NP_("invoice", "Void"),
    InvoiceState.UNCOLLECTIBLE: N_("Overdue, can still be paid"),
    InvoiceState.MISSING: N_("Not found at Stripe"),
    InvoiceState.FAILED: N_("Refused by Stripe"),
    InvoiceState.DETAILS: N_("Waits for billing details"),
    InvoiceState.CANCELLED: NP_("invoice", "Cancelled"),
}
ENDED = frozenset({InvoiceState.VOID, InvoiceState.MISSING, InvoiceState.CANCELLED})


def comes_later(invoice: Invoice) -> Card:
    """It is to be asked for while no invoices are made."""
    if invoice.brief_id is None:
        lines = Lines(_("Invoice {number} · Comes later", number=invoice.id))
    else:
        lines = Lines(_("Invoice for brief {brief} · Comes later", brief=invoice.brief_id))
    lines.add(_("{money}. We have paused invoices for a while; yours comes here automatically.", money=invoice.amount))
    return Card(str(lines.add(_("You need not do anything until then."))), silent=True)


def invoice_card(invoice: Invoice, title: str) -> Card:
    """The invoice in the client's chat; once it is paid or ended, without its button."""
    lines = Lines(headline(invoice, invoice.number or invoice.id))
    lines.add(for_what(invoice, title))
    for words in (_credit(invoice), _from_before(invoice), _part_paid(invoice)):
        if words:
            lines.add(words)
    if invoice.state in ENDED:
        lines.add(_("You owe nothing on it. If a new invoice is needed, you get it here."))
    if invoice.voiding:
        lines.add(_("We are voiding it at Stripe. Please do not pay it."))
    button = pay_button(invoice, _("Pay {money}", money=left_to_pay(invoice)))
    if button is None:
        return Card(str(lines), silent=True)
    if invoice.due_at is None:
        lines.add(_("You pay on Stripe's page; the receipt comes here."))
    else:
        lines.add(_("Due by {day}. You pay on Stripe's page; the receipt comes here.", day=day(invoice.due_at)))
    return Card(str(lines), ((button,), (_ask(invoice),)), singly=True)


def looked_at(invoice: Invoice, title: str, returned: Returned | None) -> Card:
    """An invoice that its client opened: as it was shown to them, with what went back, receipts, and a way to ask."""
    shown = invoice_card(invoice, title)
    lines = [*when_paid(invoice), *went_back(invoice, returned)]
    text = "\n".join([shown.text, *lines])
    pay = shown.rows[:1]  # the button that pays, where there is something to pay
    return Card(text, (*pay, *_papers(invoice), (_ask(invoice), Button(_("All invoices"), "invoices"))))


def when_paid(invoice: Invoice) -> Sequence[str]:
    """On which day the money came in."""
    if invoice.state is not InvoiceState.PAID or invoice.paid_at is None or not invoice.paid_minor:
        return ()
    return (_("{money} received on {day}", money=invoice.paid, day=day(invoice.paid_at)),)


def went_back(invoice: Invoice, returned: Returned | None) -> Sequence[str]:
    """What of the money went back to the client, and what is on its way."""
    lines = []
    if returned is not None and returned.done.minor:
        lines.append(_("{money} refunded to how you paid", money=returned.done))
    if returned is not None and returned.under_way.minor:
        lines.append(_("{money} on its way back to how you paid", money=returned.under_way))
    if invoice.credited_after_minor:
        credited = Money(invoice.credited_after_minor, invoice.amount.currency)
        lines.append(_("{money} given back by a credit note", money=credited))
    return lines


def _papers(invoice: Invoice) -> tuple[tuple[Button, ...], ...]:
    """Stripe's page of a paid invoice has its receipts."""
    papers = [Button(_("Invoice as PDF"), url=invoice.pdf_url)] if invoice.pdf_url else []
    if invoice.state is InvoiceState.PAID and invoice.paid_minor and invoice.url:
        papers.append(Button(_("Receipt"), url=invoice.url))
    return (tuple(papers),) if papers else ()


def _ask(invoice: Invoice) -> Button:
    return Button(_("Write to the team"), "write", invoice.id, choice="invoice")


def voided(invoice: Invoice, title: str) -> Card:
    """A new message: its card alone would change without a sound."""
    lines = Lines(headline(invoice, invoice.number or invoice.id)).add(for_what(invoice, title))
    return Card(str(lines.add(_("You owe nothing on it. Please do not pay it any more."))))


def stays(invoice: Invoice, title: str) -> Card:
    """It was said that it is being voided, and it could not be."""
    lines = Lines(_("Invoice {number} · Not voided", number=invoice.number or invoice.id))
    lines.add(for_what(invoice, title))
    return Card(str(lines.add(_("Stripe did not void it, so it stands as before. We were told and look into it."))))


def invoice_elsewhere(brief_id: int, name: str) -> Card:
    """What a group reads instead of the invoice."""
    words = _(
        "The invoice of brief {brief} is in your private chat with me, {name}. Not there? Write /start to me first.",
        brief=brief_id,
        name=escape(name),
    )
    return Card(words, silent=True)


def receipt_elsewhere(brief_id: int, name: str) -> Card:
    """The same of a receipt."""
    words = _(
        "The receipt of brief {brief} is in your private chat with me, {name}. Not there? Write /start to me first.",
        brief=brief_id,
        name=escape(name),
    )
    return Card(words, silent=True)


def headline(invoice: Invoice, number: str | int) -> str:
    """The first line of whatever is shown of it."""
    # Translators: the first line of a message about an invoice: its number, and where it stands, such as "To pay".
    return _("Invoice {number} · {state}", number=number, state=state_words(invoice))


def for_what(invoice: Invoice, title: str) -> str:
    """The amount, and what it is asked for."""
    if invoice.brief_id is None:
        # Translators: an amount, and what it is asked for: "150.00 USD: Three hours of advice".
        return _("{money}: {title}", money=invoice.amount, title=escape(title))
    return _("{money} for brief {brief}: {title}", money=invoice.amount, brief=invoice.brief_id, title=escape(title))


def state_words(invoice: Invoice) -> str:
    """Where the invoice stands, and how much of it is paid where that is a part."""
    if invoice.part_paid:
        # Translators: how much of an invoice is paid: "40.00 of 120.00 USD paid".
        return _("{paid} of {money} paid", paid=invoice.paid.plain, money=invoice.asked)
    if invoice.voiding:
        return _("Being voided")
    return _(STATE_WORDS[invoice.state])


def pay_button(invoice: Invoice, label: str) -> Button | None:
    """The way to Stripe's page, while there is something to pay."""
    if invoice.state not in PAYABLE or invoice.voiding or not invoice.url or left_to_pay(invoice).minor <= 0:
        return None
    return Button(label, url=invoice.url)


def left_to_pay(invoice: Invoice) -> Money:
    """What is asked for and did not come in yet."""
    return invoice.asked - invoice.paid


def _credit(invoice: Invoice) -> str | None:
    """Why the amount is lower than the price."""
    return _("{money} of referral credit is taken off", money=invoice.credit) if invoice.credit_minor else None


def _from_before(invoice: Invoice) -> str | None:
    """Why Stripe asks for another amount than the price."""
    reasons = []
    discount = invoice.amount - (invoice.asked - invoice.carried - invoice.shipping)
    if discount.minor > 0:
        reasons.append(_("{money} taken off", money=discount))
    if discount.minor < 0:
        reasons.append(_("{money} tax added", money=-discount))
    if invoice.shipping.minor > 0:
        reasons.append(_("{money} shipping added", money=invoice.shipping))
    if invoice.carried.minor > 0:
        reasons.append(_("{money} from before added", money=invoice.carried))
    if invoice.carried.minor < 0:
        reasons.append(_("{money} of your credit used", money=-invoice.carried))
    if not reasons:
        return None
    # Translators: {reasons} are some of "… taken off", "… tax added", "… shipping added", with commas between.
    if invoice.asked.minor <= 0:
        return _("Nothing to pay now: {reasons}", reasons=in_a_row(reasons))
    return _("Stripe asks for {money}: {reasons}", money=invoice.asked, reasons=in_a_row(reasons))


def _part_paid(invoice: Invoice) -> str | None:
    if not invoice.part_paid:
        return None
    return _("{paid} received, {left} left to pay", paid=invoice.paid, left=left_to_pay(invoice))


def receipt(invoice: Invoice, title: str) -> Card:
    """Thanks for the money; or why there was nothing to pay."""
    head = (
        _("Received {money} · thank you", money=invoice.paid) if invoice.paid_minor else _("Nothing to pay · thank you")
    )
    lines = Lines(head)
    number = invoice.number or invoice.id
    if invoice.brief_id is None:
        lines.add(_("Invoice {number}: {title}", number=number, title=escape(title)))
    else:
        lines.add(
            _("Invoice {number} for brief {brief}: {title}", number=number, brief=invoice.brief_id, title=escape(title))
        )
    for words in (_credit(invoice), _from_before(invoice)):
        if words:
            lines.add(words)
    if invoice.paid_minor > invoice.asked.minor:
        more = invoice.paid - invoice.asked
        lines.add(_("{money} more than was asked for: kept as your credit for the next invoice", money=more))
    rows = ((Button(_("Invoice as PDF"), url=invoice.pdf_url),),) if invoice.pdf_url else ()
    return Card(str(lines), rows)


def listing(
    title: str,
    invoices: Sequence[Invoice],
    clients: Mapping[int, str],
    returned: Mapping[int, Returned],
    rows: tuple[tuple[Button, ...], ...],
) -> Card:
    """A page of invoices, to be paid from here; with the clients' names instead for those who see everybody's.

    returned: what went back of which, by its id.
    """
    lines = Lines(title)
    for invoice in invoices:
        lines.add(in_one_line(invoice, clients.get(invoice.client_id), returned.get(invoice.id), with_itself=True))
    own = [invoice for invoice in invoices if invoice.client_id not in clients]
    pay = [pay_button(invoice, pay_which(invoice)) for invoice in own]
    return Card(str(lines), (*((button,) for button in pay if button is not None), *rows))


def in_one_line(
    invoice: Invoice, client: str | None = None, returned: Returned | None = None, *, with_itself: bool = False
) -> str:
    """As lists show it; client: whose it is, where they are of several. with_itself: with the way to the invoice."""
    name = "" if client is None else f", {escape(client)}"
    back = "" if returned is None else f" · {_returned(returned)}"
    what = f"{escape(invoice.number or str(invoice.id))} · {invoice.amount} · {state_words(invoice)}{back}{name}"
    itself = f" /invoice_{invoice.id}" if with_itself and invoice.brief_id is not None else ""
    return f"{what}{link(invoice)}{itself}"


def _returned(returned: Returned) -> str:
    if returned.done.minor:
        # Translators: of an invoice in a list, how much of it was refunded: "20.00 refunded".
        return _("{amount} refunded", amount=returned.done.plain)
    return _("{amount} on its way back", amount=returned.under_way.plain)


def found(invoice: Invoice) -> str:
    """For /find, in one line."""
    number = escape(invoice.number or str(invoice.id))
    words = _("Invoice {number} · {money} · {state}", number=number, money=invoice.amount, state=state_words(invoice))
    return f"{words}{link(invoice)}"


def link(invoice: Invoice) -> str:
    """Leads to its brief, or to itself where it has none, behind what is said of it."""
    return f" /invoice_{invoice.id}" if invoice.brief_id is None else f" /brief_{invoice.brief_id}"


def pay_which(invoice: Invoice) -> str:
    """The label of a button to pay this one of several."""
    if invoice.brief_id is None:
        return _("Pay {money}, invoice {number}", money=left_to_pay(invoice), number=invoice.number or invoice.id)
    return _("Pay {money}, brief {brief}", money=left_to_pay(invoice), brief=invoice.brief_id)
