"""The newest run of each job is found in an index alone."""

from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_job_runs_job_id", table_name="job_runs")
    op.create_index("ix_job_runs_job_tenant_id", "job_runs", ["job", "tenant", "id"])


def downgrade() -> None:
    raise NotImplementedError("migrations go forwards; restore the backup that was taken before")
