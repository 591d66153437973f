"""Asking a payment provider anew after a refusal: which attempt it is. Tasks wait for the crew of their kind."""

import sqlalchemy as sa
from alembic import op

from storage.engine.types import Int64

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("customers", "invoices"):
        op.add_column(table, sa.Column("attempt", Int64(), server_default="1", nullable=False))
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "UPDATE procrastinate_jobs SET queue_name = CASE WHEN args->>'kind' IN ('stripe_event', 'job_run')"
            " THEN 'errands' ELSE 'models' END WHERE queue_name = 'echopilot'"
        )


def downgrade() -> None:
    raise NotImplementedError("migrations go forwards; restore the backup that was taken before")
