"""What a client was told at their yes about when the work is ready, and a tenant's own terms."""

import sqlalchemy as sa
from alembic import op

from storage.engine.types import Int64, UtcTime

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("briefs", sa.Column("usual_seconds", Int64(), nullable=True))
    op.add_column("briefs", sa.Column("read_by", UtcTime(), nullable=True))
    op.add_column("tenants", sa.Column("terms", sa.Text(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("migrations go forwards; restore the backup that was taken before")
