"""The tables of growth: whether clients would recommend the studio, and who may leave."""

from sqlalchemy import Index, UniqueConstraint

from storage.engine.schema import moment, points_to, table, text, whole
from storage.engine.types import constant

# The question of how likely a client is to recommend the studio, after a brief of theirs was paid.
nps_questions = table(
    "nps_questions",
    points_to("client_id", "people"),
    points_to("brief_id", "briefs"),
    # waits, asked, answered, left; see bot.growth.model
    text("state"),
    # 0 to 10
    whole("score", nullable=True),
    # since when it may be asked although the stars of its brief were not given
    moment("due_at"),
    moment("asked_at", nullable=True),
    moment("answered_at", nullable=True),
    whole("version", server_default="1"),
    moment("created_at"),
    UniqueConstraint("brief_id"),
)
Index("ix_nps_questions_client_id_id", nps_questions.c.client_id, nps_questions.c.id)
Index("ix_nps_questions_tenant_answered_at", nps_questions.c.tenant, nps_questions.c.answered_at, nps_questions.c.score)
# A query that is to use the index says its very words.
WAITS = nps_questions.c.state == constant("waits")
Index("ix_nps_questions_waits", nps_questions.c.tenant, nps_questions.c.due_at,
      sqlite_where=WAITS, postgresql_where=WAITS)  # fmt: skip

# Clients at high risk of whom admins were told, once for each silence: since `last_order`.
churn_told = table(
    "churn_told",
    points_to("client_id", "people"),
    moment("last_order"),
    moment("created_at"),
    UniqueConstraint("client_id", "last_order"),
)
