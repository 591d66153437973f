"""The topic of a forum that a brief came from."""

import sqlalchemy as sa
from alembic import op

from storage.engine.types import Int64

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("briefs", sa.Column("topic", Int64(), server_default="0", nullable=False))


def downgrade() -> None:
    raise NotImplementedError("migrations go forwards; restore the backup that was taken before")
