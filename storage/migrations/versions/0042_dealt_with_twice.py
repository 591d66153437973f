"""Conversations know which update moved them, how they stood before, and what was answered."""

import sqlalchemy as sa
from alembic import op

from storage.engine.types import Json

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("conversations", sa.Column("moved_by", sa.Text(), nullable=True))
    op.add_column("conversations", sa.Column("before", Json(), nullable=True))
    op.add_column("conversations", sa.Column("answer", Json(), nullable=True))
    over = sa.text("step = ''")
    op.create_index("ix_conversations_over", "conversations", ["updated_at"], sqlite_where=over, postgresql_where=over)


def downgrade() -> None:
    raise NotImplementedError("migrations go forwards; restore the backup that was taken before")
