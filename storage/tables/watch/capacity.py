"""The tables of how much there is to do, and of what it is done with.

Each has a tenant; times are UTC.
"""

from sqlalchemy import Index, UniqueConstraint

from storage.engine.schema import moment, table, text, whole

# What is counted or measured in an hour, by the name of its series; as long as forecasts look back.
load_hours = table(
    "load_hours",
    text("series"),
    moment("hour"),
    whole("value"),
    UniqueConstraint("tenant", "series", "hour"),
)
Index("ix_load_hours_hour", load_hours.c.hour)

# How many tasks of a pool a worker runs at a time, since it was last changed; where there is none, the setting says.
worker_sizes = table(
    "worker_sizes",
    text("pool"),
    whole("size"),
    text("reason"),
    moment("changed_at"),
    UniqueConstraint("tenant", "pool"),
)
