"""The tables of what models cost.

Each has a tenant; times are UTC; amounts are whole minor units beside a currency.
"""

from sqlalchemy import Index, UniqueConstraint

from storage.engine.schema import moment, points_to, table, text, whole

model_calls = table(
    "model_calls",
    points_to("brief_id", "briefs", nullable=True),
    text("purpose"),
    text("prompt_version"),
    text("model"),
    # ok, or what went wrong: refused, cut, filtered, malformed, failed
    text("outcome"),
    whole("input_tokens"),
    whole("output_tokens"),
    # millionths of a US dollar
    whole("cost_micro_usd"),
    whole("latency_ms"),
    moment("created_at"),
)
Index("ix_model_calls_brief_id", model_calls.c.brief_id)
Index("ix_model_calls_tenant_created_at", model_calls.c.tenant, model_calls.c.created_at)
Index("ix_model_calls_prompt_version", model_calls.c.tenant, model_calls.c.prompt_version, model_calls.c.created_at)

# What a call may cost at most, taken from every ceiling before it is made; settled with what it did cost.
reservations = table(
    "reservations",
    points_to("brief_id", "briefs", nullable=True),
    points_to("client_id", "people", nullable=True),
    text("purpose"),
    whole("reserved_micro_usd"),
    whole("spent_micro_usd", nullable=True),
    moment("created_at"),
    moment("settled_at", nullable=True),
)
Index("ix_reservations_open", reservations.c.id, sqlite_where=reservations.c.settled_at.is_(None),
      postgresql_where=reservations.c.settled_at.is_(None))  # fmt: skip

Index("ix_reservations_brief_id", reservations.c.brief_id, sqlite_where=reservations.c.brief_id.is_not(None),
      postgresql_where=reservations.c.brief_id.is_not(None))  # fmt: skip

# What is used of each ceiling: scope "brief:1042", "client:1003:2026-11", "day:2026-11-23", "month:2026-11".
spend = table(
    "spend",
    text("scope"),
    whole("used_micro_usd"),
    # since when nothing more is spent of it, because it ran away; how often a person opened it again
    moment("closed_at", nullable=True),
    whole("opened", server_default="0"),
    UniqueConstraint("tenant", "scope"),
)

# Models that somebody had left out for a while, since they only failed: others stand in at once.
model_routes = table(
    "model_routes",
    text("model"),
    moment("until"),
    points_to("person_id", "people"),
    UniqueConstraint("tenant", "model"),
)
