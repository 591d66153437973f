"""Briefs that wait for the morning, for less; and what each day of a business came to."""

import sqlalchemy as sa
from alembic import op

from storage.engine.types import Int64, Json, UtcTime

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None
OLDEST_CODE = "0054"

GOES_ON = (
    "state IN ('approved', 'deferred', 'delivered', 'drafting', 'failed', 'in_review', 'judging', 'queued') "
    "AND (state != 'delivered' OR price_minor > 0)"
)


def upgrade() -> None:
    op.add_column("briefs", sa.Column("full_minor", Int64(), nullable=True))
    op.add_column("briefs", sa.Column("starts_at", UtcTime(), nullable=True))
    op.create_table(
        "mornings",
        sa.Column("id", Int64(), sa.Identity(start=1001), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mornings")),
        sa.UniqueConstraint("tenant", "day", "kind", name=op.f("uq_mornings_tenant_day_kind")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_table(
        "churn_told",
        sa.Column("id", Int64(), sa.Identity(start=1001), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("client_id", Int64(), nullable=False),
        sa.Column("last_order", UtcTime(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["people.id"], name=op.f("fk_churn_told_client_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_churn_told")),
        sa.UniqueConstraint("client_id", "last_order", name=op.f("uq_churn_told_client_id_last_order")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_table(
        "daily_counts",
        sa.Column("id", Int64(), sa.Identity(start=1001), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("counts", Json(), nullable=False),
        sa.Column("checksum", sa.Text(), nullable=False),
        sa.Column("counted_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_daily_counts")),
        sa.UniqueConstraint("tenant", "zone", "day", name=op.f("uq_daily_counts_tenant_zone_day")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_table(
        "acquisition_costs",
        sa.Column("id", Int64(), sa.Identity(start=1001), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount_minor", Int64(), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acquisition_costs")),
        sa.UniqueConstraint("tenant", "month", "currency", name=op.f("uq_acquisition_costs_tenant_month_currency")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_table(
        "growth_days",
        sa.Column("id", Int64(), sa.Identity(start=1001), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("figures", Json(), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_growth_days")),
        sa.UniqueConstraint("tenant", "day", name=op.f("uq_growth_days_tenant_day")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.add_column("ledger_folds", sa.Column("checksum", sa.Text(), nullable=True))
    op.add_column("ledger_folds", sa.Column("checked_at", UtcTime(), nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        op.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('daily_counts', 1000)")
        op.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('acquisition_costs', 1000)")
        op.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('growth_days', 1000)")
        op.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('mornings', 1000)")
        op.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('churn_told', 1000)")
    # What goes on has one more state, and its indexes say them all.
    goes_on = sa.text(GOES_ON)
    for name, columns in {
        "ix_briefs_open": ["tenant", "state", "client_id"],
        "ix_briefs_open_updated_at": ["updated_at"],
    }.items():
        op.drop_index(name, "briefs")
        op.create_index(name, "briefs", columns, sqlite_where=goes_on, postgresql_where=goes_on)


def downgrade() -> None:
    raise NotImplementedError("migrations go forwards; restore the backup that was taken before")
