"""Stripe's test cards and the payment methods that name them (https://docs.stripe.com/testing)."""

from dataclasses import dataclass
from typing import Literal

from sandbox.stripe.errors import missing_reference


@dataclass(frozen=True)
class Card:
    """A test card and what its payments and refunds come to.

    authenticates: its bank asks the customer by 3-D Secure, https://docs.stripe.com/testing#regulatory-cards
    """

    number: str
    brand: str
    label: str
    method: str
    decline: str | None = None
    code: str = "card_declined"
    message: str = ""
    refund: Literal["succeeded", "pending", "fails"] = "succeeded"
    disputed: bool = False
    available_at_once: bool = False
    authenticates: bool = False

    @property
    def last4(self) -> str:
        return self.number[-4:]


CARDS = (
    Card("4242424242424242", "visa", "Visa, succeeds", "pm_card_visa"),
    Card(
        "4000000000000002",
        "visa",
        "Declined",
        "pm_card_visa_chargeDeclined",
        "generic_decline",
        message="Your card was declined.",
    ),
    Card(
        "4000000000009995",
        "visa",
        "Insufficient funds",
        "pm_card_visa_chargeDeclinedInsufficientFunds",
        "insufficient_funds",
        message="Your card has insufficient funds.",
    ),
    Card(
        "4000000000000069",
        "visa",
        "Expired card",
        "pm_card_chargeDeclinedExpiredCard",
        "expired_card",
        "expired_card",
        "Your card has expired.",
    ),
    Card("4000002760003184", "visa", "Asks for 3-D Secure", "pm_card_authenticationRequired", authenticates=True),
    Card("4000000000007726", "visa", "Refunds stay pending", "pm_card_pendingRefund", refund="pending"),
    Card("4000000000005126", "visa", "Refunds fail later", "pm_card_refundFail", refund="fails"),
    Card("4000000000000259", "visa", "Disputed at once", "pm_card_createDispute", disputed=True),
    Card("4000000000000077", "visa", "Funds available at once", "pm_card_bypassPending", available_at_once=True),
)
BY_NAME = {card.number: card for card in CARDS} | {card.method: card for card in CARDS}


def card_of(name: str) -> Card:
    """The card with this number (spaces allowed) or test payment method; raises StripeError `resource_missing`."""
    card = BY_NAME.get(name.replace(" ", ""))
    if card is None:
        raise missing_reference("PaymentMethod", name, "payment_method")
    return card
