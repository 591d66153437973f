"""Invoices made by hand: who made them, how long they can be taken back, when they are due; written off; reminders."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.engine.types import Int64, UtcTime

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("invoices", sa.Column("grace_until", UtcTime(), nullable=True))
    op.add_column("invoices", sa.Column("due_days", Int64(), nullable=True))
    op.add_column("invoices", sa.Column("write_off_asked_at", UtcTime(), nullable=True))
    _table(
        "manual_invoices",
        sa.Column("client_id", Int64(), nullable=False),
        sa.Column("made_by", Int64(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["people.id"], name=op.f("fk_manual_invoices_client_id_people")),
        sa.ForeignKeyConstraint(["made_by"], ["people.id"], name=op.f("fk_manual_invoices_made_by_people")),
        sa.UniqueConstraint("tenant", "key", name=op.f("uq_manual_invoices_tenant_key")),
    )
    _table(
        "invoice_reminders",
        sa.Column("invoice_id", Int64(), nullable=False),
        sa.Column("day", Int64(), nullable=False),
        sa.Column("sent_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name=op.f("fk_invoice_reminders_invoice_id_invoices")),
        sa.UniqueConstraint("invoice_id", "day", name=op.f("uq_invoice_reminders_invoice_id_day")),
    )


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
