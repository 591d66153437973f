"""The table of what people order in the Automation Queue at Notion."""

from sqlalchemy import Column, Index, UniqueConstraint

from storage.engine.schema import moment, table, text, whole
from storage.engine.types import Bool

# A row that was ticked, unique by its page. It becomes one brief at most.
queue_rows = table(
    "queue_rows",
    text("page"),
    # the brief, by its quote's number until the client's yes; nothing where it cannot be one yet
    whole("brief_number", nullable=True),
    # of what was ordered, and of the last edit that words were given for
    text("fingerprint"),
    text("noticed", server_default=""),
    # what the row says to whoever ticked it
    text("note"),
    # whether its tick is to be taken away by what is written next
    Column("clears", Bool, nullable=False),
    moment("taken_at"),
    UniqueConstraint("tenant", "page"),
)
Index("ix_queue_rows_tenant_id", queue_rows.c.tenant, queue_rows.c.id)
Index("ix_queue_rows_tenant_taken_at", queue_rows.c.tenant, queue_rows.c.taken_at)
IS_BRIEF = queue_rows.c.brief_number.is_not(None)
Index("ix_queue_rows_brief_number", queue_rows.c.brief_number, sqlite_where=IS_BRIEF, postgresql_where=IS_BRIEF)
