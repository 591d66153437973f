"""What becomes of an invoice whose work was sent away."""

import sqlalchemy as sa
from alembic import op

from storage.engine.types import UtcTime

revision = "0024"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("invoices", sa.Column("void_asked_at", UtcTime(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("migrations go forwards; restore the backup that was taken before")
