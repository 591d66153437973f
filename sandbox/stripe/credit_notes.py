"""Credit notes (https://docs.stripe.com/api/credit_notes): amounts alone, and not of which line."""

from stripe import params

from sandbox.stripe.api import Call, Route
from sandbox.stripe.collection import Collection
from sandbox.stripe.credit_note_shapes import new_credit_note
from sandbox.stripe.customer_balance import CustomerBalance
from sandbox.stripe.errors import Json, StripeError
from sandbox.stripe.events import Events
from sandbox.stripe.invoice_rules import check_texts
from sandbox.stripe.lists import page
from sandbox.stripe.metadata import merged
from sandbox.stripe.money import shown
from sandbox.stripe.refunds import Refunds
from sandbox.stripe.store import Store

REASONS = frozenset({"duplicate", "fraudulent", "order_change", "product_unsatisfactory"})
LONGEST = {"memo": 5_000}
CREDITED = frozenset({"open", "paid", "uncollectible"})


class CreditNotes:
    """One lowers what is left to pay; what it credits beyond that goes back by the ways that are named."""

    def __init__(
        self, store: Store, events: Events, refunds: Refunds, balance: CustomerBalance, collection: Collection
    ) -> None:
        self._store, self._events, self._refunds = store, events, refunds
        self._balance, self._collection = balance, collection

    def routes(self) -> list[Route]:
        return [
            Route("POST", "credit_notes", lambda: params.CreditNoteCreateParams, self.create),
            Route("GET", "credit_notes", lambda: params.CreditNoteListParams, self.list_notes),
            Route("GET", "credit_notes/{id}", lambda: params.CreditNoteRetrieveParams, self.retrieve),
            Route("POST", "credit_notes/{id}", lambda: params.CreditNoteUpdateParams, self.update),
            Route("POST", "credit_notes/{id}/void", lambda: params.CreditNoteVoidCreditNoteParams, self.void),
        ]

    def create(self, call: Call) -> Json:
        given, invoice = call.params, self._store.invoices.refer(call.params["invoice"], "invoice")
        amount = _amount(given, invoice)
        before = min(amount, invoice["amount_remaining"])
        after = amount - before
        linked = [self._linked(invoice, one) for one in given.get("refunds", [])]
        self._check_left(invoice, after, linked)
        _check_parts(given, linked, after)
        if given.get("refund_amount"):
            linked.append(self._refund(invoice, given["refund_amount"]))
        note = new_credit_note(invoice, given, before, after, linked, self._next_number(invoice), self._store.now())
        note["metadata"] = merged({}, given.get("metadata"))
        if given.get("credit_amount"):
            note["customer_balance_transaction"] = self._owed(invoice, given["credit_amount"], note)["id"]
        self._store.credit_notes.put(note)
        invoice["post_payment_credit_notes_amount"] += after
        self._events.record("credit_note.created", note)
        if before:
            self._collection.credit(invoice, before)
        return note

    def retrieve(self, call: Call) -> Json:
        return self._store.credit_notes.find(call.id)

    def list_notes(self, call: Call) -> Json:
        return page(self._store.credit_notes, call.params, "/v1/credit_notes")

    def update(self, call: Call) -> Json:
        note = self._store.credit_notes.find(call.id)
        check_texts(call.params, LONGEST)
        note["memo"] = call.params.get("memo", note["memo"])
        note["metadata"] = merged(note["metadata"], call.params.get("metadata"))
        self._store.credit_notes.put(note)
        self._events.record("credit_note.updated", note)
        return note

    def void(self, call: Call) -> Json:
        """Only while its invoice is open; what was credited is asked for again."""
        note = self._store.credit_notes.find(call.id)
        invoice = self._store.invoices.find(note["invoice"])
        if note["status"] == "void":
            raise StripeError("This credit note is already void.")
        if invoice["status"] != "open" or note["post_payment_amount"]:
            raise StripeError(
                "You can only void credit notes of open invoices. The invoice of this one has status "
                f"{invoice['status']}."
            )
        note.update(status="void", voided_at=self._store.now())
        self._collection.credit(invoice, -note["pre_payment_amount"])
        self._events.record("credit_note.voided", note)
        return note

    def _check_left(self, invoice: Json, after: int, linked: list[Json]) -> None:
        """Refunds lower what can be credited, but for those that a credit note speaks of: there is one count."""
        notes = self._store.credit_notes.where("invoice", invoice["id"])
        refunds = [*linked, *(one for note in notes for one in note["refunds"])]
        spoken_of = sum(one["amount_refunded"] for one in refunds)
        refunded = sum(charge["amount_refunded"] for charge in self._charges(invoice))
        paid = invoice["amount_paid"] - max(0, refunded - spoken_of)
        left = max(0, min(paid, invoice["total"]) - invoice["post_payment_credit_notes_amount"])
        if after > left:
            most = shown(left + invoice["amount_remaining"], invoice["currency"])
            raise StripeError(
                f"The credit note's amount is greater than what can be credited on the invoice ({most}).",
                param="amount",
            )

    def _charges(self, invoice: Json) -> list[Json]:
        payments = self._store.invoice_payments.where("invoice", invoice["id"])
        intents = [self._store.intents.find(one["payment"]["payment_intent"]) for one in payments]
        return [self._store.charges.find(intent["latest_charge"]) for intent in intents if intent["amount_received"]]

    def _linked(self, invoice: Json, given: Json) -> Json:
        """A refund that there is already, of a payment of this invoice."""
        refund = self._store.refunds.refer(given.get("refund", ""), "refunds")
        if refund["charge"] not in [charge["id"] for charge in self._charges(invoice)]:
            raise StripeError("The refund must be of a payment of the invoice.", param="refunds")
        amount: int = given.get("amount_refunded") or refund["amount"]
        notes = self._store.credit_notes.where("invoice", invoice["id"])
        used = sum(one["amount_refunded"] for note in notes for one in note["refunds"] if one["refund"] == refund["id"])
        if not 0 < amount <= refund["amount"] - used:
            raise StripeError("The refund does not have that much left to be credited.", param="refunds")
        return {"amount_refunded": amount, "payment_record_refund": None, "refund": refund["id"], "type": "refund"}

    def _refund(self, invoice: Json, amount: int) -> Json:
        charges = self._charges(invoice)
        if not charges:
            raise StripeError("The invoice has no charge that could be refunded.", param="refund_amount")
        refund = self._refunds.create(Call({"charge": charges[-1]["id"], "amount": amount}))
        return {"amount_refunded": amount, "payment_record_refund": None, "refund": refund["id"], "type": "refund"}

    def _owed(self, invoice: Json, amount: int, note: Json) -> Json:
        customer = self._store.customers.find(invoice["customer"])
        return self._balance.enter(
            customer, invoice["currency"], -amount, "credit_note", invoice=invoice["id"], credit_note=note["id"]
        )

    def _next_number(self, invoice: Json) -> str:
        notes = self._store.credit_notes.where("invoice", invoice["id"])
        return f"{invoice['number']}-CN-{len(notes) + 1:02d}"


def _amount(given: Json, invoice: Json) -> int:
    """What is credited in all. Raises StripeError for what no credit note can be made of."""
    if invoice["status"] not in CREDITED:
        raise StripeError(
            "Credit notes can only be created for finalized invoices that are not void. This invoice has status "
            f"{invoice['status']}.",
            param="invoice",
        )
    named = [name for name in ("amount", "lines", "shipping_cost") if name in given]
    if not named:
        raise StripeError("One of the following params should be provided: amount, lines, or shipping_cost.")
    if named != ["amount"]:
        raise StripeError("Here credit notes are made of an `amount` alone.", param=named[-1])
    if given.get("reason") not in (None, *REASONS):
        raise StripeError(f"Invalid reason: must be one of {', '.join(sorted(REASONS))}", param="reason")
    check_texts(given, LONGEST)
    if given["amount"] < 1:
        raise StripeError("Invalid positive integer", code="parameter_invalid_integer", param="amount")
    return int(given["amount"])


def _check_parts(given: Json, linked: list[Json], after: int) -> None:
    """What goes back, by whatever way, is what is credited of money that came in."""
    parts = [given.get(name, 0) for name in ("refund_amount", "credit_amount", "out_of_band_amount")]
    if min(parts) < 0:
        raise StripeError("Invalid positive integer", code="parameter_invalid_integer")
    back = sum(parts) + sum(one["amount_refunded"] for one in linked)
    if back != after:
        raise StripeError(
            "The sum of refunds, `refund_amount`, `credit_amount` and `out_of_band_amount` must equal the credit "
            f"note's post-payment amount ({after}), and it is {back}."
        )
