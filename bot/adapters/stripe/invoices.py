"""Making invoices at Stripe: https://docs.stripe.com/api/invoices."""

from datetime import UTC, datetime
from typing import Any

import stripe

from bot.adapters.stripe import requests
from bot.adapters.stripe.reading import mark_of, our_id, plain, row_of
from bot.invoices.events import OUR_BRIEF, OUR_INVOICE
from bot.invoices.ports import InvoiceOrder
from bot.invoices.remote import RemoteInvoice

USABLE = frozenset({"draft", "open", "paid", "uncollectible"})


class StripeInvoices:
    """See `bot.invoices.ports.Payments.invoice`."""

    def __init__(self, client: stripe.StripeClient) -> None:
        self._invoices = client.v1.invoices
        self._items = client.v1.invoice_items

    async def make(self, order: InvoiceOrder) -> RemoteInvoice:
        """A draft that holds a line already is only finalised."""
        kept = await self.standing(order) if order.attempt.look_first else None
        if kept is None:
            made = await self._draft(order)
            kept = made if order.alone() else await self.standing(order) or made
        if kept.status != "draft":
            return plain(kept)
        if not kept.lines.data:
            await self._add_item(order, kept.id)
        once = requests.once("invoice", order.invoice_id, "finalise", order.attempt)
        return plain(await requests.ask(self._invoices.finalize_invoice_async(kept.id, {"auto_advance": False}, once)))

    async def standing(self, order: InvoiceOrder) -> stripe.Invoice | None:
        """The one that counts, whoever looks: what is finalised, or else the oldest draft. Other drafts are deleted,
        as are those to be collected in another way, since the client has an e-mail by now or has none any more.

        Only what was made for this very row counts, of the same amount and currency, and what can still be paid or was.
        Stripe's lists, unlike its searches, have what was just written.
        """
        since = requests.made_since(order.attempt.since)
        listing = self._invoices.list_async({"customer": order.customer, "created": since, "limit": 100})
        ours = [invoice async for invoice in requests.listed(listing) if _is_of(order, invoice)]
        usable = [invoice for invoice in ours if _fits(order, invoice)]
        kept = min(reversed(usable), key=lambda invoice: invoice.status == "draft", default=None)
        for stray in ours:
            if stray is not kept and stray.status == "draft":
                await requests.ask(self._invoices.delete_async(stray.id))
        return kept

    async def _draft(self, order: InvoiceOrder) -> stripe.Invoice:
        marks = {
            OUR_INVOICE: str(order.invoice_id),
            OUR_BRIEF: str(order.brief_id),
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

    async def _add_item(self, order: InvoiceOrder, draft: str) -> None:
        await requests.ask(
            self._items.create_async(
                {
                    "customer": order.customer,
                    "invoice": draft,
                    "amount": order.amount.minor,
                    "currency": order.amount.currency.lower(),
                    "description": _description(order),
                },
                requests.once("invoice", order.invoice_id, "item", order.attempt),
            )
        )


def _description(order: InvoiceOrder) -> str:
    return order.description[:500]


def _is_of(order: InvoiceOrder, invoice: stripe.Invoice) -> bool:
    """By its marks; what an earlier version made has to say the same of the work as well, once it says anything."""
    if our_id(invoice) != order.invoice_id:
        return False
    row = row_of(invoice)
    if not order.attempt.made(mark_of(invoice), row, datetime.fromtimestamp(invoice.created, UTC)):
        return False
    return row is not None or all(line.description == _description(order) for line in invoice.lines.data)


def _fits(order: InvoiceOrder, invoice: stripe.Invoice) -> bool:
    if invoice.status not in USABLE or invoice.currency.upper() != order.amount.currency:
        return False
    if invoice.status == "draft" and invoice.collection_method != _collecting(order):
        return False  # the client has an e-mail by now, or has none any more
    empty_draft = invoice.status == "draft" and not invoice.lines.data
    return empty_draft or invoice.subtotal == order.amount.minor


def _collecting(order: InvoiceOrder) -> str:
    """Stripe sends an invoice only to who has an e-mail; any other is paid on its page, and nothing is charged."""
    return "charge_automatically" if order.days_until_due is None else "send_invoice"


def _terms(order: InvoiceOrder) -> dict[str, Any]:
    """How it is collected, until when, and the client's tax id, printed as they wrote it: Stripe's own needs a type."""
    terms: dict[str, Any] = {"collection_method": _collecting(order)}
    if order.days_until_due is not None:
        terms["days_until_due"] = order.days_until_due
    if order.tax_id:
        terms["custom_fields"] = [{"name": "Tax ID", "value": order.tax_id}]
    return terms
