"""Who a person's invoices go to, and until when an invoice is to be paid."""

import sqlalchemy as sa
from alembic import op

from storage.engine.types import Int64, UtcTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "billing_details",
        sa.Column("id", Int64(), sa.Identity(start=1001), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("person_id", Int64(), nullable=False),
        sa.Column("given", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("tax_id", sa.Text(), nullable=False),
        sa.Column("version", Int64(), server_default="1", nullable=False),
        sa.Column("told_customer", sa.Text(), server_default="", nullable=False),
        sa.Column("told_version", Int64(), server_default="0", nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_billing_details")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_billing_details_person_id_people")),
        sa.UniqueConstraint("person_id", name=op.f("uq_billing_details_person_id")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.add_column("invoices", sa.Column("due_at", UtcTime(), nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        op.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('billing_details', 1000)")


def downgrade() -> None:
    raise NotImplementedError("migrations go forwards; restore the backup that was taken before")
