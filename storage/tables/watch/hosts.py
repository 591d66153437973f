"""The table of processes. Whose they are is the installation."""

from sqlalchemy import Column, UniqueConstraint

from storage.engine.schema import moment, table, text
from storage.engine.types import Json

# The processes that run, or did until of late; with SQLite there is one, which writes no row.
processes = table(
    "processes",
    # random, made at its start
    text("name"),
    # of the machine, as it calls itself
    text("host"),
    # chat, web, worker, clock; a space between them
    text("parts"),
    text("version"),
    moment("started_at"),
    # its last sign of life
    moment("beat_at"),
    # what it alone does, each with since when
    Column("roles", Json, nullable=False),
    UniqueConstraint("tenant", "name"),
)
