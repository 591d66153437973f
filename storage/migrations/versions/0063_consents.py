"""What people allow, where they live, what a region's rules are, and who asked for their data."""

import sqlalchemy as sa
from alembic import op

from storage.engine.types import Int64, UtcTime

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _table(
        "consents",
        _points("consents", "person_id"),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("given", sa.Integer(), nullable=False),
        sa.Column("wording", Int64(), nullable=False),
        _moment("said_at"),
        _moment("replaced_at", nullable=True),
    )
    counts = sa.text("replaced_at IS NULL")
    columns = ["tenant", "person_id", "purpose"]
    op.create_index(
        "ix_consents_counts", "consents", columns, unique=True, sqlite_where=counts, postgresql_where=counts
    )
    op.create_index("ix_consents_person_id", "consents", ["person_id", "id"])
    _table(
        "person_regions",
        _points("person_regions", "person_id"),
        sa.Column("region", sa.Text(), nullable=True),
        _moment("asked_at", nullable=True),
        _moment("chosen_at", nullable=True),
        sa.UniqueConstraint("tenant", "person_id", name=op.f("uq_person_regions_tenant_person_id")),
    )
    op.create_index("ix_person_regions_tenant_region", "person_regions", ["tenant", "region", "person_id"])
    _table(
        "region_rules",
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("retention_days", Int64(), nullable=True),
        sa.Column("refused", sa.Text(), nullable=False, server_default=""),
        _points("region_rules", "changed_by"),
        _moment("changed_at"),
        sa.Column("version", Int64(), nullable=False, server_default="1"),
        sa.UniqueConstraint("tenant", "region", name=op.f("uq_region_rules_tenant_region")),
    )
    _table(
        "data_requests",
        _points("data_requests", "person_id"),
        sa.Column("code_hash", sa.Text(), nullable=False),
        _moment("asked_at"),
        _moment("ends_at"),
        _moment("answered_at", nullable=True),
        sa.UniqueConstraint("code_hash", name=op.f("uq_data_requests_code_hash")),
    )
    waits = sa.text("answered_at IS NULL")
    columns = ["tenant", "asked_at", "id"]
    op.create_index("ix_data_requests_open", "data_requests", columns, sqlite_where=waits, postgresql_where=waits)
    op.create_index("ix_data_requests_person_id", "data_requests", ["person_id", "id"])


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
        op.execute(f"INSERT INTO sqlite_sequence (name, seq) VALUES ('{name}', 1000)")  # noqa: S608 - names of ours


def _points(table: str, name: str) -> sa.Column[int]:
    return sa.Column(name, Int64(), sa.ForeignKey("people.id", name=op.f(f"fk_{table}_{name}_people")), nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[sa.types.TypeEngine[object]]:
    return sa.Column(name, UtcTime(), nullable=nullable)


def downgrade() -> None:
    raise NotImplementedError("migrations go forwards; restore the backup that was taken before")
