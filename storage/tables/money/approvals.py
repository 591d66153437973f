"""The tables of deeds that need other people's yes."""

from sqlalchemy import Column, Index, UniqueConstraint

from bot.approvals.model import ApprovalState
from storage.engine.schema import moment, points_to, table, text, whole
from storage.engine.types import Bool, constant

# What somebody asks for; each thing is asked for once.
approvals = table(
    "approvals",
    # what it is: "refund", and of which row: "refund:1001"
    text("kind"),
    text("subject"),
    points_to("asked_by", "people"),
    whole("amount_minor"),
    text("currency"),
    # of the subject's row, when it was asked for
    whole("subject_version"),
    # so many others have to say yes
    whole("needed"),
    whole("fuse_seconds"),
    # waiting, fuse, granted, refused, stopped, expired; see bot.approvals.model
    text("state"),
    whole("version", server_default="1"),
    moment("asked_at"),
    moment("expires_at"),
    # when the fuse is over
    moment("due_at", nullable=True),
    points_to("ended_by", "people", nullable=True),
    moment("ended_at", nullable=True),
    UniqueConstraint("tenant", "subject"),
)
Index("ix_approvals_tenant_asked_at", approvals.c.tenant, approvals.c.asked_at)
# Few of all there ever were; a query that is to use the index says its very words.
UNDER_WAY = approvals.c.state.in_([constant(state) for state in (ApprovalState.FUSE, ApprovalState.WAITING)])
Index("ix_approvals_under_way", approvals.c.id, sqlite_where=UNDER_WAY, postgresql_where=UNDER_WAY)

approval_signatures = table(
    "approval_signatures",
    points_to("approval_id", "approvals"),
    points_to("person_id", "people"),
    Column("yes", Bool, nullable=False),
    # a checksum of what the person saw
    whole("mark"),
    moment("at"),
    UniqueConstraint("approval_id", "person_id"),
)
