"""A new invoice, shaped as Stripe sends it (https://docs.stripe.com/api/invoices/object)."""

from sandbox.stripe.errors import Json
from sandbox.stripe.store import new_id

DAY, HOUR = 86_400, 3_600


FIRST_LINES = 10  # that stand in an invoice itself; its list of lines has all of them


def with_first_lines(thing: Json) -> Json:
    """An answer in which invoices have no more lines than Stripe sends with them."""
    if thing.get("object") == "list" and isinstance(thing.get("data"), list):
        return {**thing, "data": [with_first_lines(one) for one in thing["data"]]}
    if thing.get("object") != "invoice" or len(thing.get("lines", {}).get("data", ())) <= FIRST_LINES:
        return thing  # what was deleted has no lines at all
    return {**thing, "lines": {**thing["lines"], "data": thing["lines"]["data"][:FIRST_LINES], "has_more": True}}


def new_invoice(customer: Json, currency: str, given: Json, now: int) -> Json:
    """An empty draft; `given` holds checked parameters of a create request."""
    invoice_id = new_id("in")
    days = given.get("days_until_due")
    return {
        "id": invoice_id,
        "object": "invoice",
        "account_country": "US",
        "account_name": "EchoPilot Sandbox",
        "account_tax_ids": None,
        "amount_due": 0,
        "amount_overpaid": 0,
        "amount_paid": 0,
        "amount_paid_off_stripe": 0,
        "amount_remaining": 0,
        "amount_shipping": 0,
        "application": None,
        "attempt_count": 0,
        "attempted": False,
        "auto_advance": given.get("auto_advance", False),
        "automatic_tax": {
            "disabled_reason": None,
            "enabled": False,
            "liability": None,
            "provider": None,
            "status": None,
        },
        "automatically_finalizes_at": now + HOUR if given.get("auto_advance") else None,
        "billing_reason": "manual",
        "collection_method": given.get("collection_method", "charge_automatically"),
        "created": now,
        "currency": currency,
        "custom_fields": given.get("custom_fields") or None,
        "customer": customer["id"],
        "customer_account": None,
        "customer_address": customer["address"],
        "customer_email": customer["email"],
        "customer_name": customer["name"],
        "customer_phone": customer["phone"],
        "customer_shipping": customer["shipping"],
        "customer_tax_exempt": customer["tax_exempt"],
        "customer_tax_ids": [],
        "default_payment_method": given.get("default_payment_method"),
        "default_source": None,
        "default_tax_rates": [],
        "description": given.get("description"),
        "discounts": [],
        "due_date": given.get("due_date") if days is None else now + days * DAY,
        "effective_at": None,
        "ending_balance": None,
        "footer": given.get("footer"),
        "from_invoice": None,
        "hosted_invoice_url": None,
        "invoice_pdf": None,
        "issuer": {"type": "self"},
        "last_finalization_error": None,
        "latest_revision": None,
        "lines": {
            "object": "list",
            "data": [],
            "has_more": False,
            "total_count": 0,
            "url": f"/v1/invoices/{invoice_id}/lines",
        },
        "livemode": False,
        "metadata": {},
        "next_payment_attempt": None,
        "number": given.get("number"),
        "on_behalf_of": None,
        "parent": None,
        "payment_settings": {"default_mandate": None, "payment_method_options": None, "payment_method_types": None},
        "period_end": now,
        "period_start": now,
        "post_payment_credit_notes_amount": 0,
        "pre_payment_credit_notes_amount": 0,
        "receipt_number": None,
        "rendering": None,
        "shipping_cost": None,
        "shipping_details": None,
        "starting_balance": 0,
        "statement_descriptor": given.get("statement_descriptor"),
        "status": "draft",
        "status_transitions": {
            "finalized_at": None,
            "marked_uncollectible_at": None,
            "paid_at": None,
            "voided_at": None,
        },
        "subtotal": 0,
        "subtotal_excluding_tax": 0,
        "test_clock": None,
        "total": 0,
        "total_discount_amounts": [],
        "total_excluding_tax": 0,
        "total_pretax_credit_amounts": [],
        "total_taxes": [],
        "webhooks_delivered_at": None,
    }
