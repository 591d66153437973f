"""Every status that the payment provider names, and what it means here. One that is not here is held, never passed."""

from collections.abc import Mapping
from enum import StrEnum


class Handling(StrEnum):
    """FOLLOWED: our row takes it over. COUNTED: as money that came in. WAITED: nothing came yet, and it is looked at
    again. ENDED: nothing comes by this. TOLD: admins are told with the amount, whether it is booked or not. HELD:
    it cannot be so, and admins are asked.
    """

    FOLLOWED = "followed"
    COUNTED = "counted"
    WAITED = "waited"
    ENDED = "ended"
    TOLD = "told"
    HELD = "held"


INVOICE: Mapping[str, Handling] = {
    "draft": Handling.HELD,  # what we keep the id of was finalised
    "open": Handling.FOLLOWED,
    "paid": Handling.FOLLOWED,
    "uncollectible": Handling.FOLLOWED,
    "void": Handling.FOLLOWED,
}
INVOICE_PAYMENT: Mapping[str, Handling] = {
    "open": Handling.WAITED,
    "paid": Handling.COUNTED,
    "canceled": Handling.ENDED,
}
# What a paid invoice payment stands on; in any other state its fee is waited for.
PAYMENT_INTENT: Mapping[str, Handling] = {
    "requires_payment_method": Handling.WAITED,
    "requires_confirmation": Handling.WAITED,
    "requires_action": Handling.WAITED,
    "requires_capture": Handling.WAITED,
    "processing": Handling.WAITED,
    "succeeded": Handling.COUNTED,
    "canceled": Handling.ENDED,
}
CHARGE: Mapping[str, Handling] = {
    "succeeded": Handling.COUNTED,
    "pending": Handling.WAITED,
    "failed": Handling.ENDED,
}
REFUND: Mapping[str, str] = {
    "pending": "under way",
    "requires_action": "waits for the client to say where the money should go",
    "succeeded": "sent back",
    "failed": "failed, so the money is yours again",
    "canceled": "cancelled, so the money is yours again",
}
DISPUTE: Mapping[str, str] = {
    "warning_needs_response": "the client's bank asks about it; no money moved yet",
    "warning_under_review": "the bank looks at your answer; no money moved yet",
    "warning_closed": "the bank's question is closed; no money moved",
    "needs_response": "the client's bank took the money back; you can answer",
    "under_review": "the bank looks at your answer",
    "won": "decided for you; the money comes back",
    "lost": "decided for the client; the money is gone",
    "prevented": "ended before it began",
    "appeal_needs_response": "appealed; you can answer",
    "appeal_under_review": "appealed; the bank looks at your answer",
}

PAYOUT: Mapping[str, str] = {
    "pending": "made",
    "in_transit": "on its way to the bank",
    "paid": "at the bank",
    "failed": "failed, so the money is on the Stripe balance again",
    "canceled": "cancelled, so the money is on the Stripe balance again",
}
PAYOUT_ENDED = frozenset({"failed", "canceled"})


def words(kind: str, status: str) -> str:
    """What a refund's, dispute's or payout's status means; one that we do not know is named as such."""
    known = {"refund": REFUND, "dispute": DISPUTE, "payout": PAYOUT}[kind]
    return known.get(status, f"Stripe says “{status}”, which EchoPilot does not know")
