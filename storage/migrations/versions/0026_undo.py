"""What somebody stopped or discarded, while that can be undone."""

import sqlalchemy as sa
from alembic import op

from storage.engine.types import Int64, Json, UtcTime

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stopped_questions",
        sa.Column("id", Int64(), sa.Identity(start=1001), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("person_id", Int64(), nullable=False),
        sa.Column("chat_id", Int64(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("data", Json(), nullable=False),
        sa.Column("stopped_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_stopped_questions_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stopped_questions")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index("ix_stopped_questions_person_id", "stopped_questions", ["person_id"])
    op.create_index("ix_stopped_questions_stopped_at", "stopped_questions", ["stopped_at"])
    op.add_column("attachments", sa.Column("dropped_at", UtcTime(), nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        op.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('stopped_questions', 1000)")


def downgrade() -> None:
    raise NotImplementedError("migrations go forwards; restore the backup that was taken before")
