"""Indexes by which lists of money are narrowed: refunds by state, entries by kind, mismatches by how they ended. And
when a run of a job was written down, so that one that is caught up is not taken for one that does not begin.
"""

import sqlalchemy as sa
from alembic import op

from storage.engine.types import UtcTime

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None
OLDEST_CODE = "0050"


def upgrade() -> None:
    for table, column in (("refunds", "state"), ("postings", "kind"), ("ledger_mismatches", "ending")):
        op.create_index(f"ix_{table}_tenant_{column}_id", table, ["tenant", column, "id"])
    op.add_column("job_runs", sa.Column("recorded_at", UtcTime(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("migrations go forwards; restore the backup that was taken before")
