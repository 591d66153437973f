"""What the ledger adds up to over days and months is kept, so that reports read a few rows; budgets can be closed."""

import sqlalchemy as sa
from alembic import op

from storage.engine.types import Int64, UtcTime

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _table(
        "ledger_folds",
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("since", UtcTime(), nullable=False),
        sa.Column("until", UtcTime(), nullable=False),
        sa.UniqueConstraint("tenant", "zone", "since", "until", name=op.f("uq_ledger_folds_tenant_zone_since_until")),
    )
    _table(
        "ledger_sums",
        sa.Column("fold_id", Int64(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("upper", Int64(), nullable=False),
        sa.Column("lower", Int64(), nullable=False),
        sa.ForeignKeyConstraint(["fold_id"], ["ledger_folds.id"], name=op.f("fk_ledger_sums_fold_id_ledger_folds")),
        sa.UniqueConstraint(
            *("fold_id", "part", "name", "account", "currency"),
            name=op.f("uq_ledger_sums_fold_id_part_name_account_currency"),
        ),
    )
    op.create_index("ix_ledger_sums_tenant_fold_id", "ledger_sums", ["tenant", "fold_id", "part"])
    op.add_column("spend", sa.Column("closed_at", UtcTime(), nullable=True))
    op.add_column("spend", sa.Column("opened", Int64(), nullable=False, server_default="0"))


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
