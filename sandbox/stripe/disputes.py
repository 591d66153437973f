"""Disputes: begun and decided by the sandbox's controls (https://docs.stripe.com/api/disputes)."""

from stripe import params

from sandbox.stripe.api import Call, Route
from sandbox.stripe.balance import Balance
from sandbox.stripe.errors import Json, StripeError
from sandbox.stripe.events import Events
from sandbox.stripe.lists import page
from sandbox.stripe.metadata import merged
from sandbox.stripe.money import dispute_fee, words
from sandbox.stripe.store import Store, new_id

DAY = 86_400
EVIDENCE = words(
    "access_activity_log billing_address cancellation_policy cancellation_policy_disclosure cancellation_rebuttal "
    "customer_communication customer_email_address customer_name customer_purchase_ip customer_signature "
    "duplicate_charge_documentation duplicate_charge_explanation duplicate_charge_id product_description receipt "
    "refund_policy refund_policy_disclosure refund_refusal_explanation service_date service_documentation "
    "shipping_address shipping_carrier shipping_date shipping_documentation shipping_tracking_number "
    "uncategorized_file uncategorized_text"
)


class Disputes:
    def __init__(self, store: Store, events: Events, balance: Balance) -> None:
        self._store, self._events, self._balance = store, events, balance

    def routes(self) -> list[Route]:
        return [
            Route("GET", "disputes", lambda: params.DisputeListParams, self.list),
            Route("GET", "disputes/{id}", lambda: params.DisputeRetrieveParams, self.retrieve),
            Route("POST", "disputes/{id}", lambda: params.DisputeUpdateParams, self.update),
            Route("POST", "disputes/{id}/close", lambda: params.DisputeCloseParams, self.accept),
        ]

    def list(self, call: Call) -> Json:
        return page(self._store.disputes, call.params, "/v1/disputes")

    def retrieve(self, call: Call) -> Json:
        return self._store.disputes.find(call.id)

    def update(self, call: Call) -> Json:
        """Evidence and metadata; `submit` puts the dispute under review."""
        dispute = self._store.disputes.find(call.id)
        evidence = call.params.get("evidence") or {}
        dispute["evidence"].update(evidence)
        dispute["evidence_details"]["has_evidence"] |= bool(evidence)
        dispute["metadata"] = merged(dispute["metadata"], call.params.get("metadata"))
        if evidence and call.params.get("submit", True):
            dispute["status"] = "under_review"
            details = dispute["evidence_details"]
            details.update(submission_count=details["submission_count"] + 1, submission_method="manual")
        self._store.disputes.put(dispute)
        self._events.record("charge.dispute.updated", dispute)
        return dispute

    def accept(self, call: Call) -> Json:
        """Closing a dispute loses it."""
        return self.decide(call.id, won=False)

    def begin(self, charge_id: str, reason: str) -> Json:
        """The customer's bank takes a payment back: its amount and a fee leave the balance.

        Raises StripeError for an unknown charge, and for one that failed or is disputed already.
        """
        charge = self._store.charges.find(charge_id)
        if charge["disputed"] or not charge["paid"]:
            raise StripeError(f"Charge {charge_id} cannot be disputed.")
        dispute = self._store.disputes.put(_new_dispute(charge, reason, self._store.now()))
        self._enter(dispute, -dispute["amount"], fee=dispute_fee(dispute["currency"]), category="dispute")
        charge["disputed"] = True
        self._events.record("charge.dispute.created", dispute)
        self._events.record("charge.dispute.funds_withdrawn", dispute)
        return dispute

    def decide(self, dispute_id: str, *, won: bool) -> Json:
        """The bank decides; a dispute that is won brings the amount back, but not the fee."""
        dispute = self._store.disputes.find(dispute_id)
        if dispute["status"] in ("won", "lost"):
            raise StripeError("This dispute is already closed.", param="dispute")
        dispute["status"] = "won" if won else "lost"
        if won:
            self._enter(dispute, dispute["amount"], fee=0, category="dispute_reversal")
            self._events.record("charge.dispute.funds_reinstated", dispute)
        self._events.record("charge.dispute.closed", dispute)
        return dispute

    def _enter(self, dispute: Json, amount: int, *, fee: int, category: str) -> None:
        text = "Chargeback withdrawal" if amount < 0 else "Chargeback reversal"
        transaction = self._balance.enter(
            "adjustment", amount, dispute, fee=fee, description=f"{text} for {dispute['charge']}", category=category
        )
        dispute["balance_transactions"].append(transaction)


def _new_dispute(charge: Json, reason: str, now: int) -> Json:
    return {
        "id": new_id("du"),
        "object": "dispute",
        "amount": charge["amount"],
        "balance_transactions": [],
        "charge": charge["id"],
        "created": now,
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {**dict.fromkeys(sorted(EVIDENCE)), "enhanced_evidence": {}},
        "evidence_details": {
            "due_by": now + 7 * DAY,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
            "submission_method": "not_submitted",
        },
        "is_charge_refundable": False,
        "livemode": False,
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "payment_method_details": {
            "card": {"brand": "visa", "case_type": "chargeback", "network": "visa", "network_reason_code": "10.4"},
            "type": "card",
        },
        "reason": reason,
        "status": "needs_response",
    }
