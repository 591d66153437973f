"""The tables of what is known about secrets: how old each is, and nothing of what it says.

Each has a tenant; times are UTC.
"""

from sqlalchemy import Index, UniqueConstraint

from storage.engine.schema import moment, table, text

# A mark of each secret's value, by its setting, and since when it has been that one.
secret_marks = table(
    "secret_marks",
    text("name"),
    text("mark"),
    moment("since"),
    UniqueConstraint("tenant", "name"),
)

# Of each key that EchoPilot issued what it is derived with, and the mark of the secret that it comes from, never the
# key itself. The newest of a purpose has no end yet.
issued_keys = table(
    "issued_keys",
    text("purpose"),
    text("root"),
    text("salt"),
    moment("created_at"),
    moment("ends_at", nullable=True),
)
Index(
    "uq_issued_keys_newest",
    issued_keys.c.tenant,
    issued_keys.c.purpose,
    unique=True,
    sqlite_where=issued_keys.c.ends_at.is_(None),
    postgresql_where=issued_keys.c.ends_at.is_(None),
)
