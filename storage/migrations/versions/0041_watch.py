"""Pauses of jobs with their reasons, tasks that are tried again, hours of load, sizes of workers, ages of secrets."""

import sqlalchemy as sa
from alembic import op

from storage.engine.types import Int64, UtcTime

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("job_pauses", sa.Column("reason", sa.Text(), nullable=False, server_default=""))
    op.add_column("job_pauses", sa.Column("since", UtcTime(), nullable=True))
    _table(
        "second_tries",
        ("kind", "subject"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("crew", sa.Text(), nullable=False),
        sa.Column("subject", Int64(), nullable=False),
        sa.Column("waits", Int64(), nullable=False),
        sa.Column("tries", Int64(), nullable=False, server_default="0"),
        sa.Column("since", UtcTime(), nullable=False),
    )
    _table(
        "load_hours",
        ("tenant", "series", "hour"),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("hour", UtcTime(), nullable=False),
        sa.Column("value", Int64(), nullable=False),
    )
    op.create_index("ix_load_hours_hour", "load_hours", ["hour"])
    _table(
        "worker_sizes",
        ("tenant", "pool"),
        sa.Column("pool", sa.Text(), nullable=False),
        sa.Column("size", Int64(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changed_at", UtcTime(), nullable=False),
    )
    _table(
        "secret_marks",
        ("tenant", "name"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("since", UtcTime(), nullable=False),
    )


def _table(name: str, unique: tuple[str, ...], *columns: "sa.Column[object]") -> None:
    op.create_table(
        name,
        sa.Column("id", Int64(), sa.Identity(start=1001), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint(*unique, name=op.f(f"uq_{name}_{'_'.join(unique)}")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"INSERT INTO sqlite_sequence (name, seq) VALUES ('{name}', 1000)")  # noqa: S608 - our own words


def downgrade() -> None:
    raise NotImplementedError("migrations go forwards; restore the backup that was taken before")
