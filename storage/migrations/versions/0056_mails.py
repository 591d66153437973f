"""Mails of the support inbox, and whom a thread answers by mail."""

import sqlalchemy as sa
from alembic import op

from storage.engine.types import Int64, UtcTime

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None
OLDEST_CODE = "0051"


def upgrade() -> None:
    op.add_column("threads", sa.Column("address", sa.Text(), nullable=True))
    words = ("digest", "message_id", "ids_before", "address", "subject", "state")
    op.create_table(
        "mails",
        sa.Column("id", Int64(), sa.Identity(start=1001), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("thread_id", Int64(), nullable=True),
        *(sa.Column(word, sa.Text(), nullable=False) for word in words),
        sa.Column("received_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["thread_id"], ["threads.id"], name=op.f("fk_mails_thread_id_threads")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mails")),
        sa.UniqueConstraint("tenant", "digest", name=op.f("uq_mails_tenant_digest")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('mails', 1000)")
    op.create_index("ix_mails_tenant_message_id", "mails", ["tenant", "message_id"])
    op.create_index("ix_mails_tenant_address_received_at", "mails", ["tenant", "address", "received_at"])
    op.create_index("ix_mails_thread_id", "mails", ["thread_id", "id"])
    alone = sa.text("thread_id IS NULL")
    op.create_index("ix_mails_in_no_thread", "mails", ["received_at"], sqlite_where=alone, postgresql_where=alone)


def downgrade() -> None:
    raise NotImplementedError("migrations go forwards; restore the backup that was taken before")
