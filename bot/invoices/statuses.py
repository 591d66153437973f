"""Every status that the payment provider names, and what it means here. One that is not here is held, never passed."""

from collections.abc import Mapping
from enum import StrEnum

from bot.kernel.translation import gettext_noop as N_
from bot.messages.kept import Sentence, sentence


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
    "pending": N_("under way"),
    "requires_action": N_("waits for the client to say where the money should go"),
    "succeeded": N_("sent back"),
    "failed": N_("failed, so the money is yours again"),
    "canceled": N_("cancelled, so the money is yours again"),
}
DISPUTE: Mapping[str, str] = {
    "warning_needs_response": N_("the client's bank asks about it; no money moved yet"),
    "warning_under_review": N_("the bank looks at your answer; no money moved yet"),
    "warning_closed": N_("the bank's question is closed; no money moved"),
    "needs_response": N_("the client's bank took the money back; you can answer"),
    "under_review": N_("the bank looks at your answer"),
    "won": N_("decided for you; the money comes back"),
    "lost": N_("decided for the client; the money is gone"),
    "prevented": N_("ended before it began"),
    "appeal_needs_response": N_("appealed; you can answer"),
    "appeal_under_review": N_("appealed; the bank looks at your answer"),
}

PAYOUT: Mapping[str, str] = {
    "pending": N_("made"),
    "in_transit": N_("on its way to the bank"),
    "paid": N_("at the bank"),
    "failed": N_("failed, so the money is on the Stripe balance again"),
    "canceled": N_("cancelled, so the money is on the Stripe balance again"),
}
PAYOUT_ENDED = frozenset({"failed", "canceled"})
# Why, of a refund and a dispute: https://docs.stripe.com/api/refunds/object#refund_object-reason and
# https://docs.stripe.com/api/disputes/object#dispute_object-reason. Others are told as Stripe says them.
REASONS: Mapping[str, str] = {
    "duplicate": N_("it was paid twice"),
    "fraudulent": N_("fraud"),
    "requested_by_customer": N_("the client asked for it"),
    "expired_uncaptured_charge": N_("the payment was never collected"),
    "credit_not_processed": N_("a refund that was promised did not come"),
    "general": N_("no reason given"),
    "product_not_received": N_("the work was not received"),
    "product_unacceptable": N_("the work was not as agreed"),
    "subscription_canceled": N_("it was cancelled before"),
    "unrecognized": N_("the client does not recognise the payment"),
}


def sentence_of(kind: str, status: str) -> Sentence:
    """What a refund's, dispute's or payout's status means; one that we do not know is named as such."""
    known = {"refund": REFUND, "dispute": DISPUTE, "payout": PAYOUT}[kind].get(status)
    if known is not None:
        return sentence(known)
    return sentence(N_("Stripe says “{status}”, which EchoPilot does not know"), status=status)


def why(reason: str) -> Sentence:
    """Stripe's reason, in words where it is one that we know."""
    return sentence(N_("Reason: {reason}."), reason=sentence(REASONS[reason]) if reason in REASONS else _plain(reason))


def _plain(reason: str) -> str:
    return reason.replace("_", " ")
