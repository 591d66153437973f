"""Invoices at Stripe, made and read: https://docs.stripe.com/api/invoices."""

from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import stripe

from bot.adapters.stripe import requests
from bot.adapters.stripe.invoice_payments import WITH_PAYMENTS, StripeInvoicePayments
from bot.adapters.stripe.values import mark_of, our_id, plain, row_of
from bot.invoices.events import OUR_BRIEF, OUR_INVOICE, OUR_SUBJECT
from bot.invoices.model import InvoiceLine, brief_of
from bot.invoices.ports import Attempt, InvoiceOrder
from bot.invoices.remote import RemoteInvoice

USABLE = frozenset({"draft", "open", "paid", "uncollectible"})


class StripeInvoices:
    """See `invoice`, `void`, `write_off` and `read_invoice` of `bot.invoices.ports.Payments`."""

    def __init__(self, client: stripe.StripeClient) -> None:
        self._invoices = client.v1.invoices
        self._items = client.v1.invoice_items
        self._notes = client.v1.credit_notes
        self._payments = StripeInvoicePayments(client)

    async def read(self, remote_id: str) -> RemoteInvoice:
        """The invoice with all its paid payments."""
        invoice = await requests.ask(self._invoices.retrieve_async(remote_id, {"expand": WITH_PAYMENTS}))
        payments, recorded = await self._payments.of(invoice)
        off_stripe = getattr(invoice, "amount_paid_off_stripe", 0) or 0
        return plain(invoice, max(off_stripe, recorded), payments, await self._given_back(invoice))

    async def _given_back(self, invoice: stripe.Invoice) -> tuple[int, int]:
        """What credit notes gave back after payment as a credit for the customer, and outside of Stripe."""
        if not invoice.post_payment_credit_notes_amount:
            return 0, 0
        to_balance = elsewhere = 0
        async for note in requests.listed(self._notes.list_async({"invoice": invoice.id, "limit": 100})):
            outside = note.out_of_band_amount or 0
            if note.status != "void":
                elsewhere += outside
                refunded = sum(one.amount_refunded for one in note.refunds)
                to_balance += note.post_payment_amount - refunded - outside if note.customer_balance_transaction else 0
        return to_balance, elsewhere

    async def make(self, order: InvoiceOrder) -> RemoteInvoice:
        """A draft is given the lines that it has not yet, and finalised."""
        kept = await self.standing(order) if order.attempt.look_first else None
        if kept is None:
            made = await self._draft(order)
            kept = made if order.alone() else await self.standing(order) or made
        if kept.status != "draft":
            return plain(kept)
        for position, line in _not_on(kept, order):
            await self._add_item(order, kept.id, position, line)
        once = requests.once("invoice", order.invoice_id, "finalise", order.attempt)
        return plain(await requests.ask(self._invoices.finalize_invoice_async(kept.id, {"auto_advance": False}, once)))

    async def void(self, invoice_id: int, remote_id: str, attempt: Attempt) -> None:
        """Of one that is void already, Stripe refuses it: what became of it, reading says."""
        once = requests.once("invoice", invoice_id, "void", attempt)
        await requests.ask(self._invoices.void_invoice_async(remote_id, {}, once))

    async def write_off(self, invoice_id: int, remote_id: str, attempt: Attempt) -> None:
        """Of one that is written off already, Stripe refuses it: what became of it, reading says."""
        once = requests.once("invoice", invoice_id, "write_off", attempt)
        await requests.ask(self._invoices.mark_uncollectible_async(remote_id, {}, once))

    async def standing(self, order: InvoiceOrder) -> stripe.Invoice | None:
        """The one that counts, whoever looks: what is finalised, or else the oldest draft. Other drafts are deleted,
        as are those to be collected in another way, since the client has an e-mail by now or has none any more.

        Only what was made for this very row counts, of the same amount and currency, and what can still be paid or was.
        Stripe's lists, unlike its searches, have what was just written.
        """
        since = requests.made_since(order.attempt.since)
        listing = self._invoices.list_async({"customer": order.customer, "created": since, "limit": 100})
        ours = [await self._whole(invoice) async for invoice in requests.listed(listing) if _is_of(order, invoice)]
        usable = [invoice for invoice in ours if _fits(order, invoice)]
        kept = min(reversed(usable), key=lambda invoice: invoice.status == "draft", default=None)
        for stray in ours:
            if stray is not kept and stray.status == "draft":
                await requests.ask(self._invoices.delete_async(stray.id))
        return kept

    async def _whole(self, invoice: stripe.Invoice) -> stripe.Invoice:
        """A draft with all of its lines: Stripe sends the first ten with it."""
        if invoice.status == "draft" and invoice.lines.has_more:
            listing = self._invoices.line_items.list_async(invoice.id, {"limit": 100})
            invoice.lines.data = [line async for line in requests.listed(listing)]
        return invoice

    async def _draft(self, order: InvoiceOrder) -> stripe.Invoice:
        brief = brief_of(order.subject)
        marks = {
            OUR_INVOICE: str(order.invoice_id),
            OUR_SUBJECT: order.subject,
            **({} if brief is None else {OUR_BRIEF: str(brief)}),
            **requests.marks(order.attempt),
        }
        params: Any = {
            "customer": order.customer,
            "currency": order.amount.currency.lower(),
            "auto_advance": False,
            "pending_invoice_items_behavior": "exclude",
            "metadata": marks,
        }
        once = requests.once("invoice", order.invoice_id, "create", order.attempt)
        return await requests.ask(self._invoices.create_async(params | _terms(order), once))

    async def _add_item(self, order: InvoiceOrder, draft: str, position: int, line: InvoiceLine) -> None:
        """The first line's key is that of the only one, as an earlier version asked for it."""
        params: Any = {
            "customer": order.customer,
            "invoice": draft,
            "currency": line.unit.currency.lower(),
            "description": _shown(line),
            **_priced(line),
        }
        step = "item" if position == 1 else f"item{position}"
        await requests.ask(
            self._items.create_async(params, requests.once("invoice", order.invoice_id, step, order.attempt))
        )


def _shown(line: InvoiceLine) -> str:
    return line.description[:500]


def _priced(line: InvoiceLine) -> dict[str, Any]:
    """Stripe takes an amount, or a quantity and what one costs, and not both."""
    if line.quantity == 1:
        return {"amount": line.unit.minor}
    return {"quantity": line.quantity, "unit_amount_decimal": Decimal(line.unit.minor)}


def _not_on(draft: stripe.Invoice, order: InvoiceOrder) -> list[tuple[int, InvoiceLine]]:
    """The order's lines that the draft does not have yet, with their positions; none where it asks for as much."""
    if draft.lines.data and draft.subtotal == order.amount.minor:
        return []
    there = _there(draft)
    missing = []
    for position, line in enumerate(order.lines, start=1):
        if there[_shown(line), line.amount.minor]:
            there[_shown(line), line.amount.minor] -= 1
        else:
            missing.append((position, line))
    return missing


def _there(draft: stripe.Invoice) -> Counter[tuple[str, int]]:
    return Counter((line.description or "", line.amount) for line in draft.lines.data)


def _is_of(order: InvoiceOrder, invoice: stripe.Invoice) -> bool:
    """By its marks; what an earlier version made has to say the same of the work as well, once it says anything."""
    if our_id(invoice) != order.invoice_id:
        return False
    row = row_of(invoice)
    if not order.attempt.made(mark_of(invoice), row, datetime.fromtimestamp(invoice.created, UTC)):
        return False
    texts = {_shown(line) for line in order.lines}
    return row is not None or all(line.description in texts for line in invoice.lines.data)


def _fits(order: InvoiceOrder, invoice: stripe.Invoice) -> bool:
    if invoice.status not in USABLE or invoice.currency.upper() != order.amount.currency:
        return False
    if invoice.status == "draft" and invoice.collection_method != _collecting(order):
        return False  # the client has an e-mail by now, or has none any more
    if invoice.subtotal == order.amount.minor:
        return True
    return invoice.status == "draft" and not _there(invoice) - _asked(order)  # all that it has is of the order


def _asked(order: InvoiceOrder) -> Counter[tuple[str, int]]:
    return Counter((_shown(line), line.amount.minor) for line in order.lines)


def _collecting(order: InvoiceOrder) -> str:
    """Stripe sends an invoice only to who has an e-mail; any other is paid on its page, and nothing is charged."""
    return "charge_automatically" if order.days_until_due is None else "send_invoice"


def _terms(order: InvoiceOrder) -> dict[str, Any]:
    """How it is collected, until when, its tax rate, and the client's tax id, printed as they wrote it.

    Stripe's own tax ids need a type, which people do not know.
    """
    terms: dict[str, Any] = {"collection_method": _collecting(order)}
    if order.days_until_due is not None:
        terms["days_until_due"] = order.days_until_due
    if order.tax_rate:
        terms["default_tax_rates"] = [order.tax_rate]
    if order.tax_id:
        terms["custom_fields"] = [{"name": "Tax ID", "value": order.tax_id}]
    return terms
