"""Refunds count under how many keys Stripe was asked for them."""

import sqlalchemy as sa
from alembic import op

from storage.engine.types import Int64

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("refunds", sa.Column("attempt", Int64(), nullable=False, server_default="1"))


def downgrade() -> None:
    raise NotImplementedError("migrations go forwards; restore the backup that was taken before")
