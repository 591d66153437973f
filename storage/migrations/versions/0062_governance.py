"""Proposals with what was decided on them, targets of key figures, and what policies look through by time."""

import sqlalchemy as sa
from alembic import op

from storage.engine.types import Int64, UtcTime

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None
OLDEST_CODE = "0060"


def upgrade() -> None:
    op.create_table(
        "proposals",
        *_own(),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("kind", "key", "facts", "state")),
        sa.Column("version", Int64(), nullable=False, server_default="1"),
        sa.Column("made_at", UtcTime(), nullable=False),
        sa.Column("decided_at", UtcTime(), nullable=True),
        sa.Column("decided_by", Int64(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["decided_by"], ["people.id"], name=op.f("fk_proposals_decided_by_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
        sa.UniqueConstraint("tenant", "key", name=op.f("uq_proposals_tenant_key")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_table(
        "kpi_targets",
        *_own(),
        sa.Column("kpi", sa.Text(), nullable=False),
        sa.Column("target", Int64(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("set_by", Int64(), nullable=False),
        sa.Column("set_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["set_by"], ["people.id"], name=op.f("fk_kpi_targets_set_by_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kpi_targets")),
        sa.UniqueConstraint("tenant", "kpi", name=op.f("uq_kpi_targets_tenant_kpi")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('proposals', 1000), ('kpi_targets', 1000)")
    op.create_index("ix_proposals_tenant_id", "proposals", ["tenant", "id"])
    op.create_index("ix_proposals_tenant_state_id", "proposals", ["tenant", "state", "id"])
    decided = sa.text("decided_by IS NOT NULL")
    columns = ["decided_by"]
    op.create_index("ix_proposals_decided_by", "proposals", columns, sqlite_where=decided, postgresql_where=decided)
    op.create_index("ix_kpi_targets_set_by", "kpi_targets", ["set_by"])
    op.create_index("ix_approvals_tenant_asked_at", "approvals", ["tenant", "asked_at"])
    op.create_index("ix_refunds_tenant_created_at", "refunds", ["tenant", "created_at"])


def _own() -> tuple[sa.Column[int], sa.Column[str]]:
    return (
        sa.Column("id", Int64(), sa.Identity(start=1001), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
    )


def downgrade() -> None:
    raise NotImplementedError("migrations go forwards; restore the backup that was taken before")
