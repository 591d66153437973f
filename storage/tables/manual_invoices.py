"""The tables of invoices that the team makes by hand: who made each; what it asks for stands in `invoice_lines`."""

from sqlalchemy import UniqueConstraint

from storage.engine.schema import moment, points_to, table, text

manual_invoices = table(
    "manual_invoices",
    points_to("client_id", "people"),
    points_to("made_by", "people"),
    # names the confirmation, so that the same one twice makes one invoice
    text("key"),
    moment("created_at"),
    UniqueConstraint("tenant", "key"),
)
