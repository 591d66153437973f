"""What limits on money let through."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.engine.types import Int64, UtcTime

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _table(
        "limit_holds",
        sa.Column("deed", sa.Text(), nullable=False),
        sa.UniqueConstraint("tenant", "deed", name=op.f("uq_limit_holds_tenant_deed")),
    )
    _table(
        "limit_passes",
        sa.Column("deed", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("person_id", Int64(), nullable=True),
        sa.Column("amount_minor", Int64(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("usd_cents", Int64(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("given_back_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_limit_passes_person_id_people")),
        sa.UniqueConstraint("tenant", "deed", "key", name=op.f("uq_limit_passes_tenant_deed_key")),
    )
    op.create_index("ix_limit_passes_tenant_deed_at", "limit_passes", ["tenant", "deed", "at"])


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
