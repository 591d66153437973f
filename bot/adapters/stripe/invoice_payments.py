"""Payments of invoices at Stripe, and their fees: https://docs.stripe.com/api/invoice-payment."""

from collections.abc import AsyncIterator
from fractions import Fraction
from itertools import takewhile
from typing import Any

import stripe

from bot.adapters.stripe import requests
from bot.adapters.stripe.values import id_of
from bot.invoices.remote import RemotePayment, Settlement
from bot.invoices.statuses import CHARGE, INVOICE_PAYMENT, PAYMENT_INTENT, Handling
from bot.kernel.money import Money

PAYMENT = "payment.payment_intent"
WITH_PAYMENTS = [f"payments.data.{PAYMENT}"]  # Stripe expands four levels at most


class StripeInvoicePayments:
    """What came in for an invoice, and what Stripe kept of it."""

    def __init__(self, client: stripe.StripeClient) -> None:
        self._v1 = client.v1

    async def of(self, invoice: stripe.Invoice) -> tuple[tuple[RemotePayment, ...], int]:
        """All paid payments, and what was recorded as come by other ways, in minor units. Read it `WITH_PAYMENTS`."""
        recorded, payments = 0, []
        async for one in self._listed(invoice):
            if INVOICE_PAYMENT.get(one.status) is not Handling.COUNTED:
                continue
            if one.payment.type == "payment_record":  # Stripe's word for money that came by another way
                recorded += one.amount_paid or 0
            else:
                payments.append(await self._payment(one))
        return tuple(payments), recorded

    async def charged(self, remote_id: str) -> list[tuple[stripe.InvoicePayment, stripe.Charge]]:
        """The payments of an invoice that came in, each with its charge."""
        invoice = await requests.ask(self._v1.invoices.retrieve_async(remote_id, {"expand": WITH_PAYMENTS}))
        found = []
        async for one in self._listed(invoice):
            came = INVOICE_PAYMENT.get(one.status) is Handling.COUNTED and one.payment.type != "payment_record"
            charge = await self._charge(one) if came else None
            if charge is not None and CHARGE.get(charge.status) is Handling.COUNTED:
                found.append((one, charge))
        return found

    async def _listed(self, invoice: stripe.Invoice) -> AsyncIterator[stripe.InvoicePayment]:
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
        before = 0 if amount.minor == charge.amount else await self._before(payment)
        gross, fee = (_share(one, before, amount.minor, charge.amount) for one in (settled.amount, settled.fee))
        return RemotePayment(payment.id, amount, Settlement(Money(gross, currency), Money(fee, currency)))

    async def _charge(self, payment: stripe.InvoicePayment) -> stripe.Charge | None:
        intent, charge = payment.payment.payment_intent, getattr(payment.payment, "charge", None)
        if isinstance(intent, stripe.PaymentIntent):
            charge = intent.latest_charge if PAYMENT_INTENT.get(intent.status) is Handling.COUNTED else None
        if charge is None:
            return None
        name = charge if isinstance(charge, str) else charge.id
        return await requests.ask(self._v1.charges.retrieve_async(name, {"expand": ["balance_transaction"]}))

    async def paid_by(self, intent: str) -> list[str]:
        """The invoices that a payment intent pays for, in the order in which they got their parts of it."""
        return [str(id_of(one.invoice)) for one in await self._of_intent(intent)]

    async def _of_intent(self, intent: str) -> list[stripe.InvoicePayment]:
        payment: Any = {"type": "payment_intent", "payment_intent": intent}
        listing = self._v1.invoice_payments.list_async({"payment": payment, "limit": 100})
        return [one async for one in requests.listed(listing)][::-1]

    async def _before(self, payment: stripe.InvoicePayment) -> int:
        """How much of its charge went to other invoices before it."""
        intent = id_of(payment.payment.payment_intent)
        theirs = [] if intent is None else await self._of_intent(intent)
        paid = takewhile(lambda one: one.id != payment.id, theirs)
        return sum(one.amount_paid or 0 for one in paid if INVOICE_PAYMENT.get(one.status) is Handling.COUNTED)


def _share(minor: int, before: int, part: int, whole: int) -> int:
    """What falls on a part of a charge, which may pay for several invoices: together they have all of it."""

    def up_to(paid: int) -> int:
        return round(Fraction(minor * paid, whole))

    return up_to(before + part) - up_to(before) if whole else minor
