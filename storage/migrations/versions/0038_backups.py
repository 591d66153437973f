"""Backups are rows: those made, how they did when they were tried, and when one was put back."""

import sqlalchemy as sa
from alembic import op

from storage.engine.types import Int64, UtcTime

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _table(
        "backups",
        _text("name"),
        _text("manifest"),
        _moment("made_at"),
        _whole("took_ms"),
        _moment("verified_at", nullable=True),
        _moment("replicated_at", nullable=True),
        _moment("gone_at", nullable=True),
        sa.UniqueConstraint("tenant", "name", name=op.f("uq_backups_tenant_name")),
    )
    _table(
        "backup_trials",
        _whole("backup_id"),
        _text("kind"),
        _text("place"),
        _moment("began_at"),
        _whole("took_ms"),
        sa.Column("passed", sa.Integer(), nullable=False),
        _text("steps"),
        sa.ForeignKeyConstraint(["backup_id"], ["backups.id"], name=op.f("fk_backup_trials_backup_id_backups")),
    )
    _table(
        "restores",
        _text("backup"),
        _moment("backup_at"),
        _moment("restored_at"),
        _text("held"),
        sa.Column("stripe", sa.Text(), nullable=False, server_default=""),
        sa.Column("version", Int64(), nullable=False, server_default="1"),
    )


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _whole(name: str) -> sa.Column[int]:
    return sa.Column(name, Int64(), nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[sa.types.TypeEngine[object]]:
    return sa.Column(name, UtcTime(), nullable=nullable)


def _table(name: str, *items: sa.schema.SchemaItem) -> None:
    op.create_table(
        name,
        sa.Column("id", Int64(), sa.Identity(start=1001), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        *items,
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"INSERT INTO sqlite_sequence (name, seq) VALUES ('{name}', 1000)")  # noqa: S608 - our own words


def downgrade() -> None:
    raise NotImplementedError("migrations go forwards; restore the backup that was taken before")
