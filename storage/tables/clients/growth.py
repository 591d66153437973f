"""The tables of growth: what it cost to win clients, and what growth was on each day."""

from sqlalchemy import Column, UniqueConstraint

from storage.engine.schema import moment, table, text, whole
from storage.engine.types import Json

# What the business spent in a month to win clients, as an admin says it; it is not in the ledger.
acquisition_costs = table(
    "acquisition_costs",
    # "2026-11"
    text("month"),
    text("currency"),
    whole("amount_minor"),
    moment("updated_at"),
    UniqueConstraint("tenant", "month", "currency"),
)

# What growth was on each day of the tenant's time zone, over the 30 days before: by the names of bot.growth.model.
growth_days = table(
    "growth_days",
    text("day"),
    Column("figures", Json, nullable=False),
    moment("updated_at"),
    UniqueConstraint("tenant", "day"),
)
