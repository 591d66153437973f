"""The tables of limits: what was let through. Amounts are whole minor units beside a currency."""

from sqlalchemy import Index, UniqueConstraint

from storage.engine.schema import moment, points_to, table, text, whole

# A row a deed, which is held while one counts, so that two at once cannot both find the last room.
limit_holds = table(
    "limit_holds",
    text("deed"),
    UniqueConstraint("tenant", "deed"),
)

limit_passes = table(
    "limit_passes",
    text("deed"),
    # what makes it counted once: "invoice:55"
    text("key"),
    # none where no person did it
    points_to("person_id", "people", nullable=True),
    whole("amount_minor"),
    text("currency"),
    # what it was worth then, in US cents
    whole("usd_cents"),
    moment("at"),
    # since when it does not count, because it did not happen
    moment("given_back_at", nullable=True),
    UniqueConstraint("tenant", "deed", "key"),
)
Index("ix_limit_passes_tenant_deed_at", limit_passes.c.tenant, limit_passes.c.deed, limit_passes.c.at)
