"""Messages that are no order, and which message shows what."""

import sqlalchemy as sa
from alembic import op

from storage.engine.types import Int64, Json, UtcTime

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "remarks",
        sa.Column("id", Int64(), sa.Identity(start=1001), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remarks")),
        sa.Column("person_id", Int64(), nullable=False),
        sa.Column("chat_id", Int64(), nullable=False),
        sa.Column("topic", Int64(), nullable=False),
        sa.Column("source_key", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("files", Json(), nullable=False),
        sa.Column("brief_id", Int64(), nullable=True),
        sa.Column("invoice_id", Int64(), nullable=True),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_remarks_person_id_people")),
        sa.ForeignKeyConstraint(["brief_id"], ["briefs.id"], name=op.f("fk_remarks_brief_id_briefs")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name=op.f("fk_remarks_invoice_id_invoices")),
        sa.UniqueConstraint("tenant", "source_key", name=op.f("uq_remarks_tenant_source_key")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index("ix_remarks_created_at", "remarks", ["created_at"])
    op.create_index("ix_placements_external_id", "placements", ["channel", "external_id"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('remarks', 1000)")


def downgrade() -> None:
    raise NotImplementedError("migrations go forwards; restore the backup that was taken before")
