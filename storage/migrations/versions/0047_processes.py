"""Processes say that they live and what they alone do; the database knows which code goes on beside its schema."""

import sqlalchemy as sa
from alembic import op

from storage.engine.types import Int64, Json, UtcTime

revision = "0047"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("installation", sa.Column("oldest_code", sa.Text(), nullable=True))
    op.create_index("ix_attachments_file_id", "attachments", ["file_id"])
    op.create_table(
        "processes",
        sa.Column("id", Int64(), sa.Identity(start=1001), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("name", "host", "parts", "version")),
        *(sa.Column(name, UtcTime(), nullable=False) for name in ("started_at", "beat_at")),
        sa.Column("roles", Json(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_processes"),
        sa.UniqueConstraint("tenant", "name", name="uq_processes_tenant_name"),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    raise NotImplementedError("migrations go forwards; restore the backup that was taken before")
