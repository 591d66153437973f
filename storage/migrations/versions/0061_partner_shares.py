"""Partners' shares of what is paid by whom they brought: how much, of which invoice, and what was moved for it.

Nobody has a share until an admin says so; what was paid before earns none.
"""

import sqlalchemy as sa
from alembic import op

from storage.engine.types import Int64, UtcTime

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("partners", sa.Column("share_bp", Int64(), server_default="0", nullable=False))
    _shares()
    _moves()
    if op.get_bind().dialect.name == "sqlite":
        for table in ("partner_shares", "partner_share_moves"):
            op.execute(f"INSERT INTO sqlite_sequence (name, seq) VALUES ('{table}', 1000)")  # noqa: S608 - our own names


def _shares() -> None:
    op.create_table(
        "partner_shares",
        sa.Column("id", Int64(), sa.Identity(start=1001), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("partner_id", Int64(), nullable=False),
        sa.Column("invoice_id", Int64(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("share_bp", Int64(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("base_minor", Int64(), nullable=False),
        sa.Column("earned_minor", Int64(), nullable=False),
        sa.Column("clawed_minor", Int64(), server_default="0", nullable=False),
        sa.Column("disputed_minor", Int64(), server_default="0", nullable=False),
        sa.Column("credited_minor", Int64(), server_default="0", nullable=False),
        sa.Column("version", Int64(), server_default="1", nullable=False),
        sa.Column("earned_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"], name=op.f("fk_partner_shares_partner_id_partners")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name=op.f("fk_partner_shares_invoice_id_invoices")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_shares")),
        sa.UniqueConstraint("tenant", "invoice_id", name=op.f("uq_partner_shares_tenant_invoice_id")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index("ix_partner_shares_invoice_id", "partner_shares", ["invoice_id"])


def _moves() -> None:
    name = "partner_share_moves"
    op.create_table(
        name,
        sa.Column("id", Int64(), sa.Identity(start=1001), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("partner_id", Int64(), nullable=False),
        sa.Column("invoice_id", Int64(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount_minor", Int64(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("moved_at", UtcTime(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"], name=op.f(f"fk_{name}_partner_id_partners")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name=op.f(f"fk_{name}_invoice_id_invoices")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint("tenant", "key", name=op.f(f"uq_{name}_tenant_key")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index(f"ix_{name}_partner_id_moved_at", name, ["partner_id", "moved_at"])


def downgrade() -> None:
    raise NotImplementedError("migrations go forwards; restore the backup that was taken before")
