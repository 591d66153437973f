"""What Stripe refuses about an invoice before it does anything.

Sources: https://docs.stripe.com/api/invoices/create and https://docs.stripe.com/invoicing/integration
"""

from sandbox.stripe.errors import Json, StripeError


def check_payable(invoice: Json) -> None:
    """Raises StripeError unless the invoice waits for money."""
    if invoice["status"] == "paid":
        raise StripeError("Invoice is already paid")
    if invoice["status"] not in ("open", "uncollectible"):
        raise StripeError(f"You can't pay an invoice with status {invoice['status']}.")


def check_email(collection_method: str, email: str | None) -> None:
    """Raises StripeError where an invoice is to be sent and there is no address to send it to."""
    if collection_method == "send_invoice" and not email:
        raise StripeError(
            "Missing email. In order to create invoices that are sent to the customer, the customer must have a valid "
            "email. Update the customer's email, or set `collection_method` to `charge_automatically`."
        )


def check_due(given: Json, *, updating: bool = False) -> None:
    """Raises StripeError, without a code or param, where the due date and the way of collecting do not fit."""
    collection_method = given.get("collection_method", "charge_automatically")
    dues = [name for name in ("days_until_due", "due_date") if name in given]
    if collection_method == "send_invoice" and not dues and not updating:
        raise StripeError("If invoices are sent, a due date must be given: pass either `days_until_due` or `due_date`.")
    if collection_method != "send_invoice" and dues:
        raise StripeError(f"You can only pass in `{dues[0]}` when `collection_method` is `send_invoice`.")
    if len(dues) > 1:
        raise StripeError("You may only specify one of these parameters: days_until_due, due_date.")
