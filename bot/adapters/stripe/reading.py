"""Reading invoices and their money at Stripe: https://docs.stripe.com/api/invoice-payment."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import Any

import stripe

from bot.adapters.stripe import requests
from bot.invoices.events import OUR_INSTALLATION, OUR_INVOICE, OUR_ROW
from bot.invoices.ports import PaymentEvent
from bot.invoices.remote import RemoteInvoice, RemoteNotice, RemotePayment, Settlement, Sums
from bot.invoices.statuses import CHARGE, INVOICE_PAYMENT, PAYMENT_INTENT, Handling
from bot.kernel.money import Money

PAYMENT = "payment.payment_intent"
WITH_PAYMENTS = [f"payments.data.{PAYMENT}"]  # Stripe expands four levels at most


class StripeReading:
    """What Stripe has, in plain values."""

    def __init__(self, client: stripe.StripeClient) -> None:
        self._v1 = client.v1

    async def invoice(self, remote_id: str) -> RemoteInvoice:
        """The invoice with all its paid payments."""
        invoice = await requests.ask(self._v1.invoices.retrieve_async(remote_id, {"expand": WITH_PAYMENTS}))
        recorded, payments = 0, []
        async for one in self._payments(invoice):
            if INVOICE_PAYMENT.get(one.status) is not Handling.COUNTED:
                continue
            if one.payment.type == "payment_record":  # Stripe's word for money that came by another way
                recorded += one.amount_paid or 0
            else:
                payments.append(await self._payment(one))
        off_stripe = getattr(invoice, "amount_paid_off_stripe", 0) or 0
        return plain(invoice, max(off_stripe, recorded), tuple(payments))

    async def _payments(self, invoice: stripe.Invoice) -> AsyncIterator[stripe.InvoicePayment]:
        if invoice.payments is not None and not invoice.payments.has_more:
            for payment in invoice.payments.data:
                yield payment
            return
        params: Any = {"invoice": invoice.id, "limit": 100, "expand": [f"data.{PAYMENT}"]}
        async for payment in requests.listed(self._v1.invoice_payments.list_async(params)):
            yield payment

    async def _payment(self, payment: stripe.InvoicePayment) -> RemotePayment:
        amount = Money(payment.amount_paid or 0, payment.currency.upper())
        charge = await self._charge(payment)
        if charge is None or CHARGE.get(charge.status) is not Handling.COUNTED:
            return RemotePayment(payment.id, amount, None)
        settled = charge.balance_transaction
        if not isinstance(settled, stripe.BalanceTransaction):
            return RemotePayment(payment.id, amount, None)
        currency = settled.currency.upper()
        gross = _share(settled.amount, amount.minor, charge.amount)
        fee = _share(settled.fee, amount.minor, charge.amount)
        return RemotePayment(payment.id, amount, Settlement(Money(gross, currency), Money(fee, currency)))

    async def _charge(self, payment: stripe.InvoicePayment) -> stripe.Charge | None:
        intent, charge = payment.payment.payment_intent, getattr(payment.payment, "charge", None)
        if isinstance(intent, stripe.PaymentIntent):
            charge = intent.latest_charge if PAYMENT_INTENT.get(intent.status) is Handling.COUNTED else None
        if charge is None:
            return None
        name = charge if isinstance(charge, str) else charge.id
        return await requests.ask(self._v1.charges.retrieve_async(name, {"expand": ["balance_transaction"]}))

    async def paid_by(self, intent: str) -> str | None:
        """The invoice that a payment intent pays for."""
        payment: Any = {"type": "payment_intent", "payment_intent": intent}
        page = await requests.ask(self._v1.invoice_payments.list_async({"payment": payment, "limit": 1}))
        return next((_id(one.invoice) for one in page.data), None)

    async def notices(self, kind: str, remote_id: str) -> list[RemoteNotice]:
        """See `Payments.notices`."""
        if kind == "dispute":
            return [_dispute(await requests.ask(self._v1.disputes.retrieve_async(remote_id)))]
        if kind == "refund":
            return [_refund(await requests.ask(self._v1.refunds.retrieve_async(remote_id)))]
        listing = self._v1.refunds.list_async({"charge": remote_id, "limit": 100})
        return [_refund(refund) async for refund in requests.listed(listing)]

    async def events(self, kinds: Sequence[str], before: str | None) -> list[PaymentEvent]:
        """See `Payments.events`."""
        params: Any = {"types": list(kinds), "limit": 100} | ({"starting_after": before} if before else {})
        page = await requests.ask(self._v1.events.list_async(params))
        return [
            PaymentEvent(one.id, one.type, _named(one.data.object), getattr(one, "account", None)) for one in page.data
        ]


def _named(thing: Any) -> dict[str, Any]:
    """Its id, and the invoice's that it is about where it says so."""
    return {name: thing[name] for name in ("id", "invoice") if name in thing}


def plain(invoice: stripe.Invoice, off_stripe: int = 0, payments: tuple[RemotePayment, ...] = ()) -> RemoteInvoice:
    """The invoice in our words."""
    paid_at = invoice.status_transitions.paid_at
    return RemoteInvoice(
        id=invoice.id,
        status=str(invoice.status),
        currency=invoice.currency.upper(),
        sums=_sums(invoice, off_stripe),
        mode="live" if invoice.livemode else "test",
        number=invoice.number,
        url=invoice.hosted_invoice_url,
        pdf_url=invoice.invoice_pdf,
        invoice_id=our_id(invoice),
        installation=mark_of(invoice),
        row=row_of(invoice),
        paid_at=datetime.fromtimestamp(paid_at, UTC) if paid_at else None,
        payments=payments,
        due_at=datetime.fromtimestamp(invoice.due_date, UTC) if invoice.due_date else None,
    )


def our_id(invoice: stripe.Invoice) -> int | None:
    """Our number in the invoice's metadata."""
    ours = _marks(invoice).get(OUR_INVOICE, "")
    return int(ours) if ours.isascii() and ours.isdigit() and len(ours) < 19 else None


def mark_of(invoice: stripe.Invoice) -> str | None:
    """The installation in the invoice's metadata."""
    return _marks(invoice).get(OUR_INSTALLATION)


def row_of(invoice: stripe.Invoice) -> str | None:
    """The mark of our row in the invoice's metadata."""
    return _marks(invoice).get(OUR_ROW)


def _marks(invoice: stripe.Invoice) -> dict[str, str]:
    return invoice.metadata.to_dict() if invoice.metadata is not None else {}


def _sums(invoice: stripe.Invoice, off_stripe: int) -> Sums:
    finalised = invoice.status != "draft"
    discount = sum(discount.amount for discount in invoice.total_discount_amounts or [])
    tax = sum(tax.amount for tax in invoice.total_taxes or [] if tax.tax_behavior == "exclusive")
    return Sums(
        subtotal=invoice.subtotal,
        total=invoice.total,
        discount=discount,
        tax=tax,
        shipping=_shipping(invoice, invoice.total - (invoice.subtotal - discount + tax)),
        credited_after=invoice.post_payment_credit_notes_amount,
        carried=invoice.starting_balance - (invoice.ending_balance or 0) if finalised else 0,
        credited=invoice.pre_payment_credit_notes_amount,
        off_stripe=off_stripe,
    )


def _shipping(invoice: stripe.Invoice, left: int) -> int:
    """What shipping costs; its tax may be in it, or among the invoice's taxes: what is left of the total tells."""
    cost = invoice.shipping_cost
    if cost is None:
        return 0
    return left if left in {cost.amount_subtotal, cost.amount_total} else cost.amount_total


def _refund(refund: stripe.Refund) -> RemoteNotice:
    amount = Money(refund.amount, refund.currency.upper())
    reason = getattr(refund, "failure_reason", None) or refund.reason
    return RemoteNotice(refund.id, "refund", str(refund.status), amount, _id(refund.payment_intent), reason)


def _dispute(dispute: stripe.Dispute) -> RemoteNotice:
    amount, due = Money(dispute.amount, dispute.currency.upper()), dispute.evidence_details.due_by
    until = datetime.fromtimestamp(due, UTC) if due else None
    intent = _id(dispute.payment_intent)
    return RemoteNotice(dispute.id, "dispute", str(dispute.status), amount, intent, dispute.reason, until)


def _id(named: Any) -> str | None:
    return named if named is None or isinstance(named, str) else str(named.id)


def _share(minor: int, part: int, whole: int) -> int:
    """What falls on a part of a charge: one may pay for several invoices."""
    return minor if part == whole or not whole else round(minor * part / whole)
