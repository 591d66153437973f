"""What came at a time is found by it: the rest of an album whose words are edited."""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_inbox_received", "inbox", ["source", "received_at"])


def downgrade() -> None:
    raise NotImplementedError("migrations go forwards; restore the backup that was taken before")
