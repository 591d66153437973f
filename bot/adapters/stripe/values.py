"""What Stripe's SDK gives of an invoice, in our words: https://docs.stripe.com/api/invoices/object."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import stripe

from bot.invoices.events import OUR_BRIEF, OUR_INSTALLATION, OUR_INVOICE, OUR_REFUND, OUR_ROW, OUR_SUBJECT
from bot.invoices.model import BRIEF, subject_of
from bot.invoices.remote import Move, RemoteInvoice, RemotePayment, Settlement, Sums
from bot.kernel.money import Money


def plain(
    invoice: stripe.Invoice,
    off_stripe: int = 0,
    payments: tuple[RemotePayment, ...] = (),
    back: tuple[int, int] = (0, 0),
) -> RemoteInvoice:
    """The invoice in our words. back: what credit notes gave back as a credit for the customer, and elsewhere."""
    paid_at = invoice.status_transitions.paid_at
    return RemoteInvoice(
        id=invoice.id,
        status=str(invoice.status),
        currency=invoice.currency.upper(),
        sums=_sums(invoice, off_stripe, back),
        mode="live" if invoice.livemode else "test",
        number=invoice.number,
        url=invoice.hosted_invoice_url,
        pdf_url=invoice.invoice_pdf,
        invoice_id=our_id(invoice),
        installation=mark_of(invoice),
        row=row_of(invoice),
        subject=_subject_in(invoice),
        paid_at=datetime.fromtimestamp(paid_at, UTC) if paid_at else None,
        payments=payments,
        due_at=datetime.fromtimestamp(invoice.due_date, UTC) if invoice.due_date else None,
    )


def our_id(invoice: stripe.Invoice) -> int | None:
    """Our number in the invoice's metadata."""
    return _number(_marks(invoice).get(OUR_INVOICE, ""))


def our_refund(refund: stripe.Refund) -> int | None:
    """Our number in the refund's metadata."""
    return _number(_marks(refund).get(OUR_REFUND, ""))


def mark_of(thing: stripe.Invoice | stripe.Refund) -> str | None:
    """The installation in its metadata."""
    return _marks(thing).get(OUR_INSTALLATION)


def row_of(thing: stripe.Invoice | stripe.Refund) -> str | None:
    """The mark of our row in its metadata."""
    return _marks(thing).get(OUR_ROW)


def _subject_in(invoice: stripe.Invoice) -> str | None:
    """What it is for, by the invoice's metadata; an earlier version named a brief alone."""
    marks = _marks(invoice)
    brief = _number(marks.get(OUR_BRIEF, ""))
    return marks.get(OUR_SUBJECT) or (None if brief is None else subject_of(BRIEF, brief))


def _number(said: str) -> int | None:
    return int(said) if said.isascii() and said.isdigit() and len(said) < 19 else None


def _marks(thing: stripe.Invoice | stripe.Refund) -> dict[str, str]:
    return thing.metadata.to_dict() if thing.metadata is not None else {}


def _sums(invoice: stripe.Invoice, off_stripe: int, back: tuple[int, int]) -> Sums:
    finalised = invoice.status != "draft"
    discount = sum(discount.amount for discount in invoice.total_discount_amounts or [])
    taxes = invoice.total_taxes or []
    tax = sum(tax.amount for tax in taxes if tax.tax_behavior == "exclusive")
    return Sums(
        subtotal=invoice.subtotal,
        total=invoice.total,
        discount=discount,
        tax=tax,
        tax_included=sum(tax.amount for tax in taxes if tax.tax_behavior == "inclusive"),
        shipping=_shipping(invoice, invoice.total - (invoice.subtotal - discount + tax)),
        credited_after=invoice.post_payment_credit_notes_amount,
        carried=invoice.starting_balance - (invoice.ending_balance or 0) if finalised else 0,
        credited=invoice.pre_payment_credit_notes_amount,
        off_stripe=off_stripe,
        to_balance=back[0],
        back_elsewhere=back[1],
    )


def _shipping(invoice: stripe.Invoice, left: int) -> int:
    """What shipping costs; its tax may be in it, or among the invoice's taxes: what is left of the total tells."""
    cost = invoice.shipping_cost
    if cost is None:
        return 0
    return left if left in {cost.amount_subtotal, cost.amount_total} else cost.amount_total


def moves_of(named: Iterable[Any]) -> tuple[Move, ...]:
    """What balance transactions moved; one that is not there yet comes with a later event."""
    found = [one for one in named if isinstance(one, stripe.BalanceTransaction)]
    return tuple(Move(one.id, settled(one)) for one in found)


def settled(transaction: stripe.BalanceTransaction) -> Settlement:
    """What a balance transaction brought, and its fee."""
    currency = transaction.currency.upper()
    return Settlement(Money(transaction.amount, currency), Money(transaction.fee, currency))


def id_of(named: Any) -> str | None:
    """The id of what may be given by its id alone."""
    return named if named is None or isinstance(named, str) else str(named.id)
