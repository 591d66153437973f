"""Refunds (https://docs.stripe.com/api/refunds)."""

from stripe import params

from sandbox.stripe.api import Call, Route
from sandbox.stripe.balance import Balance
from sandbox.stripe.errors import Json, StripeError
from sandbox.stripe.events import Events
from sandbox.stripe.lists import list_object, page
from sandbox.stripe.metadata import merged
from sandbox.stripe.money import check_last_digit, check_whole, shown
from sandbox.stripe.payments import Payments
from sandbox.stripe.store import Store, new_id


class Refunds:
    """Refunds of charges. While `pending` is set, new ones wait for `settle`, as those of some cards always do.

    It is their `pending_reason` ("processing", "insufficient_funds", "charge_pending"), or "requires_action".

    Stripe keeps its fee: a refund moves its whole amount out and costs nothing more.
    """

    def __init__(self, store: Store, events: Events, balance: Balance, payments: Payments) -> None:
        self.pending: str | None = None
        self._store, self._events, self._balance, self._payments = store, events, balance, payments

    def routes(self) -> list[Route]:
        return [
            Route("POST", "refunds", lambda: params.RefundCreateParams, self.create),
            Route("GET", "refunds", lambda: params.RefundListParams, self.list),
            Route("GET", "refunds/{id}", lambda: params.RefundRetrieveParams, self.retrieve),
            Route("POST", "refunds/{id}", lambda: params.RefundUpdateParams, self.update),
            Route("POST", "refunds/{id}/cancel", lambda: params.RefundCancelParams, self.cancel),
        ]

    def create(self, call: Call) -> Json:
        charge = self._charge(call.params)
        left = charge["amount"] - charge["amount_refunded"]
        amount = call.params.get("amount", left)
        disputes = self._store.disputes.where("charge", charge["id"])
        _check(amount, left, charge, refundable=all(one["is_charge_refundable"] for one in disputes))
        self._payments.settle(charge["id"])
        slow = "processing" if self._payments.cards[charge["id"]].refund == "pending" else None
        reason = self.pending or slow
        refund = _new_refund(charge, amount, call.params, self._store.now())
        status = "requires_action" if reason == "requires_action" else "pending"
        refund["status"] = status if reason else "succeeded"
        refund["pending_reason"] = reason if status == "pending" else None
        transaction = self._balance.enter("refund", -amount, refund, description="REFUND FOR CHARGE")
        refund["balance_transaction"] = transaction["id"]
        self._store.refunds.put(refund)
        charge["amount_refunded"] += amount
        charge["refunded"] = charge["amount_refunded"] == charge["amount"]
        self._events.record("refund.created", refund)
        self._events.record("charge.refunded", charge)
        return refund

    def retrieve(self, call: Call) -> Json:
        return self._store.refunds.find(call.id)

    def update(self, call: Call) -> Json:
        refund = self._store.refunds.find(call.id)
        previous = {"metadata": refund["metadata"]}
        refund["metadata"] = merged(refund["metadata"], call.params.get("metadata"))
        self._store.refunds.put(refund)
        if previous["metadata"] != refund["metadata"]:
            self._events.record("refund.updated", refund, previous)
        return refund

    def list(self, call: Call) -> Json:
        return page(self._store.refunds, call.params, "/v1/refunds")

    def of_charge(self, charge: Json) -> Json:
        """The charge's refunds, newest first: what `expand=["refunds"]` sends."""
        found = self._store.refunds.where("charge", charge["id"])
        return list_object(found[::-1], f"/v1/charges/{charge['id']}/refunds")

    def settle(self, refund_id: str, *, fails: bool | None = None) -> Json:
        """End a pending refund, or let a succeeded one fail later. By default its card decides which.

        Raises StripeError for an unknown refund and ValueError for one that has failed already.
        """
        refund = self._store.refunds.find(refund_id)
        if refund["status"] == "failed":
            raise ValueError(f"{refund_id} has failed already")
        if fails is None:
            fails = self._payments.cards[refund["charge"]].refund == "fails"
        previous = {"status": refund["status"]}
        if fails:
            self._fail(refund)
        else:
            refund.update(status="succeeded", pending_reason=None)
        self._events.record("refund.updated", refund, previous)
        self._events.record("charge.refund.updated", refund, previous)
        return refund

    def fail_pending(self, charge_id: str) -> None:
        """Let the refunds of a charge that wait fail, as they do once it is disputed."""
        for refund in self._store.refunds.where("charge", charge_id):
            if refund["status"] in {"pending", "requires_action"}:
                previous = {"status": refund["status"]}
                self._fail(refund, "charge_for_pending_refund_disputed")
                self._events.record("refund.updated", refund, previous)

    def _fail(self, refund: Json, reason: str = "expired_or_canceled_card") -> None:
        back = self._balance.enter("refund_failure", refund["amount"], refund, description="REFUND FAILURE")
        self._give_back(refund, back, status="failed", failure_reason=reason)
        self._events.record("refund.failed", refund)

    def _give_back(self, refund: Json, back: Json, **ended: str) -> None:
        refund.update(ended, pending_reason=None, failure_balance_transaction=back["id"])
        charge = self._store.charges.find(refund["charge"])
        charge["amount_refunded"] -= refund["amount"]
        charge["refunded"] = False

    def cancel(self, call: Call) -> Json:
        """Only a refund that waits for the customer's bank details can be taken back."""
        refund = self._store.refunds.find(call.id)
        if refund["status"] != "requires_action":
            raise StripeError(f"You cannot cancel a refund with status {refund['status']}.")
        back = self._balance.enter("refund_failure", refund["amount"], refund, description="REFUND CANCELED")
        self._give_back(refund, back, status="canceled", failure_reason="merchant_request")
        self._events.record("refund.updated", refund, {"status": "requires_action"})
        return refund

    def _missing(self, charge_id: str) -> Json:
        """A refund of an unknown charge is 404, although a parameter names it."""
        try:
            return self._store.charges.find(charge_id)
        except StripeError as error:
            raise StripeError(str(error), status=404, code="resource_missing", param="charge") from None

    def _charge(self, given: Json) -> Json:
        charge_id, intent_id = given.get("charge"), given.get("payment_intent")
        if charge_id and intent_id:
            raise StripeError(
                "You may only specify one of these parameters: charge, payment_intent.", code="parameters_exclusive"
            )
        if charge_id:
            charge = self._store.charges.things.get(charge_id) or self._missing(charge_id)
            if not charge["paid"]:
                raise StripeError(f"Charge {charge_id} has not been captured or has failed.", param="charge")
            return charge
        if not intent_id:
            raise StripeError(
                "One of the following params should be provided for this request: payment_intent or charge."
            )
        intent = self._store.intents.refer(intent_id, "payment_intent")
        if intent["status"] != "succeeded":
            raise StripeError(
                f"This PaymentIntent ({intent_id}) does not have a successful charge to refund.",
                code="payment_intent_unexpected_state",
                param="payment_intent",
            )
        return self._store.charges.find(intent["latest_charge"])


def _check(amount: int, left: int, charge: Json, *, refundable: bool) -> None:
    if charge["disputed"] and not refundable:
        raise StripeError(
            f"Charge {charge['id']} has been charged back; cannot issue a refund.", code="charge_disputed"
        )
    if left == 0:
        raise StripeError(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    if amount < 1:
        raise StripeError("Invalid positive integer", code="parameter_invalid_integer", param="amount")
    check_last_digit(amount, charge["currency"])
    check_whole(amount, charge["currency"])
    if amount > left:
        which = "unrefunded amount on charge" if charge["amount_refunded"] else "charge amount"
        currency = charge["currency"]
        raise StripeError(
            f"Refund amount ({shown(amount, currency)}) is greater than {which} ({shown(left, currency)})",
            param="amount",
        )


def _new_refund(charge: Json, amount: int, given: Json, now: int) -> Json:
    return {
        "id": new_id("re"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": charge["id"],
        "created": now,
        "currency": charge["currency"],
        "customer": charge["customer"],
        "customer_account": None,
        "destination_details": {
            "card": {"reference_status": "pending", "reference_type": "acquirer_reference_number", "type": "refund"},
            "type": "card",
        },
        "failure_balance_transaction": None,
        "failure_reason": None,
        "metadata": merged({}, given.get("metadata")),
        "next_action": None,
        "payment_intent": charge["payment_intent"],
        "payment_method": charge["payment_method"],
        "pending_reason": None,
        "reason": given.get("reason"),
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "succeeded",
        "transfer_reversal": None,
    }
