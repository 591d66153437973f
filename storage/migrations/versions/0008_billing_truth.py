"""What is kept beside Stripe's ids: account and mode, what is asked and came in; and what came from Stripe unbooked."""

import sqlalchemy as sa
from alembic import op

from storage.engine.types import Int64, UtcTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("customers", "invoices"):
        op.add_column(table, sa.Column("account", sa.Text(), nullable=True))
        op.add_column(table, sa.Column("mode", sa.Text(), nullable=True))
        # Rows from before: what Stripe has of them does not bear the installation's code.
        op.add_column(table, sa.Column("marked", Int64(), server_default="0", nullable=False))
    for name in ("links_at", "looked_at"):
        op.add_column("invoices", sa.Column(name, UtcTime(), nullable=True))
    op.add_column("invoices", sa.Column("asked_minor", Int64(), nullable=True))
    for name in ("carried_minor", "paid_minor", "unsettled"):
        op.add_column("invoices", sa.Column(name, Int64(), server_default="0", nullable=False))
    op.execute("UPDATE invoices SET links_at = opened_at")
    op.execute("UPDATE invoices SET paid_minor = amount_minor WHERE state = 'paid'")
    # What was begun has keys without the code: it is looked for before anything is made.
    op.execute("UPDATE customers SET attempt = attempt + 1 WHERE stripe_id IS NULL")
    op.execute("UPDATE invoices SET attempt = attempt + 1 WHERE state IN ('new', 'unknown')")
    op.create_index("ix_postings_tenant_reference", "postings", ["tenant", "reference"])
    op.create_table(
        "payment_mismatches",
        sa.Column("id", Int64(), sa.Identity(start=1001), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("stripe_id", sa.Text(), nullable=False),
        sa.Column("invoice_id", Int64(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("noted_at", UtcTime(), nullable=True),
        sa.Column("noted_by", Int64(), nullable=True),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoices.id"], name=op.f("fk_payment_mismatches_invoice_id_invoices")
        ),
        sa.ForeignKeyConstraint(["noted_by"], ["people.id"], name=op.f("fk_payment_mismatches_noted_by_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_mismatches")),
        sa.UniqueConstraint("tenant", "key", name=op.f("uq_payment_mismatches_tenant_key")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index("ix_payment_mismatches_tenant_noted_at", "payment_mismatches", ["tenant", "noted_at"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('payment_mismatches', 1000)")


def downgrade() -> None:
    raise NotImplementedError("migrations go forwards; restore the backup that was taken before")
