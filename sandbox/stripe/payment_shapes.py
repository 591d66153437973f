"""New payment intents, charges and invoice payments, shaped as Stripe sends them."""

from sandbox.stripe.cards import Card
from sandbox.stripe.errors import Json
from sandbox.stripe.store import new_id


def new_intent(invoice: Json, amount: int, now: int) -> Json:
    """A payment intent of an invoice: what is to be paid, and nothing charged yet."""
    intent_id = new_id("pi")
    return {
        "id": intent_id,
        "object": "payment_intent",
        "amount": amount,
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": None,
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": "automatic",
        "client_secret": f"{intent_id}_secret_{new_id('s')[2:]}",
        "confirmation_method": "automatic",
        "created": now,
        "currency": invoice["currency"],
        "customer": invoice["customer"],
        "customer_account": None,
        "description": f"Payment for Invoice {invoice['number']}",
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": {},
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": None,
        "payment_method_options": {
            "card": {
                "installments": None,
                "mandate_options": None,
                "network": None,
                "request_three_d_secure": "automatic",
            }
        },
        "payment_method_types": ["card"],
        "processing": None,
        "receipt_email": None,
        "review": None,
        "setup_future_usage": None,
        "shipping": None,
        "source": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": None,
        "status": "requires_payment_method",
        "transfer_data": None,
        "transfer_group": None,
    }


def new_invoice_payment(invoice: Json, intent: Json, now: int, *, default: bool) -> Json:
    """What ties the invoice to a payment intent."""
    return {
        "id": new_id("inpay"),
        "object": "invoice_payment",
        "amount_paid": None,
        "amount_requested": intent["amount"],
        "created": now,
        "currency": invoice["currency"],
        "invoice": invoice["id"],
        "is_default": default,
        "livemode": False,
        "payment": {"payment_intent": intent["id"], "type": "payment_intent"},
        "status": "open",
        "status_transitions": {"canceled_at": None, "paid_at": None},
    }


def new_charge(intent: Json, invoice: Json, card: Card, now: int, *, authenticated: bool = False) -> Json:
    """A charge of this card for the intent's amount, succeeded or failed as the card says."""
    taken = card.decline is None
    return {
        "id": new_id("ch"),
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": intent["amount"] if taken else 0,
        "amount_refunded": 0,
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": None,
        "billing_details": {
            "address": None,
            "email": invoice["customer_email"],
            "name": invoice["customer_name"],
            "phone": None,
            "tax_id": None,
        },
        "calculated_statement_descriptor": "ECHOPILOT SANDBOX",
        "captured": taken,
        "created": now,
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": None if taken else card.code,
        "failure_message": None if taken else card.message,
        "fraud_details": {},
        "livemode": False,
        "metadata": {},
        "on_behalf_of": None,
        "outcome": _outcome(card),
        "paid": taken,
        "payment_intent": intent["id"],
        "payment_method": new_id("pm"),
        "payment_method_details": {"card": _card_details(card, authenticated=authenticated), "type": "card"},
        "radar_options": {},
        "receipt_email": None,
        "receipt_number": None,
        "receipt_url": invoice["hosted_invoice_url"] if taken else None,
        "refunded": False,
        "review": None,
        "shipping": None,
        "source": None,
        "source_transfer": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": None,
        "status": "succeeded" if taken else "failed",
        "transfer_data": None,
        "transfer_group": None,
    }


def payment_error(charge: Json, card: Card) -> Json:
    """Why a charge failed: a payment intent's `last_payment_error`, and the members of the error that is raised."""
    return {
        "charge": charge["id"],
        "code": card.code,
        "decline_code": card.decline,
        "doc_url": f"https://stripe.com/docs/error-codes/{card.code.replace('_', '-')}",
        "message": card.message,
        "type": "card_error",
    }


def challenge() -> Json:
    """What a payment intent asks the customer's browser for: to show the bank's page."""
    return {
        "type": "use_stripe_sdk",
        "use_stripe_sdk": {"type": "three_d_secure_redirect", "source": new_id("payatt"), "stripe_js": ""},
    }


def not_authenticated() -> Json:
    """A payment intent's `last_payment_error` once the bank did not find that it is the customer."""
    code = "payment_intent_authentication_failure"
    return {
        "code": code,
        "doc_url": f"https://stripe.com/docs/error-codes/{code.replace('_', '-')}",
        "message": (
            "The provided PaymentMethod has failed authentication. You can provide payment_method_data or a new "
            "PaymentMethod to attempt to fulfill this PaymentIntent again."
        ),
        "type": "invalid_request_error",
    }


def _three_d_secure() -> Json:
    return {
        "authentication_flow": "challenge",
        "electronic_commerce_indicator": "05",
        "exemption_indicator": None,
        "result": "authenticated",
        "result_reason": None,
        "transaction_id": new_id("tds"),
        "version": "2.2.0",
    }


def _outcome(card: Card) -> Json:
    taken = card.decline is None
    return {
        "advice_code": None if taken else "try_again_later",
        "network_advice_code": None,
        "network_decline_code": None if taken else "05",
        "network_status": "approved_by_network" if taken else "declined_by_network",
        "reason": card.decline,
        "risk_level": "normal",
        "risk_score": 20,
        "seller_message": "Payment complete." if taken else "The bank did not return any further details.",
        "type": "authorized" if taken else "issuer_declined",
    }


def _card_details(card: Card, *, authenticated: bool) -> Json:
    return {
        "amount_authorized": None,
        "brand": card.brand,
        "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
        "country": "US",
        "exp_month": 12,
        "exp_year": 2034,
        "fingerprint": card.number[::-1],
        "funding": "credit",
        "installments": None,
        "last4": card.last4,
        "mandate": None,
        "network": card.brand,
        "three_d_secure": _three_d_secure() if authenticated else None,
        "wallet": None,
    }
