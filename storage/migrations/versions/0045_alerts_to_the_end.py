"""Of an alert: when it came last and went by mail, and what its card says of the budget and of the last change."""

import sqlalchemy as sa
from alembic import op

from storage.engine.types import Int64, Json, UtcTime

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("came_at", "mailed_at"):
        op.add_column("alerts", sa.Column(name, UtcTime(), nullable=True))
    op.add_column("alerts", sa.Column("budget_used", Int64(), nullable=True))
    op.add_column("alerts", sa.Column("changed", Json(), nullable=True))
    where = sa.text("mailed_at IS NOT NULL")
    op.create_index("ix_alerts_mailed", "alerts", ["tenant", "id"], sqlite_where=where, postgresql_where=where)
    where = sa.text("until IS NULL")
    op.create_index("ix_duties_stands", "duties", ["tenant", "person_id"], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    raise NotImplementedError("migrations go forwards; restore the backup that was taken before")
