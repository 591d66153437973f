"""Erasures; and what somebody sent is found by whose it is."""

import sqlalchemy as sa
from alembic import op

from storage.engine.types import Int64, UtcTime

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None
OLDEST_CODE = "0051"


def upgrade() -> None:
    op.create_table(
        "erasures",
        sa.Column("id", Int64(), sa.Identity(start=1001), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("person_id", Int64(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", Int64(), nullable=False, server_default="1"),
        _moment("asked_at"),
        _moment("due_at"),
        _moment("erased_at", nullable=True),
        _moment("ended_at", nullable=True),
        _moment("person_since"),
        *(sa.Column(name, sa.Text(), nullable=True) for name in ("gone", "stays", "marks", "files")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_erasures_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('erasures', 1000)")
    way = sa.text("state IN ('asked', 'erased')")
    columns = ["tenant", "person_id"]
    op.create_index("ix_erasures_under_way", "erasures", columns, unique=True, sqlite_where=way, postgresql_where=way)
    op.create_index("ix_erasures_person_id", "erasures", ["person_id", "id"])
    ended = sa.text("erased_at IS NOT NULL")
    op.create_index("ix_erasures_erased", "erasures", ["id"], sqlite_where=ended, postgresql_where=ended)
    op.create_index("ix_attachments_person_id", "attachments", ["person_id"])
    op.create_index("ix_remarks_person_id", "remarks", ["person_id"])


def _moment(name: str, *, nullable: bool = False) -> sa.Column[sa.types.TypeEngine[object]]:
    return sa.Column(name, UtcTime(), nullable=nullable)


def downgrade() -> None:
    raise NotImplementedError("migrations go forwards; restore the backup that was taken before")
