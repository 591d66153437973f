"""Customers (https://docs.stripe.com/api/customers)."""

import re
from uuid import uuid4

from stripe import params

from sandbox.stripe.api import Call, Route
from sandbox.stripe.cards import card_of
from sandbox.stripe.errors import Json, StripeError
from sandbox.stripe.events import Events
from sandbox.stripe.invoice_rules import check_accepted, check_texts
from sandbox.stripe.lists import page
from sandbox.stripe.metadata import merged
from sandbox.stripe.search import Search
from sandbox.stripe.store import Store, new_id

PLAIN = ("address", "business_name", "description", "email", "individual_name", "name", "phone", "preferred_locales")

LONGEST = {"business_name": 150, "description": 5_000, "email": 512, "individual_name": 150, "name": 256}


class Customers:
    def __init__(self, store: Store, events: Events, search: Search) -> None:
        self._store, self._events, self._search = store, events, search

    def routes(self) -> list[Route]:
        return [
            Route("GET", "customers/search", lambda: params.CustomerSearchParams, self.search),
            Route("POST", "customers", lambda: params.CustomerCreateParams, self.create),
            Route("GET", "customers", lambda: params.CustomerListParams, self.list),
            Route("GET", "customers/{id}", lambda: params.CustomerRetrieveParams, self.retrieve),
            Route("POST", "customers/{id}", lambda: params.CustomerUpdateParams, self.update),
            Route("DELETE", "customers/{id}", lambda: params.CustomerDeleteParams, self.delete),
        ]

    def create(self, call: Call) -> Json:
        customer: Json = {
            "id": new_id("cus"),
            "object": "customer",
            **dict.fromkeys(PLAIN),
            "balance": 0,
            "created": self._store.now(),
            "currency": None,
            "customer_account": None,
            "default_source": None,
            "delinquent": False,
            "discount": None,
            "invoice_prefix": uuid4().hex[:8].upper(),
            "invoice_settings": {
                "custom_fields": None,
                "default_payment_method": None,
                "footer": None,
                "rendering_options": None,
            },
            "livemode": False,
            "metadata": {},
            "next_invoice_sequence": 1,
            "preferred_locales": [],
            "shipping": None,
            "tax_exempt": "none",
            "test_clock": None,
        }
        check_accepted(call.params, self._store.refused)
        _change(customer, call.params)
        self._store.customers.put(customer)
        self._events.record("customer.created", customer)
        return customer

    def retrieve(self, call: Call) -> Json:
        return self._store.customers.find(call.id)

    def update(self, call: Call) -> Json:
        customer = self._alive(call.id)
        before = dict(customer)
        changed = dict(customer)
        check_accepted(call.params, self._store.refused)
        _change(changed, call.params)
        customer.update(changed)
        self._store.customers.put(customer)
        previous = {name: before[name] for name in before if before[name] != customer[name]}
        if previous:
            self._events.record("customer.updated", customer, previous)
        self._follow(customer)
        return customer

    def _follow(self, customer: Json) -> None:
        """Drafts show their customer as it is now; what is finalised keeps what it said."""
        for invoice in self._store.invoices.where("customer", customer["id"]):
            if invoice["status"] == "draft":
                invoice.update(shown_of(customer))

    def list(self, call: Call) -> Json:
        return page(self._store.customers, call.params, "/v1/customers")

    def search(self, call: Call) -> Json:
        return self._search.page(self._store.customers, call.params, "/v1/customers/search")

    def delete(self, call: Call) -> Json:
        """What stays of a deleted customer is its id: it is still retrieved, but neither listed nor billed."""
        self._events.record("customer.deleted", self._alive(call.id))
        stub = {"id": call.id, "object": "customer", "deleted": True}
        return self._store.customers.put(stub)

    def _alive(self, customer_id: str) -> Json:
        customer = self._store.customers.find(customer_id)
        if customer.get("deleted"):
            raise StripeError(
                f"No such customer: '{customer_id}'; the customer was deleted", status=404, code="resource_missing"
            )
        return customer


def shown_of(customer: Json) -> Json:
    """What an invoice repeats of its customer."""
    return {
        f"customer_{name}": customer[name] for name in ("address", "email", "name", "phone", "shipping", "tax_exempt")
    }


def _change(customer: Json, given: Json) -> None:
    check_texts(given, LONGEST)
    email = given.get("email")
    if email and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", email):
        raise StripeError(f"Invalid email address: {email}", code="email_invalid", param="email")
    for name in (*PLAIN, "shipping", "tax_exempt", "balance"):
        if name in given:
            customer[name] = None if given[name] == "" else given[name]
    settings = {**customer["invoice_settings"]}
    method = given.get("payment_method") or (given.get("invoice_settings") or {}).get("default_payment_method")
    if method:
        card_of(method)
        settings["default_payment_method"] = method
    customer["invoice_settings"] = settings
    customer["metadata"] = merged(customer["metadata"], given.get("metadata"))
