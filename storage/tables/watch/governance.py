"""The tables of governance: proposals with what was decided on them, and targets of key figures."""

from sqlalchemy import Column, Index, UniqueConstraint

from storage.engine.schema import moment, points_to, table, text, whole
from storage.engine.types import Json

# What is proposed to admins, and who adopted or declined it and why; such rows stay.
proposals = table(
    "proposals",
    # which of bot.decisions.kinds, and what makes it proposed once
    text("kind"),
    text("key"),
    # what its words name
    Column("facts", Json, nullable=False),
    # open, adopted, declined, lapsed; see bot.decisions.model
    text("state"),
    whole("version", server_default="1"),
    moment("made_at"),
    moment("decided_at", nullable=True),
    points_to("decided_by", "people", nullable=True),
    # why, in their words
    text("reason", nullable=True),
    UniqueConstraint("tenant", "key"),
)
Index("ix_proposals_tenant_id", proposals.c.tenant, proposals.c.id)
Index("ix_proposals_tenant_state_id", proposals.c.tenant, proposals.c.state, proposals.c.id)
Index("ix_proposals_decided_by", proposals.c.decided_by, sqlite_where=proposals.c.decided_by.is_not(None),
      postgresql_where=proposals.c.decided_by.is_not(None))  # fmt: skip

# What a key figure should be, where an admin set that by chat; whoever set it, and when.
kpi_targets = table(
    "kpi_targets",
    # which of bot.governance.kpis
    text("kpi"),
    # in the figure's own unit; 0: it has none, whatever the settings say
    whole("target"),
    # of one that is money
    text("currency", nullable=True),
    points_to("set_by", "people"),
    moment("set_at"),
    UniqueConstraint("tenant", "kpi"),
)
Index("ix_kpi_targets_set_by", kpi_targets.c.set_by)
