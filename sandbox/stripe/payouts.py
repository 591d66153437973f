"""Payouts to the bank (https://docs.stripe.com/api/payouts): pending, in_transit, paid, failed, canceled.

A payout has left the balance once it is made; one that was paid may still fail some days later.
"""

from stripe import params

from sandbox.stripe.api import Call, Route
from sandbox.stripe.balance import Balance
from sandbox.stripe.errors import Json, StripeError
from sandbox.stripe.events import Events
from sandbox.stripe.lists import page
from sandbox.stripe.metadata import merged
from sandbox.stripe.money import check_currency
from sandbox.stripe.store import Store, new_id

ENDED = frozenset({"failed", "canceled"})


class Payouts:
    """Those of the automatic schedule are made by `pay_out`, others by the API or in the dashboard."""

    def __init__(self, store: Store, events: Events, balance: Balance) -> None:
        self._store, self._events, self._balance = store, events, balance

    def routes(self) -> list[Route]:
        return [
            Route("POST", "payouts", lambda: params.PayoutCreateParams, self.create),
            Route("GET", "payouts", lambda: params.PayoutListParams, self.list),
            Route("GET", "payouts/{id}", lambda: params.PayoutRetrieveParams, self.retrieve),
            Route("POST", "payouts/{id}/cancel", lambda: params.PayoutCancelParams, self.cancel),
        ]

    def create(self, call: Call) -> Json:
        """One by hand: of what is available, and without a list of what is in it."""
        amount, currency = call.params["amount"], call.params["currency"]
        check_currency(currency)
        if amount < 1:
            raise StripeError("Invalid positive integer", code="parameter_invalid_integer", param="amount")
        if amount > self._balance.available(currency):
            raise StripeError(
                "You have insufficient funds in your Stripe account for this transfer.", code="balance_insufficient"
            )
        payout = self._made(amount, currency, automatic=False)
        payout.update(description=call.params.get("description"), metadata=merged({}, call.params.get("metadata")))
        return payout

    def retrieve(self, call: Call) -> Json:
        return self._store.payouts.find(call.id)

    def list(self, call: Call) -> Json:
        return page(self._store.payouts, call.params, "/v1/payouts")

    def cancel(self, call: Call) -> Json:
        """Only before it is on its way."""
        payout = self._store.payouts.find(call.id)
        if payout["status"] != "pending":
            raise StripeError(
                f"Payouts can only be canceled while they are pending. This payout has status {payout['status']}."
            )
        self._give_back(payout, "payout_cancel", "canceled")
        self._events.record("payout.canceled", payout)
        return payout

    def pay_out(self, currency: str, status: str = "paid") -> Json:
        """Pay out all of one currency, as the automatic schedule does once everything has become available.

        status: how far it gets: pending, in_transit, or paid. Raises ValueError when there is nothing to pay out.
        """
        self._balance.make_available(currency)
        amount = self._balance.available(currency)
        if amount == 0:
            raise ValueError(f"nothing to pay out in {currency}: {amount}")
        payout = self._made(amount, currency, automatic=True)
        self._balance.include(payout)
        for reached in ("in_transit", "paid"):
            if payout["status"] != status:
                self.advance(payout["id"], reached)
        return payout

    def advance(self, payout_id: str, status: str) -> Json:
        """Let it get to the bank, or on its way there."""
        payout = self._store.payouts.find(payout_id)
        if payout["status"] in ENDED:
            raise ValueError(f"{payout_id} is {payout['status']}")
        previous = {"status": payout["status"]}
        payout["status"] = status
        if status != "paid":
            self._events.record("payout.updated", payout, previous)
            return payout
        self._events.record("payout.paid", payout)
        if payout["automatic"]:
            payout["reconciliation_status"] = "completed"
            self._events.record("payout.reconciliation_completed", payout)
        return payout

    def fail(self, payout_id: str, code: str) -> Json:
        """The bank sends a payout back, also one that was paid: its amount is available again."""
        payout = self._store.payouts.find(payout_id)
        if payout["status"] in ENDED:
            raise ValueError(f"{payout_id} is {payout['status']}")
        message = "The bank account has been closed." if code == "account_closed" else code
        payout.update(failure_code=code, failure_message=message)
        self._give_back(payout, "payout_failure", "failed")
        self._events.record("payout.failed", payout)
        return payout

    def _made(self, amount: int, currency: str, *, automatic: bool) -> Json:
        payout = self._store.payouts.put(_new_payout(amount, currency, self._store.now(), automatic=automatic))
        left = self._balance.enter("payout", -amount, payout, description="STRIPE PAYOUT")
        payout["balance_transaction"] = left["id"]
        self._events.record("payout.created", payout)
        return payout

    def _give_back(self, payout: Json, kind: str, status: str) -> None:
        back = self._balance.enter(kind, payout["amount"], payout, category="payout_reversal")
        payout.update(status=status, failure_balance_transaction=back["id"])


def _new_payout(amount: int, currency: str, now: int, *, automatic: bool) -> Json:
    return {
        "id": new_id("po"),
        "object": "payout",
        "amount": amount,
        "application_fee": None,
        "application_fee_amount": None,
        "arrival_date": now - now % 86_400,
        "automatic": automatic,
        "balance_transaction": None,
        "created": now,
        "currency": currency,
        "description": "STRIPE PAYOUT",
        "destination": new_id("ba"),
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "livemode": False,
        "metadata": {},
        "method": "standard",
        "original_payout": None,
        "payout_method": None,
        "reconciliation_status": "in_progress" if automatic else "not_applicable",
        "reversed_by": None,
        "source_type": "card",
        "statement_descriptor": None,
        "status": "pending",
        "trace_id": None,
        "type": "bank_account",
    }
