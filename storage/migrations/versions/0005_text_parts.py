"""Messages that an app split one text into."""

import sqlalchemy as sa
from alembic import op

from storage.engine.types import Bool, Int64, UtcTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "text_parts",
        sa.Column("id", Int64(), sa.Identity(start=1001), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("person_id", Int64(), nullable=False),
        sa.Column("chat_id", Int64(), nullable=False),
        sa.Column("message_id", Int64(), nullable=False),
        sa.Column("source_key", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("joint", sa.Text(), nullable=False),
        sa.Column("forwarded_from", sa.Text(), nullable=False),
        sa.Column("brief_id", Int64(), nullable=True),
        sa.Column("taken", Bool(), nullable=False),
        sa.Column("sent_at", UtcTime(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_parts")),
        sa.ForeignKeyConstraint(["brief_id"], ["briefs.id"], name=op.f("fk_text_parts_brief_id_briefs")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_text_parts_person_id_people")),
        sa.UniqueConstraint(
            "person_id", "chat_id", "message_id", name=op.f("uq_text_parts_person_id_chat_id_message_id")
        ),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index("ix_text_parts_tenant_source_key", "text_parts", ["tenant", "source_key"], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        op.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('text_parts', 1000)")


def downgrade() -> None:
    raise NotImplementedError("migrations go forwards; restore the backup that was taken before")
