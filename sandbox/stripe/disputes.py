"""Disputes: begun and decided by the sandbox's controls (https://docs.stripe.com/api/disputes)."""

from stripe import params

from sandbox.stripe.api import Call, Route
from sandbox.stripe.balance import Balance
from sandbox.stripe.errors import Json, StripeError
from sandbox.stripe.events import Events
from sandbox.stripe.invoice_rules import check_texts
from sandbox.stripe.lists import page
from sandbox.stripe.metadata import merged
from sandbox.stripe.money import dispute_fee, words
from sandbox.stripe.refunds import Refunds
from sandbox.stripe.store import Store, new_id

DAY = 86_400
CLOSED = frozenset({"won", "lost", "warning_closed"})
LONGEST_TEXT, LONGEST_EVIDENCE = 20_000, 150_000
EVIDENCE = words(
    "access_activity_log billing_address cancellation_policy cancellation_policy_disclosure cancellation_rebuttal "
    "customer_communication customer_email_address customer_name customer_purchase_ip customer_signature "
    "duplicate_charge_documentation duplicate_charge_explanation duplicate_charge_id product_description receipt "
    "refund_policy refund_policy_disclosure refund_refusal_explanation service_date service_documentation "
    "shipping_address shipping_carrier shipping_date shipping_documentation shipping_tracking_number "
    "uncategorized_file uncategorized_text"
)


class Disputes:
    def __init__(self, store: Store, events: Events, balance: Balance, refunds: Refunds) -> None:
        self._store, self._events, self._balance, self._refunds = store, events, balance, refunds

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
        if dispute["status"] in CLOSED:
            raise StripeError("This dispute is already closed.")
        evidence = call.params.get("evidence") or {}
        _check_evidence(dispute["evidence"] | evidence)
        dispute["evidence"].update(evidence)
        dispute["evidence_details"]["has_evidence"] |= bool(evidence)
        dispute["metadata"] = merged(dispute["metadata"], call.params.get("metadata"))
        if evidence and call.params.get("submit", True):
            inquiry = dispute["status"].startswith("warning")
            dispute["status"] = "warning_under_review" if inquiry else "under_review"
            details = dispute["evidence_details"]
            details.update(submission_count=details["submission_count"] + 1, submission_method="manual")
        self._store.disputes.put(dispute)
        self._events.record("charge.dispute.updated", dispute)
        return dispute

    def accept(self, call: Call) -> Json:
        """Closing a dispute loses it."""
        return self.decide(call.id, won=False)

    def begin(self, charge_id: str, reason: str, *, inquiry: bool = False) -> Json:
        """The customer's bank takes a payment back: its amount and a fee leave the balance. An inquiry moves nothing.

        What of the payment was on its way back to the customer fails, since the bank takes all of it.

        Raises StripeError for an unknown charge, and for one that failed or is disputed already.
        """
        charge = self._store.charges.find(charge_id)
        if charge["disputed"] or not charge["paid"]:
            raise StripeError(f"Charge {charge_id} cannot be disputed.")
        dispute = self._store.disputes.put(_new_dispute(charge, reason, self._store.now()))
        charge["disputed"] = True
        if inquiry:
            dispute.update(status="warning_needs_response", is_charge_refundable=True)
            dispute["evidence_details"]["due_by"] = _end_of_day(self._store.now() + 120 * DAY)
            self._events.record("charge.dispute.created", dispute)
            return dispute
        self._refunds.fail_pending(charge_id)
        self._enter(dispute, -dispute["amount"], fee=dispute_fee(dispute["currency"]), category="dispute")
        self._events.record("charge.dispute.created", dispute)
        self._events.record("charge.dispute.funds_withdrawn", dispute)
        return dispute

    def decide(self, dispute_id: str, *, won: bool) -> Json:
        """The bank decides; a dispute that is won brings the amount back, but not the fee."""
        dispute = self._store.disputes.find(dispute_id)
        if dispute["status"] in CLOSED:
            raise StripeError("This dispute is already closed.")
        if dispute["status"].startswith("warning"):
            dispute["status"] = "warning_closed"
            self._events.record("charge.dispute.closed", dispute)
            return dispute
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


def _check_evidence(evidence: Json) -> None:
    texts = {name: text for name, text in evidence.items() if isinstance(text, str)}
    check_texts(texts, dict.fromkeys(texts, LONGEST_TEXT), "evidence")
    if sum(len(text) for text in texts.values()) > LONGEST_EVIDENCE:
        raise StripeError(f"All evidence together can have up to {LONGEST_EVIDENCE:,} characters.", param="evidence")


def _end_of_day(seconds: int) -> int:
    return seconds - seconds % DAY + DAY - 1


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
            "due_by": _end_of_day(now + 7 * DAY),
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
