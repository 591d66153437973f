"""What of an invoice is for shipping."""

import sqlalchemy as sa
from alembic import op

from storage.engine.types import Int64

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("invoices", sa.Column("shipping_minor", Int64(), server_default="0", nullable=False))


def downgrade() -> None:
    raise NotImplementedError("migrations go forwards; restore the backup that was taken before")
