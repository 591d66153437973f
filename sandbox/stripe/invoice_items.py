"""Invoice items, and the lines that they become (https://docs.stripe.com/api/invoiceitems)."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from stripe import params

from sandbox.stripe.api import Call, Route
from sandbox.stripe.errors import Json, StripeError, missing_parameter, missing_reference, not_editable
from sandbox.stripe.events import Events
from sandbox.stripe.invoice_rules import MOST_ITEMS, check_texts
from sandbox.stripe.lists import list_object, page, page_limit
from sandbox.stripe.metadata import merged
from sandbox.stripe.money import check_currency, check_largest, check_last_digit
from sandbox.stripe.store import Store, new_id
from sandbox.stripe.tax_rates import taxes

AMOUNTS = frozenset({"amount", "quantity", "unit_amount_decimal"})


class InvoiceItems:
    """Items wait for their customer's next invoice, or belong to a draft; `total` sums a draft up again."""

    def __init__(self, store: Store, events: Events) -> None:
        self._store, self._events = store, events

    def routes(self) -> list[Route]:
        return [
            Route("POST", "invoiceitems", lambda: params.InvoiceItemCreateParams, self.create),
            Route("GET", "invoiceitems", lambda: params.InvoiceItemListParams, self.list),
            Route("GET", "invoiceitems/{id}", lambda: params.InvoiceItemRetrieveParams, self.retrieve),
            Route("POST", "invoiceitems/{id}", lambda: params.InvoiceItemUpdateParams, self.update),
            Route("DELETE", "invoiceitems/{id}", lambda: params.InvoiceItemDeleteParams, self.delete),
            Route("GET", "invoices/{id}/lines", lambda: params.InvoiceLineItemListParams, self.lines),
        ]

    def create(self, call: Call) -> Json:
        given = call.params
        if "customer" not in given:
            raise missing_parameter("customer")
        customer = self._store.customers.refer(given["customer"], "customer")
        invoice = self._draft(given["invoice"], customer["id"]) if "invoice" in given else None
        currency = given.get("currency") or (invoice or customer)["currency"] or "usd"
        check_currency(currency)
        check_texts(given, {"description": 5_000})
        if invoice is not None and len(invoice["lines"]["data"]) >= MOST_ITEMS:
            raise StripeError(f"An invoice can have up to {MOST_ITEMS} invoice items.", param="invoice")
        if invoice is not None and currency != invoice["currency"]:
            raise StripeError(
                f"The currency of the invoice item ({currency}) must match the currency of the invoice "
                f"({invoice['currency']}).",
                param="currency",
            )
        amount, quantity, unit = _amounts(given, currency)
        now = self._store.now()
        item: Json = {
            "id": new_id("ii"),
            "object": "invoiceitem",
            "amount": amount,
            "currency": currency,
            "customer": customer["id"],
            "customer_account": None,
            "date": now,
            "description": given.get("description"),
            "discountable": given.get("discountable", amount >= 0),
            "discounts": [],
            "invoice": None,
            "livemode": False,
            "metadata": merged({}, given.get("metadata")),
            "net_amount": amount,
            "parent": None,
            "period": given.get("period") or {"start": now, "end": now},
            "pricing": {
                "price_details": {"price": new_id("price"), "product": new_id("prod")},
                "type": "price_details",
                "unit_amount_decimal": str(unit),
            },
            "proration": False,
            "proration_details": None,
            "quantity": quantity,
            "quantity_decimal": str(quantity),
            "tax_rates": [],
            "test_clock": None,
        }
        self._store.items.put(item)
        self._events.record("invoiceitem.created", item)
        if invoice is not None:
            self.attach([item], invoice)
        return item

    def retrieve(self, call: Call) -> Json:
        return self._store.items.find(call.id)

    def update(self, call: Call) -> Json:
        item = self._store.items.find(call.id)
        draft = self._editable(item)
        if draft is not None:
            draft["lines"]["data"] = [line for line in draft["lines"]["data"] if _item_of(line) != item["id"]]
        if AMOUNTS & call.params.keys():
            item.update(_repriced(item, call.params))
        check_texts(call.params, {"description": 5_000})
        item["description"] = call.params.get("description", item["description"])
        item["metadata"] = merged(item["metadata"], call.params.get("metadata"))
        self._store.items.put(item)
        if draft is not None:
            self.attach([item], draft)
        return item

    def list(self, call: Call) -> Json:
        given = dict(call.params)
        pending = given.pop("pending", None)
        return page(
            self._store.items,
            given,
            "/v1/invoiceitems",
            lambda item: pending is None or (item["invoice"] is None) is pending,
        )

    def delete(self, call: Call) -> Json:
        item = self._store.items.find(call.id)
        draft = self._editable(item)
        self._store.items.drop(item["id"])
        if draft is not None:
            draft["lines"]["data"] = [line for line in draft["lines"]["data"] if _item_of(line) != item["id"]]
            total(draft)
        self._events.record("invoiceitem.deleted", item)
        return {"id": item["id"], "object": "invoiceitem", "deleted": True}

    def lines(self, call: Call) -> Json:
        invoice = self._store.invoices.find(call.id)
        lines, limit = invoice["lines"]["data"], page_limit(call.params)
        after = call.params.get("starting_after")
        start = next((at + 1 for at, line in enumerate(lines) if line["id"] == after), 0)
        return list_object(lines[start : start + limit], invoice["lines"]["url"], has_more=len(lines) > start + limit)

    def waiting(self, customer_id: str, currency: str) -> Iterable[Json]:
        """The customer's items in this currency that are on no invoice yet, oldest first."""
        mine = self._store.items.where("customer", customer_id)
        return [item for item in mine if item["invoice"] is None and item["currency"] == currency]

    def attach(self, items: Iterable[Json], invoice: Json) -> None:
        """Put items on a draft, as lines, and sum it up."""
        for item in items:
            item["invoice"] = invoice["id"]
            self._store.items.put(item)
            invoice["lines"]["data"].append(_line(item) | {"livemode": self._store.livemode})
        total(invoice)

    def detach_all(self, invoice: Json) -> None:
        """A deleted draft takes its items with it."""
        for item in self._store.items.where("invoice", invoice["id"]):
            self._store.items.drop(item["id"])

    def _draft(self, invoice_id: str, customer_id: str) -> Json:
        invoice = self._store.invoices.refer(invoice_id, "invoice")
        if invoice["customer"] != customer_id:
            raise missing_reference("invoice", invoice_id, "invoice")
        if invoice["status"] != "draft":
            raise not_editable("This invoice is no longer editable")
        return invoice

    def _editable(self, item: Json) -> Json | None:
        """The draft that the item is on, if any; raises StripeError once it is finalised."""
        return None if item["invoice"] is None else self._draft(item["invoice"], item["customer"])


def _repriced(item: Json, given: Json) -> Json:
    """What changes in an item with its amount, quantity or unit amount; what is not given stays."""
    kept = {"quantity": item["quantity"], "unit_amount_decimal": Decimal(item["pricing"]["unit_amount_decimal"])}
    amount, quantity, unit = _amounts(given if "amount" in given else kept | given, item["currency"])
    return {
        "amount": amount,
        "net_amount": amount,
        "pricing": {**item["pricing"], "unit_amount_decimal": str(unit)},
        "quantity": quantity,
        "quantity_decimal": str(quantity),
    }


def total(invoice: Json) -> None:
    """Sum a draft's lines up, with their tax."""
    lines = invoice["lines"]["data"]
    rates = invoice["default_tax_rates"]
    for line in lines:
        line["taxes"] = taxes(line["amount"], rates)
    summed = sum(line["amount"] for line in lines)
    invoice["lines"]["total_count"] = len(lines)
    invoice["total_taxes"] = taxes(summed, rates) if lines else []
    included, added = (
        sum(tax["amount"] for tax in invoice["total_taxes"] if tax["tax_behavior"] == behavior)
        for behavior in ("inclusive", "exclusive")
    )
    invoice.update(subtotal=summed, total=summed + added)
    invoice.update(dict.fromkeys(("subtotal_excluding_tax", "total_excluding_tax"), summed - included))
    due = max(summed + added, 0)
    invoice.update(amount_due=due, amount_remaining=due)


def _amounts(given: Json, currency: str) -> tuple[int, int, Decimal]:
    """The amount in minor units, the quantity, and the unit amount; `amount` is given, or a unit amount and a quantity.

    This account has no products or prices, so naming one is `resource_missing`.
    """
    if "pricing" in given:
        raise missing_reference("price", given["pricing"].get("price", ""), "pricing[price]")
    if "price_data" in given:
        raise missing_reference("product", given["price_data"]["product"], "price_data[product]")
    quantity: int = given.get("quantity", 1)
    if quantity < 0:
        raise StripeError("Invalid non-negative integer", code="parameter_invalid_integer", param="quantity")
    if "amount" in given:
        if "quantity" in given or "unit_amount_decimal" in given:
            raise StripeError(
                "You may only specify one of these parameters: amount, quantity.",
                code="parameters_exclusive",
                param="amount",
            )
        unit = Decimal(given["amount"])
    elif "unit_amount_decimal" in given:
        unit = given["unit_amount_decimal"]
    else:
        raise missing_parameter("amount")
    amount = int((unit * quantity).to_integral_value(ROUND_HALF_UP))
    check_largest(amount, currency)
    check_last_digit(amount, currency)
    return amount, quantity, unit


def _line(item: Json) -> Json:
    return {
        "id": new_id("il"),
        "object": "line_item",
        "amount": item["amount"],
        "currency": item["currency"],
        "description": item["description"],
        "discount_amounts": [],
        "discountable": item["discountable"],
        "discounts": [],
        "invoice": item["invoice"],
        "livemode": False,
        "metadata": item["metadata"],
        "parent": {
            "invoice_item_details": {
                "invoice_item": item["id"],
                "proration": False,
                "proration_details": None,
                "subscription": None,
            },
            "subscription_item_details": None,
            "type": "invoice_item_details",
        },
        "period": item["period"],
        "pretax_credit_amounts": [],
        "pricing": item["pricing"],
        "quantity": item["quantity"],
        "quantity_decimal": item["quantity_decimal"],
        "subscription": None,
        "subtotal": item["amount"],
        "taxes": [],
    }


def _item_of(line: Json) -> str:
    return str(line["parent"]["invoice_item_details"]["invoice_item"])
