"""The tables of what is known about secrets: how old each is, and nothing of what it says.

Each has a tenant; times are UTC.
"""

from sqlalchemy import UniqueConstraint

from storage.engine.schema import moment, table, text

# A mark of each secret's value, by its setting, and since when it has been that one.
secret_marks = table(
    "secret_marks",
    text("name"),
    text("mark"),
    moment("since"),
    UniqueConstraint("tenant", "name"),
)
