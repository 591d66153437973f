"""The table of tenants: whose business an installation does, and what each has otherwise than the settings say."""

from sqlalchemy import Column, UniqueConstraint

from storage.engine.schema import moment, table, text
from storage.engine.types import Json

# `tenant` is the name that every table carries. What is null is as the settings say; what is not is in the words of
# the settings (bot.tenants.model): {"drafting": "90"} of prices, {"all": 85} of targets, {"day": "20"} of ceilings.
tenants = table(
    "tenants",
    text("brand"),
    # active; paused: its jobs do not run
    text("state", server_default="active"),
    text("currency", nullable=True),
    Column("prices", Json, nullable=True),
    Column("targets", Json, nullable=True),
    Column("ceilings", Json, nullable=True),
    # IANA's name of it
    text("time_zone", nullable=True),
    text("language", nullable=True),
    text("office_hours", nullable=True),
    text("holidays", nullable=True),
    # its own terms and privacy in words
    text("terms", nullable=True),
    moment("created_at"),
    UniqueConstraint("tenant"),
)
