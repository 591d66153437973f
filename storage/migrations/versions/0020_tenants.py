"""Tenants with settings of their own, and runs of jobs for each of them."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.engine.types import Int64, Json, UtcTime

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tenants",
        *_id_and_tenant("tenants"),
        sa.Column("brand", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="active", nullable=False),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("prices", Json(), nullable=True),
        sa.Column("targets", Json(), nullable=True),
        sa.Column("ceilings", Json(), nullable=True),
        sa.Column("time_zone", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.UniqueConstraint("tenant", name=op.f("uq_tenants_tenant")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    if _is_sqlite():
        op.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('tenants', 1000)")
    op.execute(
        "INSERT INTO tenants (tenant, brand, created_at)"
        " SELECT tenant, 'EchoPilot', min(created_at) FROM people GROUP BY tenant ORDER BY tenant"
    )
    _unique_by_tenant("job_runs", "job", "scheduled_at")
    _unique_by_tenant("job_pauses", "job")


def _id_and_tenant(name: str) -> tuple[Any, ...]:
    return (
        sa.Column("id", Int64(), sa.Identity(start=1001), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _unique_by_tenant(name: str, *columns: str) -> None:
    """What was unique is so within a tenant. SQLite cannot change a constraint: such a table is made anew."""
    before = f"uq_{name}_{'_'.join(columns)}"
    after = f"uq_{name}_{'_'.join(('tenant', *columns))}"
    if not _is_sqlite():
        op.drop_constraint(before, name, type_="unique")
        op.create_unique_constraint(after, name, ["tenant", *columns])
        return
    op.create_table(
        f"{name}_anew",
        *_id_and_tenant(name),
        *_COLUMNS[name](),
        sa.UniqueConstraint("tenant", *columns, name=op.f(after)),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    names = ", ".join(
        f'"{column}"' for column in ("id", "tenant", *(c.name for c in _COLUMNS[name]() if _is_column(c)))
    )
    op.execute(f"INSERT INTO {name}_anew ({names}) SELECT {names} FROM {name}")  # noqa: S608 - our own names
    op.execute(f"DELETE FROM sqlite_sequence WHERE name = '{name}_anew'")  # noqa: S608
    op.execute(f"INSERT INTO sqlite_sequence SELECT '{name}_anew', seq FROM sqlite_sequence WHERE name = '{name}'")  # noqa: S608
    op.drop_table(name)
    op.rename_table(f"{name}_anew", name)
    for index, of in _INDEXES.get(name, {}).items():
        op.create_index(index, name, of)


def _is_column(item: Any) -> bool:
    return isinstance(item, sa.Column)


def _runs() -> tuple[Any, ...]:
    return (
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("scheduled_at", UtcTime(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("commit", sa.Text(), nullable=False),
        sa.Column("started_at", UtcTime(), nullable=True),
        sa.Column("finished_at", UtcTime(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
    )


def _pauses() -> tuple[Any, ...]:
    return (
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("until", UtcTime(), nullable=False),
        sa.Column("person_id", Int64(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_job_pauses_person_id_people")),
    )


_COLUMNS = {"job_runs": _runs, "job_pauses": _pauses}
_INDEXES = {"job_runs": {"ix_job_runs_job_id": ["job", "id"], "ix_job_runs_scheduled_at": ["scheduled_at"]}}


def downgrade() -> None:
    raise NotImplementedError("migrations go forwards; restore the backup that was taken before")
