"""Tasks that have not moved for long, although they are still tried."""

import sqlalchemy as sa
from alembic import op

from storage.engine.types import Bool, Int64

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tasks", sa.Column("waited", Int64(), server_default="0", nullable=False))
    op.add_column("failed_tasks", sa.Column("trying", Bool(), server_default="0", nullable=False))


def downgrade() -> None:
    raise NotImplementedError("migrations go forwards; restore the backup that was taken before")
