"""What can be switched off, and who waits for it to be on again."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.engine.types import Int64, Json, UtcTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _table(
        "flags",
        sa.Column("flag", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("percent", Int64(), server_default="0", nullable=False),
        sa.Column("names", Json(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("person_id", Int64(), nullable=False),
        sa.Column("version", Int64(), nullable=False),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_flags_person_id_people")),
        sa.UniqueConstraint("tenant", "flag", name=op.f("uq_flags_tenant_flag")),
    )
    _table(
        "flag_waiters",
        sa.Column("flag", sa.Text(), nullable=False),
        sa.Column("person_id", Int64(), nullable=False),
        sa.Column("since", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_flag_waiters_person_id_people")),
        sa.UniqueConstraint("flag", "person_id", name=op.f("uq_flag_waiters_flag_person_id")),
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
