"""How an invoice is paid: payment intents, charges and invoice payments.

Sources: https://docs.stripe.com/api/payment_intents, https://docs.stripe.com/api/charges,
https://docs.stripe.com/api/invoice-payment
"""

import asyncio
from typing import Any

from stripe import params

from sandbox.memory import Memory, Remembering
from sandbox.stripe.api import Call, Route
from sandbox.stripe.balance import Balance
from sandbox.stripe.cards import Card
from sandbox.stripe.errors import Json, StripeError
from sandbox.stripe.events import Events
from sandbox.stripe.lists import list_object, page
from sandbox.stripe.money import fee
from sandbox.stripe.payment_shapes import (
    challenge,
    new_charge,
    new_intent,
    new_invoice_payment,
    not_authenticated,
    payment_error,
)
from sandbox.stripe.search import Search
from sandbox.stripe.store import Store, new_id

CAPTURED_AFTER = 0.2  # seconds; at Stripe it is a second or some


class Payments(Remembering):
    """`capture_after`: seconds from a charge until its balance transaction is there; None: until `settle`; 0: at once.

    Stripe captures asynchronously by default, so that is a moment later.
    """

    REMEMBERED = ("cards", "challenged")

    def __init__(self, store: Store, events: Events, search: Search, balance: Balance) -> None:
        self._store, self._events, self._search, self._balance = store, events, search, balance
        self.cards: dict[str, Card] = {}
        self.challenged: dict[str, tuple[Card, int]] = {}  # by invoice: the card, and the amount
        self.capture_after: float | None = CAPTURED_AFTER
        self._uncaptured: dict[str, asyncio.TimerHandle | None] = {}

    def memory(self) -> Memory:
        """All that it knows, once what waits is captured."""
        self.settle()
        return super().memory()

    def routes(self) -> list[Route]:
        return [
            Route("GET", "payment_intents/search", lambda: params.PaymentIntentSearchParams, self.search_intents),
            Route("GET", "payment_intents", lambda: params.PaymentIntentListParams, self.list_intents),
            Route("GET", "payment_intents/{id}", lambda: params.PaymentIntentRetrieveParams, self.intent),
            Route("GET", "charges/search", lambda: params.ChargeSearchParams, self.search_charges),
            Route("GET", "charges", lambda: params.ChargeListParams, self.list_charges),
            Route("GET", "charges/{id}", lambda: params.ChargeRetrieveParams, self.charge),
            Route("GET", "invoice_payments", lambda: params.InvoicePaymentListParams, self.list_invoice_payments),
            Route("GET", "invoice_payments/{id}", lambda: params.InvoicePaymentRetrieveParams, self.invoice_payment),
        ]

    def intent(self, call: Call) -> Json:
        return self._store.intents.find(call.id)

    def list_intents(self, call: Call) -> Json:
        return page(self._store.intents, call.params, "/v1/payment_intents")

    def search_intents(self, call: Call) -> Json:
        return self._search.page(self._store.intents, call.params, "/v1/payment_intents/search")

    def charge(self, call: Call) -> Json:
        return self._store.charges.find(call.id)

    def list_charges(self, call: Call) -> Json:
        return page(self._store.charges, call.params, "/v1/charges")

    def search_charges(self, call: Call) -> Json:
        return self._search.page(self._store.charges, call.params, "/v1/charges/search")

    def invoice_payment(self, call: Call) -> Json:
        return self._store.invoice_payments.find(call.id)

    def list_invoice_payments(self, call: Call) -> Json:
        given = dict(call.params)
        payment: Json = given.pop("payment", {})
        if "payment_intent" in payment:
            self._store.intents.refer(payment["payment_intent"], "payment[payment_intent]")
        return page(
            self._store.invoice_payments,
            given,
            "/v1/invoice_payments",
            lambda one: all(one["payment"].get(field) == wanted for field, wanted in payment.items()),
        )

    def of_invoice(self, invoice: Json) -> Json:
        """The invoice's payments, newest first: what `expand=["payments"]` sends."""
        found = self._store.invoice_payments.where("invoice", invoice["id"])
        return list_object(found[::-1], f"/v1/invoices/{invoice['id']}/payments")

    def confirmation_secret(self, invoice: Json) -> Json | None:
        payment = self._default_payment(invoice)
        if payment is None:
            return None
        intent = self._store.intents.find(payment["payment"]["payment_intent"])
        return {"client_secret": intent["client_secret"], "type": "payment_intent"}

    def prepare(self, invoice: Json) -> None:
        """Give a finalised invoice the payment intent that it will be paid by."""
        now = self._store.now()
        self._new_payment(invoice, invoice["amount_due"], now, default=True)

    def _new_payment(self, invoice: Json, amount: int, now: int, *, default: bool) -> Json:
        intent = self._store.intents.put(new_intent(invoice, amount, now))
        payment = self._store.invoice_payments.put(new_invoice_payment(invoice, intent, now, default=default))
        self._events.record("payment_intent.created", intent)
        return payment

    def expect(self, invoice: Json, left: int) -> None:
        """Let the invoice's own payment ask for what is left after another one."""
        payment = self._default_payment(invoice)
        assert payment is not None
        payment["amount_requested"] = left
        self._store.intents.find(payment["payment"]["payment_intent"])["amount"] = left

    def challenge(self, invoice: Json, card: Card, amount: int) -> None:
        """Let the card's bank ask whether it is the customer: nothing is charged before the answer."""
        self.challenged[invoice["id"]] = (card, amount)
        intent = self._default_intent(invoice)
        intent.update(status="requires_action", next_action=challenge(), payment_method=new_id("pm"))
        self._events.record("payment_intent.requires_action", intent)

    def fail_challenge(self, invoice: Json) -> None:
        """The bank does not find that it is the customer: there is no charge, and another card may be tried."""
        del self.challenged[invoice["id"]]
        intent = self._default_intent(invoice)
        intent.update(status="requires_payment_method", last_payment_error=not_authenticated())
        intent.update(next_action=None, payment_method=None)
        self._events.record("payment_intent.payment_failed", intent)

    def _default_intent(self, invoice: Json) -> Json:
        payment = self._default_payment(invoice)
        assert payment is not None
        return self._store.intents.find(payment["payment"]["payment_intent"])

    def collect(self, invoice: Json, card: Card, amount: int) -> Json:
        """Charge the card for all or a part of what is left on an open invoice, and return the charge.

        Raises StripeError (402, `card_error`) when the card is declined; the failed charge and its events stay.
        """
        payment = self._default_payment(invoice)
        assert payment is not None
        if amount != payment["amount_requested"]:
            payment = self._new_payment(invoice, amount, self._store.now(), default=False)
        intent = self._store.intents.find(payment["payment"]["payment_intent"])
        authenticated = self.challenged.pop(invoice["id"], None) is not None and card.authenticates
        intent["next_action"] = None
        charge = new_charge(intent, invoice, card, self._store.now(), authenticated=authenticated)
        self._store.charges.put(charge)
        self.cards[charge["id"]] = card
        intent["latest_charge"] = charge["id"]
        if card.decline is not None:
            self._declined(intent, charge, card)
        self._succeeded(intent, charge)
        payment.update(status="paid", amount_paid=charge["amount"])
        payment["status_transitions"]["paid_at"] = self._store.now()
        self._events.record("invoice_payment.paid", payment)
        return charge

    def collect_together(self, invoices: list[Json], card: Card) -> None:
        """Charge the card once for all that is left on these open invoices."""
        now, total = self._store.now(), sum(invoice["amount_remaining"] for invoice in invoices)
        intent = self._store.intents.put(new_intent(invoices[0], total, now))
        charge = self._store.charges.put(new_charge(intent, invoices[0], card, now, authenticated=False))
        self.cards[charge["id"]] = card
        intent["latest_charge"] = charge["id"]
        if card.decline is not None:
            self._declined(intent, charge, card)
        self._succeeded(intent, charge)
        for invoice in invoices:
            payment = self._store.invoice_payments.put(new_invoice_payment(invoice, intent, now, default=False))
            left = invoice["amount_remaining"]
            payment.update(status="paid", amount_requested=left, amount_paid=left)
            payment["status_transitions"]["paid_at"] = now
            self._events.record("invoice_payment.paid", payment)

    def cancel(self, invoice: Json) -> None:
        """Cancel what would have paid an invoice that is void, or was paid elsewhere."""
        payment = self._default_payment(invoice)
        if payment is None or payment["status"] != "open":
            return
        self.challenged.pop(invoice["id"], None)
        payment["status"] = "canceled"
        payment["status_transitions"]["canceled_at"] = self._store.now()
        intent = self._store.intents.find(payment["payment"]["payment_intent"])
        reason = "void_invoice" if invoice["status"] == "void" else "automatic"
        intent.update(status="canceled", next_action=None, canceled_at=self._store.now(), cancellation_reason=reason)
        self._events.record("payment_intent.canceled", intent)

    def _default_payment(self, invoice: Json) -> Json | None:
        mine = self._store.invoice_payments.where("invoice", invoice["id"])
        return next((payment for payment in mine if payment["is_default"]), None)

    def _declined(self, intent: Json, charge: Json, card: Card) -> None:
        error = payment_error(charge, card)
        intent.update(status="requires_payment_method", last_payment_error=error)
        self._events.record("charge.failed", charge)
        self._events.record("payment_intent.payment_failed", intent)
        details: dict[str, Any] = {name: value for name, value in error.items() if name not in ("type", "doc_url")}
        message, code = details.pop("message"), details.pop("code")
        raise StripeError(message, status=402, kind="card_error", code=code, payment_intent=dict(intent), **details)

    def settle(self, charge_id: str | None = None) -> None:
        """Capture what waits for it, or one charge: its balance transaction is there, and `charge.updated` says so."""
        for waiting in [one for one in self._uncaptured if charge_id in (None, one)]:
            timer = self._uncaptured.pop(waiting)
            if timer is not None:
                timer.cancel()
            charge = self._store.charges.find(waiting)
            self._enter(charge)
            self._events.record("charge.updated", charge, {"balance_transaction": None})

    @property
    def capturing(self) -> bool:
        """Whether a charge waits for its balance transaction."""
        return bool(self._uncaptured)

    def forget_captures(self) -> None:
        """Leave what waits uncaptured, as the end has come."""
        for timer in self._uncaptured.values():
            if timer is not None:
                timer.cancel()
        self._uncaptured.clear()

    def _enter(self, charge: Json) -> None:
        amount, currency = charge["amount"], charge["currency"]
        transaction = self._balance.enter(
            "charge",
            amount,
            charge,
            fee=fee(amount, currency),
            description=charge["description"],
            pending=not self.cards[charge["id"]].available_at_once,
        )
        charge["balance_transaction"] = transaction["id"]

    def _capture_later(self, charge_id: str) -> None:
        self._uncaptured[charge_id] = None
        if self.capture_after is not None:
            loop = asyncio.get_running_loop()
            self._uncaptured[charge_id] = loop.call_later(self.capture_after, self.settle, charge_id)

    def _succeeded(self, intent: Json, charge: Json) -> None:
        if self.capture_after == 0:
            self._enter(charge)
        else:
            self._capture_later(charge["id"])
        intent.update(
            status="succeeded",
            amount_received=charge["amount"],
            last_payment_error=None,
            payment_method=charge["payment_method"],
        )
        self._events.record("charge.succeeded", charge)
        self._events.record("payment_intent.succeeded", intent)
