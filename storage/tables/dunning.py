"""The tables of reminders of unpaid invoices."""

from sqlalchemy import UniqueConstraint

from storage.engine.schema import moment, points_to, table, whole

invoice_reminders = table(
    "invoice_reminders",
    points_to("invoice_id", "invoices"),
    # the days after the due day that it is for; negative: before it
    whole("day"),
    moment("sent_at"),
    UniqueConstraint("invoice_id", "day"),
)
