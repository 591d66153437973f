"""What clients and the team write to each other, and briefs that wait for their client's answer."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.engine.types import Bool, Int64, UtcTime

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("briefs", sa.Column("asked_at", UtcTime(), nullable=True))
    _table(
        "threads",
        sa.Column("client_id", Int64(), nullable=True),
        sa.Column("chat_id", Int64(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("version", Int64(), server_default="0", nullable=False),
        sa.Column("waits", Bool(), server_default="0", nullable=False),
        sa.Column("since", UtcTime(), nullable=False),
        sa.Column("reminded", Int64(), server_default="0", nullable=False),
        sa.Column("claimed_by", Int64(), nullable=True),
        sa.Column("claimed_at", UtcTime(), nullable=True),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["people.id"], name=op.f("fk_threads_client_id_people")),
        sa.ForeignKeyConstraint(["claimed_by"], ["people.id"], name=op.f("fk_threads_claimed_by_people")),
        sa.UniqueConstraint("tenant", "chat_id", "subject", name=op.f("uq_threads_tenant_chat_id_subject")),
    )
    waits = sa.text("waits = 1")
    op.create_index(
        "ix_threads_waiting", "threads", ["tenant", "since", "id"], sqlite_where=waits, postgresql_where=waits
    )
    op.create_index("ix_threads_updated_at", "threads", ["updated_at"])
    _table(
        "thread_messages",
        sa.Column("thread_id", Int64(), nullable=False),
        sa.Column("number", Int64(), nullable=False),
        sa.Column("author_id", Int64(), nullable=True),
        sa.Column("from_team", Bool(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("file_chat", Int64(), nullable=True),
        sa.Column("file_message", Int64(), nullable=True),
        sa.Column("file_name", sa.Text(), nullable=True),
        sa.Column("source_key", sa.Text(), nullable=True),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["thread_id"], ["threads.id"], name=op.f("fk_thread_messages_thread_id_threads")),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_thread_messages_author_id_people")),
        sa.UniqueConstraint("thread_id", "number", name=op.f("uq_thread_messages_thread_id_number")),
        sa.UniqueConstraint("tenant", "source_key", name=op.f("uq_thread_messages_tenant_source_key")),
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
