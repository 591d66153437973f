"""How clients want finished texts as files: for all of theirs, and for one brief."""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None
OLDEST_CODE = "0054"


def upgrade() -> None:
    op.add_column("people", sa.Column("file_format", sa.Text(), nullable=True))
    op.add_column("briefs", sa.Column("file_format", sa.Text(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("migrations go forwards; restore the backup that was taken before")
