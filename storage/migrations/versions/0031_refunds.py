"""Refunds, and deeds that need other people's yes."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.engine.types import Bool, Int64, UtcTime

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _approvals()
    _refunds()


def _approvals() -> None:
    _table(
        "approvals",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("asked_by", Int64(), nullable=False),
        sa.Column("amount_minor", Int64(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("subject_version", Int64(), nullable=False),
        sa.Column("needed", Int64(), nullable=False),
        sa.Column("fuse_seconds", Int64(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", Int64(), server_default="1", nullable=False),
        sa.Column("asked_at", UtcTime(), nullable=False),
        sa.Column("expires_at", UtcTime(), nullable=False),
        sa.Column("due_at", UtcTime(), nullable=True),
        sa.Column("ended_by", Int64(), nullable=True),
        sa.Column("ended_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["asked_by"], ["people.id"], name=op.f("fk_approvals_asked_by_people")),
        sa.ForeignKeyConstraint(["ended_by"], ["people.id"], name=op.f("fk_approvals_ended_by_people")),
        sa.UniqueConstraint("tenant", "subject", name=op.f("uq_approvals_tenant_subject")),
    )
    _index("ix_approvals_under_way", "approvals", ["id"], "state IN ('fuse', 'waiting')")
    _table(
        "approval_signatures",
        sa.Column("approval_id", Int64(), nullable=False),
        sa.Column("person_id", Int64(), nullable=False),
        sa.Column("yes", Bool(), nullable=False),
        sa.Column("mark", Int64(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["approval_id"], ["approvals.id"], name=op.f("fk_approval_signatures_approval_id_approvals")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_approval_signatures_person_id_people")),
        sa.UniqueConstraint("approval_id", "person_id", name=op.f("uq_approval_signatures_approval_id_person_id")),
    )


def _refunds() -> None:
    _table(
        "refunds",
        sa.Column("invoice_id", Int64(), nullable=False),
        sa.Column("intent", sa.Text(), nullable=False),
        sa.Column("payment_minor", Int64(), nullable=False),
        sa.Column("amount_minor", Int64(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", Int64(), server_default="1", nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", Int64(), nullable=True),
        sa.Column("source_key", sa.Text(), nullable=True),
        sa.Column("stripe_id", sa.Text(), nullable=True),
        sa.Column("fee_minor", Int64(), nullable=True),
        sa.Column("fee_currency", sa.Text(), nullable=True),
        sa.Column("ending", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.Column("sent_at", UtcTime(), nullable=True),
        sa.Column("check_at", UtcTime(), nullable=True),
        sa.Column("checks", Int64(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name=op.f("fk_refunds_invoice_id_invoices")),
        sa.ForeignKeyConstraint(["asked_by"], ["people.id"], name=op.f("fk_refunds_asked_by_people")),
        sa.UniqueConstraint("stripe_id", name=op.f("uq_refunds_stripe_id")),
        sa.UniqueConstraint("tenant", "source_key", name=op.f("uq_refunds_tenant_source_key")),
    )
    op.create_index("ix_refunds_invoice_id_id", "refunds", ["invoice_id", "id"])
    op.create_index("ix_refunds_tenant_id", "refunds", ["tenant", "id"])
    _index("ix_refunds_under_way", "refunds", ["id"], "state IN ('approved', 'reserved', 'sent', 'unknown')")


def _index(name: str, table: str, columns: list[str], which: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(which), postgresql_where=sa.text(which))


def _table(name: str, *items: Any) -> None:
    op.create_table(
        name,
        sa.Column("id", Int64(), sa.Identity(start=1001), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        *items,
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"INSERT INTO sqlite_sequence (name, seq) VALUES ('{name}', 1000)")  # noqa: S608 - our own names


def downgrade() -> None:
    raise NotImplementedError("migrations go forwards; restore the backup that was taken before")
