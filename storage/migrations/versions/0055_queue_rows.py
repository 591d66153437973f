"""Rows of the Automation Queue at Notion that became briefs, or could not."""

import sqlalchemy as sa
from alembic import op

from storage.engine.types import Bool, Int64, UtcTime

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None
OLDEST_CODE = "0051"


def upgrade() -> None:
    op.create_table(
        "queue_rows",
        sa.Column("id", Int64(), sa.Identity(start=1001), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("brief_number", Int64(), nullable=True),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("noticed", sa.Text(), nullable=False, server_default=""),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("clears", Bool(), nullable=False),
        sa.Column("taken_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queue_rows")),
        sa.UniqueConstraint("tenant", "page", name=op.f("uq_queue_rows_tenant_page")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('queue_rows', 1000)")
    op.create_index("ix_queue_rows_tenant_id", "queue_rows", ["tenant", "id"])
    op.create_index("ix_queue_rows_tenant_taken_at", "queue_rows", ["tenant", "taken_at"])
    is_brief = sa.text("brief_number IS NOT NULL")
    op.create_index(
        "ix_queue_rows_brief_number",
        "queue_rows",
        ["brief_number"],
        sqlite_where=is_brief,
        postgresql_where=is_brief,
    )


def downgrade() -> None:
    raise NotImplementedError("migrations go forwards; restore the backup that was taken before")
