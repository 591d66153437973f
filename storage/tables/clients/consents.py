"""The tables of consents, of where people live, of what a region's rules are here, and of requests with a deadline."""

from sqlalchemy import Column, Index, UniqueConstraint

from storage.engine.schema import moment, points_to, table, text, whole
from storage.engine.types import Bool

# What somebody said to a purpose; what they said before stays, so that it can be shown.
consents = table(
    "consents",
    points_to("person_id", "people"),
    # questions, improving, sale; see bot.consents.model
    text("purpose"),
    Column("given", Bool, nullable=False),
    # of the words that they said it to
    whole("wording"),
    moment("said_at"),
    # when they said something else; null: it counts
    moment("replaced_at", nullable=True),
)
# A query that is to use the index says its very words.
COUNTS = consents.c.replaced_at.is_(None)
Index("ix_consents_counts", consents.c.tenant, consents.c.person_id, consents.c.purpose, unique=True,
      sqlite_where=COUNTS, postgresql_where=COUNTS)  # fmt: skip
Index("ix_consents_person_id", consents.c.person_id, consents.c.id)

# Whose rules somebody says that they live under; a row without a region: they were asked.
person_regions = table(
    "person_regions",
    points_to("person_id", "people"),
    # gdpr, ccpa, none; see bot.consents.model
    text("region", nullable=True),
    moment("asked_at", nullable=True),
    moment("chosen_at", nullable=True),
    UniqueConstraint("tenant", "person_id"),
)
Index("ix_person_regions_tenant_region", person_regions.c.tenant, person_regions.c.region, person_regions.c.person_id)

# What admins made of a region's rules, in place of what the program says.
region_rules = table(
    "region_rules",
    text("region"),
    whole("retention_days", nullable=True),
    # the hosts of models that may not be called for it, with spaces between
    text("refused", server_default=""),
    points_to("changed_by", "people"),
    moment("changed_at"),
    whole("version", server_default="1"),
    UniqueConstraint("tenant", "region"),
)

# Whoever asked for their data by a link, until they have it. Of the link only the SHA-256 is kept.
data_requests = table(
    "data_requests",
    points_to("person_id", "people"),
    text("code_hash", unique=True),
    moment("asked_at"),
    # until when the link works
    moment("ends_at"),
    moment("answered_at", nullable=True),
)
OPEN = data_requests.c.answered_at.is_(None)
Index("ix_data_requests_open", data_requests.c.tenant, data_requests.c.asked_at, data_requests.c.id,
      sqlite_where=OPEN, postgresql_where=OPEN)  # fmt: skip
Index("ix_data_requests_person_id", data_requests.c.person_id, data_requests.c.id)
