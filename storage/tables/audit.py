"""The tables of the audit log: who did what, its chain, and how far that went when it was anchored.

Entries, seals and anchors are only added to: triggers refuse every change. A name or a number of Telegram's, which may
have to be erased, stands in `people` and `audit_strangers`, and an entry points there.
"""

from sqlalchemy import Index, UniqueConstraint

from storage.engine.schema import moment, points_to, table, text, whole

audit = table(
    "audit",
    points_to("person_id", "people", nullable=True),
    # whoever nobody is known by: see audit_strangers
    whole("stranger_id", nullable=True),
    text("action"),
    text("subject"),
    text("outcome"),
    # from where: chat, group, web, job; and what it was about there: an update, a run
    text("source", nullable=True),
    text("reference", nullable=True),
    # what was changed from, and to; never a person's words
    text("before", nullable=True),
    text("after", nullable=True),
    moment("at"),
)
Index("ix_audit_tenant_at", audit.c.tenant, audit.c.at)
Index("ix_audit_tenant_id", audit.c.tenant, audit.c.id)
Index("ix_audit_subject_id", audit.c.tenant, audit.c.subject, audit.c.id)
Index("ix_audit_action_id", audit.c.tenant, audit.c.action, audit.c.id)
Index("ix_audit_person_id", audit.c.tenant, audit.c.person_id, audit.c.id)

# Telegram users of whom nobody is known; null: erased.
audit_strangers = table(
    "audit_strangers", whole("telegram_id", nullable=True), UniqueConstraint("tenant", "telegram_id")
)

# Entries that are not in the chain yet; a trigger adds each.
audit_unsealed = table("audit_unsealed", whole("entry_id"), UniqueConstraint("tenant", "entry_id"))

# The chain of each tenant, place by place; see `bot.audit.chain`.
audit_seals = table(
    "audit_seals",
    whole("place"),
    whole("entry_id"),
    # the name of the key, and the link in hexadecimal
    text("key"),
    text("link"),
    UniqueConstraint("tenant", "place"),
    UniqueConstraint("tenant", "entry_id"),
)

# How far the chain went, and its link there, as it was also kept elsewhere.
audit_anchors = table("audit_anchors", whole("place"), text("link"), moment("at"), UniqueConstraint("tenant", "place"))
