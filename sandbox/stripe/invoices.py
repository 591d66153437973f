"""Invoices: `draft → open → paid`, or `void`, or `uncollectible` (https://docs.stripe.com/api/invoices).

Nothing happens by the clock here: `auto_advance` does not finalise a draft after an hour, and nothing is retried.
"""

from collections.abc import Callable

from stripe import params

from sandbox.stripe.api import Call, Route
from sandbox.stripe.cards import Card, card_of
from sandbox.stripe.collection import Collection
from sandbox.stripe.errors import Json, StripeError, missing_parameter, not_editable
from sandbox.stripe.events import Events
from sandbox.stripe.invoice_items import InvoiceItems
from sandbox.stripe.invoice_rules import check_due, check_email, check_fields, check_payable, check_texts
from sandbox.stripe.invoice_shapes import DAY, new_invoice
from sandbox.stripe.lists import page
from sandbox.stripe.metadata import merged
from sandbox.stripe.money import check_currency
from sandbox.stripe.payments import Payments
from sandbox.stripe.search import Search
from sandbox.stripe.store import Store
from sandbox.stripe.tax_rates import rates_of

EDITABLE = ("auto_advance", "collection_method", "custom_fields", "default_payment_method", "description", "due_date")
ALWAYS_EDITABLE = frozenset({"auto_advance", "metadata", "expand", "default_payment_method", "payment_settings"})


class Invoices:
    """`renewed`: the URL of an invoice's page (with "/pdf" after it, of its PDF) that is good for ten days or more."""

    def __init__(
        self,
        store: Store,
        events: Events,
        search: Search,
        items: InvoiceItems,
        payments: Payments,
        collection: Collection,
        renewed: Callable[[Json], str],
    ) -> None:
        self._store, self._events, self._search = store, events, search
        self._items, self._payments, self._collection, self._renewed = items, payments, collection, renewed

    def routes(self) -> list[Route]:
        return [
            Route("GET", "invoices/search", lambda: params.InvoiceSearchParams, self.search),
            Route("POST", "invoices", lambda: params.InvoiceCreateParams, self.create),
            Route("GET", "invoices", lambda: params.InvoiceListParams, self.list),
            Route("GET", "invoices/{id}", lambda: params.InvoiceRetrieveParams, self.retrieve),
            Route("POST", "invoices/{id}", lambda: params.InvoiceUpdateParams, self.update),
            Route("DELETE", "invoices/{id}", lambda: params.InvoiceDeleteParams, self.delete),
            Route("POST", "invoices/{id}/finalize", lambda: params.InvoiceFinalizeInvoiceParams, self.finalize),
            Route("POST", "invoices/{id}/send", lambda: params.InvoiceSendInvoiceParams, self.send),
            Route("POST", "invoices/{id}/pay", lambda: params.InvoicePayParams, self.pay),
            Route("POST", "invoices/{id}/void", lambda: params.InvoiceVoidInvoiceParams, self.void),
            Route(
                "POST",
                "invoices/{id}/mark_uncollectible",
                lambda: params.InvoiceMarkUncollectibleParams,
                self.mark_uncollectible,
            ),
        ]

    def create(self, call: Call) -> Json:
        given = call.params
        if "customer" not in given:
            raise missing_parameter("customer")
        customer = self._store.customers.refer(given["customer"], "customer")
        check_texts(given)
        check_fields(given, self._store.refused)
        check_due(given, self._store.now())
        check_email(given.get("collection_method", "charge_automatically"), customer["email"])
        currency = given.get("currency") or customer["currency"] or "usd"
        check_currency(currency)
        rates = rates_of(given, self._store)
        if given.get("default_payment_method"):
            card_of(given["default_payment_method"])
        invoice = new_invoice(customer, currency, given, self._store.now())
        invoice["metadata"] = merged({}, given.get("metadata"))
        invoice["default_tax_rates"] = rates
        self._store.invoices.put(invoice)
        customer["currency"] = customer["currency"] or currency
        if given.get("pending_invoice_items_behavior") == "include":
            self._items.attach(self._items.waiting(customer["id"], currency), invoice)
        self._events.record("invoice.created", invoice)
        return invoice

    def retrieve(self, call: Call) -> Json:
        return self._with_link(self._store.invoices.find(call.id))

    def list(self, call: Call) -> Json:
        return self._with_links(page(self._store.invoices, call.params, "/v1/invoices"))

    def search(self, call: Call) -> Json:
        return self._with_links(self._search.page(self._store.invoices, call.params, "/v1/invoices/search"))

    def _with_links(self, found: Json) -> Json:
        for invoice in found["data"]:
            self._with_link(invoice)
        return found

    def _with_link(self, invoice: Json) -> Json:
        if invoice["hosted_invoice_url"] is not None:
            url = self._renewed(invoice)
            invoice.update(hosted_invoice_url=url, invoice_pdf=f"{url}/pdf")
        return invoice

    def update(self, call: Call) -> Json:
        invoice, given = self._store.invoices.find(call.id), call.params
        fixed = [] if invoice["status"] == "draft" else sorted(given.keys() - ALWAYS_EDITABLE)
        if fixed:
            raise StripeError("Finalized invoices can't be updated in this way", param=fixed[0])
        check_texts(given)
        check_fields(given, self._store.refused)
        collection_method: str = given.get("collection_method") or invoice["collection_method"]
        check_due({**given, "collection_method": collection_method}, self._store.now(), updating=True)
        check_email(collection_method, invoice["customer_email"])
        before = dict(invoice)
        metadata = merged(invoice["metadata"], given.get("metadata"))
        invoice.update({name: given[name] for name in (*EDITABLE, "footer", "number") if name in given})
        if "days_until_due" in given:
            invoice["due_date"] = invoice["created"] + given["days_until_due"] * DAY
        invoice["metadata"] = metadata
        self._store.invoices.put(invoice)
        previous = {name: before[name] for name in before if before[name] != invoice[name]}
        if previous:
            self._events.record("invoice.updated", invoice, previous)
        return invoice

    def delete(self, call: Call) -> Json:
        invoice = self._store.invoices.find(call.id)
        if invoice["status"] != "draft":
            raise not_editable("You can only delete draft invoices")
        self._items.detach_all(invoice)
        self._store.invoices.drop(call.id)
        self._events.record("invoice.deleted", invoice)
        return {"id": call.id, "object": "invoice", "deleted": True}

    def finalize(self, call: Call) -> Json:
        invoice = self._store.invoices.find(call.id)
        if invoice["status"] != "draft":
            raise StripeError("This invoice is already finalized, you can't re-finalize a non-draft invoice.")
        self._collection.finalize(invoice, auto_advance=call.params.get("auto_advance"))
        return invoice

    def send(self, call: Call) -> Json:
        invoice = self._store.invoices.find(call.id)
        if invoice["collection_method"] != "send_invoice":
            raise StripeError(
                "You can only manually send an invoice if its collection method is 'send_invoice'. This invoice's "
                "collection method is 'charge_automatically'."
            )
        if invoice["status"] not in ("draft", "open"):
            raise StripeError(f"You can't send an invoice with status {invoice['status']}.")
        if invoice["status"] == "draft":
            self._collection.finalize(invoice)
        self._events.record("invoice.sent", invoice)
        return invoice

    def pay(self, call: Call) -> Json:
        invoice = self._store.invoices.find(call.id)
        if invoice["status"] == "draft":
            self._collection.finalize(invoice)
            if invoice["status"] == "paid":
                return invoice
        if call.params.get("paid_out_of_band"):
            self._collection.pay_elsewhere(invoice)
            return invoice
        self._collection.charge(invoice, self._card(invoice, call.params.get("payment_method")))
        return invoice

    def void(self, call: Call) -> Json:
        return self._end(call.id, "void", "voided", from_states=("open", "uncollectible"))

    def mark_uncollectible(self, call: Call) -> Json:
        return self._end(call.id, "uncollectible", "marked_uncollectible", from_states=("open",))

    def _end(self, invoice_id: str, status: str, word: str, *, from_states: tuple[str, ...]) -> Json:
        invoice = self._store.invoices.find(invoice_id)
        if invoice["status"] not in from_states:
            raise StripeError(
                f"You can only pass in {' or '.join(from_states)} invoices. This invoice has status "
                f"{invoice['status']}."
            )
        if status == "void" and invoice["amount_paid"]:
            raise StripeError("You can't void an invoice that has payments.")
        invoice.update(status=status, auto_advance=False)
        invoice["status_transitions"][f"{word}_at"] = self._store.now()
        if status == "void":
            self._payments.cancel(invoice)
        self._store.invoices.put(invoice)
        self._events.record(f"invoice.{word}", invoice)
        return invoice

    def _card(self, invoice: Json, method: str | None) -> Card:
        customer = self._store.customers.find(invoice["customer"])
        default = (customer.get("invoice_settings") or {}).get("default_payment_method")
        method = method or invoice["default_payment_method"] or default
        check_payable(invoice)
        if method is None:
            raise StripeError(
                "There is no `default_payment_method` set on this Customer or Invoice. Please set a "
                "`default_payment_method` on the Customer or Invoice and try again."
            )
        return card_of(method)
