"""What becomes of an invoice whose work was rejected; notes of colleagues on a brief, and cards that they opened."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.engine.types import Bool, Int64, UtcTime

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None
WAITS_WITH_DEADLINE = sa.text("state = 'in_review' AND deadline IS NOT NULL")


def upgrade() -> None:
    op.add_column("invoices", sa.Column("void_asked_at", UtcTime(), nullable=True))
    _table("brief_notes", sa.Column("text", sa.Text(), nullable=False))
    op.create_index("ix_brief_notes_brief_id", "brief_notes", ["brief_id", "id"])
    _table(
        "review_views",
        sa.Column("chat_id", Int64(), nullable=False),
        sa.Column("topic", Int64(), server_default="0", nullable=False),
        sa.Column("message_id", Int64(), nullable=False),
        sa.Column("whole", Bool(), nullable=False),
        sa.UniqueConstraint(
            "brief_id",
            "chat_id",
            "message_id",
            "whole",
            name=op.f("uq_review_views_brief_id_chat_id_message_id_whole"),
        ),
    )
    op.create_index(
        "ix_briefs_waiting_deadline",
        "briefs",
        ["tenant", "deadline", "id"],
        sqlite_where=WAITS_WITH_DEADLINE,
        postgresql_where=WAITS_WITH_DEADLINE,
    )


def _table(name: str, *items: Any) -> None:
    """A table of what people do with a brief."""
    op.create_table(
        name,
        sa.Column("id", Int64(), sa.Identity(start=1001), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.Column("brief_id", Int64(), nullable=False),
        sa.ForeignKeyConstraint(["brief_id"], ["briefs.id"], name=op.f(f"fk_{name}_brief_id_briefs")),
        sa.Column("person_id", Int64(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f(f"fk_{name}_person_id_people")),
        sa.Column("created_at", UtcTime(), nullable=False),
        *items,
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"INSERT INTO sqlite_sequence (name, seq) VALUES ('{name}', 1000)")  # noqa: S608 - our own names


def downgrade() -> None:
    raise NotImplementedError("migrations go forwards; restore the backup that was taken before")
