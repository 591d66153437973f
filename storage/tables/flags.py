"""The tables of flags: which parts are switched off, and who was refused and waits for word.

Each has a tenant; times are UTC.
"""

from sqlalchemy import Column, UniqueConstraint

from storage.engine.schema import moment, points_to, table, text, whole
from storage.engine.types import Json

# One row a flag that was ever changed; the others stand as the code says.
flags = table(
    "flags",
    text("flag"),
    # on, off, percent, tenants, canary
    text("mode"),
    whole("percent", server_default="0"),
    # tenants, or subjects of a canary
    Column("names", Json, nullable=False),
    text("reason"),
    points_to("person_id", "people"),
    whole("version"),
    moment("changed_at"),
    UniqueConstraint("tenant", "flag"),
)

# Who was refused while a flag was off, and is told once it is on for them again.
flag_waiters = table(
    "flag_waiters",
    text("flag"),
    points_to("person_id", "people"),
    moment("since"),
    UniqueConstraint("flag", "person_id"),
)
