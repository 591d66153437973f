"""What Stripe refuses about an invoice before it does anything.

Sources: https://docs.stripe.com/api/invoices/create and https://docs.stripe.com/invoicing/integration
"""

from collections.abc import Collection

from sandbox.stripe.errors import Json, StripeError

LONGEST = {"description": 1_500, "footer": 5_000, "number": 26, "statement_descriptor": 22}
LONGEST_FIELD = {"name": 40, "value": 140}
MOST_FIELDS = 4
MOST_ITEMS = 250


def check_texts(given: Json, longest: dict[str, int] = LONGEST, where: str = "") -> None:
    """Raises StripeError for a text that is too long."""
    for name, most in longest.items():
        text = given.get(name)
        if isinstance(text, str) and len(text) > most:
            shown = f"{text[:10]}...{text[-10:]}"
            raise StripeError(
                f"Invalid string: {shown}; must be at most {most} characters",
                param=f"{where}[{name}]" if where else name,
            )


def check_accepted(given: Json, refused: Collection[str], where: str = "") -> None:
    """Raises StripeError for a text that Stripe says no to, whatever it finds in it, and names the field."""
    for name, value in given.items():
        path = f"{where}[{name}]" if where else name
        if isinstance(value, dict):
            check_accepted(value, refused, path)
        elif isinstance(value, str) and value in refused:
            if name == "email":
                raise StripeError(f"Invalid email address: {value}", code="email_invalid", param="email")
            raise StripeError(f"Invalid string: {value}", param=path)


def check_fields(given: Json, refused: Collection[str] = ()) -> None:
    """Raises StripeError for too many, too long, or refused custom fields."""
    fields = given.get("custom_fields") or []
    if len(fields) > MOST_FIELDS:
        raise StripeError(f"Invoices can have up to {MOST_FIELDS} custom fields.", param="custom_fields")
    for at, one in enumerate(fields):
        check_texts(one, LONGEST_FIELD, f"custom_fields[{at}]")
        check_accepted(one, refused, f"custom_fields[{at}]")


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


def check_due(given: Json, now: int, *, updating: bool = False) -> None:
    """Raises StripeError where the due date has passed, or does not fit the way of collecting (no code, no param)."""
    collection_method = given.get("collection_method", "charge_automatically")
    dues = [name for name in ("days_until_due", "due_date") if name in given]
    if collection_method == "send_invoice" and not dues and not updating:
        raise StripeError("If invoices are sent, a due date must be given: pass either `days_until_due` or `due_date`.")
    if collection_method != "send_invoice" and dues:
        raise StripeError(f"You can only pass in `{dues[0]}` when `collection_method` is `send_invoice`.")
    if len(dues) > 1:
        raise StripeError("You may only specify one of these parameters: days_until_due, due_date.")
    if given.get("due_date", now + 1) <= now:
        raise StripeError("The due date must be in the future.", param="due_date")
