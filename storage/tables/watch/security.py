"""The tables of what is known about secrets, how old each is and nothing of what it says; and of step-up.

Each has a tenant; times are UTC.
"""

from sqlalchemy import Column, Index, UniqueConstraint

from storage.engine.schema import moment, points_to, table, text, whole
from storage.engine.types import Json

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

# Of each person who confirms by codes: the key of their authenticator, encrypted, and which code was used last.
# pending: the key of one that is being set up, which counts for nothing until a code of it came.
authenticators = table(
    "authenticators",
    points_to("person_id", "people"),
    text("secret"),
    text("pending"),
    whole("last_step"),
    whole("failures"),
    moment("failed_at", nullable=True),
    moment("set_up_at", nullable=True),
    UniqueConstraint("tenant", "person_id"),
)

# Codes for when an authenticator is lost, as checksums.
recovery_codes = table(
    "recovery_codes",
    points_to("person_id", "people"),
    text("code_hash"),
    moment("used_at", nullable=True),
    UniqueConstraint("tenant", "person_id", "code_hash"),
)

# Until when somebody need not confirm a kind of thing once more.
step_ups = table(
    "step_ups",
    points_to("person_id", "people"),
    text("kind"),
    moment("ends_at"),
    UniqueConstraint("tenant", "person_id", "kind"),
)

# What an admin asked the others to confirm. again: what goes on then.
step_up_requests = table(
    "step_up_requests",
    points_to("person_id", "people"),
    text("kind"),
    Column("again", Json, nullable=False),
    text("state"),
    points_to("first_by", "people", nullable=True),
    points_to("ended_by", "people", nullable=True),
    moment("asked_at"),
)
