"""What clients see of an invoice."""

from collections.abc import Mapping, Sequence

from bot.briefs.standing import part_paid
from bot.invoices.model import PAYABLE, Invoice, InvoiceState
from bot.kernel.card import Button, Card, Lines, escape
from bot.kernel.money import Money
from bot.kernel.words import day

STATE_WORDS: dict[InvoiceState, str] = {
    InvoiceState.NEW: "Being made",
    InvoiceState.UNKNOWN: "Being checked with Stripe",
    InvoiceState.OPEN: "To pay",
    InvoiceState.PAID: "Paid",
    InvoiceState.VOID: "Void",
    InvoiceState.UNCOLLECTIBLE: "Overdue, can still be paid",
    InvoiceState.MISSING: "Not found at Stripe",
    InvoiceState.FAILED: "Refused by Stripe",
    InvoiceState.DETAILS: "Waits for billing details",
}
ENDED = frozenset({InvoiceState.VOID, InvoiceState.MISSING})


def comes_later(brief_id: int, invoice: Invoice) -> Card:
    """The work was delivered while no invoices are made."""
    lines = Lines(f"Invoice for brief {brief_id} · Comes later")
    lines.add(f"{invoice.amount}. We have paused invoices for a while; yours comes here by itself.")
    return Card(str(lines.add("There is nothing for you to do until then.")), silent=True)


def invoice_card(invoice: Invoice, title: str) -> Card:
    """The invoice in the client's chat; once it is paid or ended, without its button."""
    lines = Lines(f"Invoice {invoice.number or invoice.id} · {state_words(invoice)}")
    lines.add(f"{invoice.amount} for brief {invoice.brief_id}: {escape(title)}")
    for words in (_from_before(invoice), _part_paid(invoice)):
        if words:
            lines.add(words)
    if invoice.state in ENDED:
        lines.add("Nothing is to be paid on it. If a new invoice is needed, it comes here.")
    button = pay_button(invoice, f"Pay {_left(invoice)}")
    if button is None:
        return Card(str(lines), silent=True)
    by = f"Due by {day(invoice.due_at)}. " if invoice.due_at is not None else ""
    lines.add(f"{by}You pay on Stripe's page; the receipt comes here.")
    return Card(str(lines), ((button,),), singly=True)


def state_words(invoice: Invoice) -> str:
    """Where the invoice stands, and how much of it is paid where that is a part."""
    if part_paid(invoice):
        return f"{invoice.paid.plain} of {invoice.asked} paid"
    return STATE_WORDS[invoice.state]


def pay_button(invoice: Invoice, label: str) -> Button | None:
    """The way to Stripe's page, while there is something to pay."""
    if invoice.state not in PAYABLE or not invoice.url or _left(invoice).minor <= 0:
        return None
    return Button(label, url=invoice.url)


def _left(invoice: Invoice) -> Money:
    return invoice.asked - invoice.paid


def _from_before(invoice: Invoice) -> str | None:
    """Why Stripe asks for another amount than the price."""
    reasons = []
    discount = invoice.amount - (invoice.asked - invoice.carried - invoice.shipping)
    if discount.minor > 0:
        reasons.append(f"{discount} taken off")
    if discount.minor < 0:
        reasons.append(f"{-discount} tax added")
    if invoice.shipping.minor > 0:
        reasons.append(f"{invoice.shipping} shipping added")
    if invoice.carried.minor > 0:
        reasons.append(f"{invoice.carried} from before added")
    if invoice.carried.minor < 0:
        reasons.append(f"{-invoice.carried} of your credit used")
    if not reasons:
        return None
    if invoice.asked.minor <= 0:
        return f"Nothing to pay now: {', '.join(reasons)}"
    return f"Stripe asks for {invoice.asked}: {', '.join(reasons)}"


def _part_paid(invoice: Invoice) -> str | None:
    if not part_paid(invoice):
        return None
    return f"{invoice.paid} came in, {_left(invoice)} to go"


def receipt(invoice: Invoice, title: str) -> Card:
    """Thanks for the money; or why there was nothing to pay."""
    head = f"Received {invoice.paid} · thank you" if invoice.paid_minor else "Nothing to pay · thank you"
    lines = Lines(head)
    lines.add(f"Invoice {invoice.number or invoice.id} for brief {invoice.brief_id}: {escape(title)}")
    words = _from_before(invoice)
    if words:
        lines.add(words)
    if invoice.paid_minor > invoice.asked.minor:
        lines.add(f"{invoice.paid - invoice.asked} more than was asked for: kept as your credit for the next invoice")
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
            f"{escape(invoice.number or str(invoice.id))} · {invoice.amount} · {state_words(invoice)}{name} "
            f"/brief_{invoice.brief_id}"
        )
    own = [invoice for invoice in invoices if invoice.client_id not in clients]
    pay = [pay_button(invoice, f"Pay {_left(invoice)}, brief {invoice.brief_id}") for invoice in own]
    return Card(str(lines), (*((button,) for button in pay if button is not None), *rows))
