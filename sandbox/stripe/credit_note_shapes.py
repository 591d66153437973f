"""A new credit note, shaped as Stripe sends it (https://docs.stripe.com/api/credit_notes/object)."""

from sandbox.stripe.errors import Json
from sandbox.stripe.store import new_id


def new_credit_note(
    invoice: Json, given: Json, before: int, after: int, refunds: list[Json], number: str, now: int
) -> Json:
    """One that is issued. before, after: what it credits of what was not paid yet, and of what was."""
    note_id, amount = new_id("cn"), before + after
    return {
        "id": note_id,
        "object": "credit_note",
        "amount": amount,
        "amount_shipping": 0,
        "created": now,
        "currency": invoice["currency"],
        "customer": invoice["customer"],
        "customer_account": None,
        "customer_balance_transaction": None,
        "discount_amount": 0,
        "discount_amounts": [],
        "effective_at": given.get("effective_at", now),
        "invoice": invoice["id"],
        "lines": {
            "object": "list",
            "data": [_line(amount)],
            "has_more": False,
            "total_count": 1,
            "url": f"/v1/credit_notes/{note_id}/lines",
        },
        "livemode": False,
        "memo": given.get("memo"),
        "metadata": {},
        "number": number,
        "out_of_band_amount": given.get("out_of_band_amount") or None,
        "pdf": f"https://pay.stripe.com/credit_notes/{note_id}/pdf",
        "post_payment_amount": after,
        "pre_payment_amount": before,
        "pretax_credit_amounts": [],
        "reason": given.get("reason"),
        "refunds": refunds,
        "shipping_cost": None,
        "status": "issued",
        "subtotal": amount,
        "subtotal_excluding_tax": amount,
        "total": amount,
        "total_excluding_tax": amount,
        "total_taxes": [],
        "type": "mixed" if before and after else "post_payment" if after else "pre_payment",
        "voided_at": None,
    }


def _line(amount: int) -> Json:
    return {
        "id": new_id("cnli"),
        "object": "credit_note_line_item",
        "amount": amount,
        "description": "Credit",
        "discount_amount": 0,
        "discount_amounts": [],
        "invoice_line_item": None,
        "livemode": False,
        "metadata": {},
        "pretax_credit_amounts": [],
        "quantity": 1,
        "tax_rates": [],
        "taxes": [],
        "type": "custom_line_item",
        "unit_amount": amount,
        "unit_amount_decimal": str(amount),
    }
