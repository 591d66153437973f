"""Counts by the minute, and how service levels stand by them."""

import sqlalchemy as sa
from alembic import op

from storage.engine.types import Int64, UtcTime

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    columns = ("tenant", "series", "at", "stretch", "source")
    _table(
        "metric_counts",
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("stretch", Int64(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("good", Int64(), nullable=False),
        sa.Column("bad", Int64(), nullable=False),
        sa.UniqueConstraint(*columns, name=op.f(f"uq_metric_counts_{'_'.join(columns)}")),
    )
    op.create_index("ix_metric_counts_stretch_at", "metric_counts", ["stretch", "at"])
    _table(
        "slo_states",
        sa.Column("slo", sa.Text(), nullable=False),
        sa.Column("burning", sa.Text(), nullable=True),
        sa.Column("burning_since", UtcTime(), nullable=True),
        sa.Column("step", Int64(), nullable=False, server_default="0"),
        sa.UniqueConstraint("tenant", "slo", name=op.f("uq_slo_states_tenant_slo")),
    )
    _table(
        "slo_reports",
        sa.Column("slo", sa.Text(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("good", Int64(), nullable=False),
        sa.Column("bad", Int64(), nullable=False),
        sa.Column("used", Int64(), nullable=False),
        sa.Column("burn", Int64(), nullable=False),
        sa.UniqueConstraint("tenant", "slo", "at", name=op.f("uq_slo_reports_tenant_slo_at")),
    )
    op.create_index("ix_slo_reports_tenant_at", "slo_reports", ["tenant", "at"])
    _table(
        "stream_marks",
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("mark", Int64(), nullable=False),
        sa.UniqueConstraint("tenant", "stream", name=op.f("uq_stream_marks_tenant_stream")),
    )


def _table(name: str, *items: sa.schema.SchemaItem) -> None:
    op.create_table(
        name,
        sa.Column("id", Int64(), sa.Identity(start=1001), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        *items,
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"INSERT INTO sqlite_sequence (name, seq) VALUES ('{name}', 1000)")  # noqa: S608 - our own words


def downgrade() -> None:
    raise NotImplementedError("migrations go forwards; restore the backup that was taken before")
