"""Step-up: authenticators with their recovery codes, what was confirmed, and what admins ask each other to confirm."""

import sqlalchemy as sa
from alembic import op

from storage.engine.types import Int64, Json, UtcTime

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create(
        "authenticators",
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("pending", sa.Text(), nullable=False),
        sa.Column("last_step", Int64(), nullable=False),
        sa.Column("failures", Int64(), nullable=False),
        sa.Column("failed_at", UtcTime(), nullable=True),
        sa.Column("set_up_at", UtcTime(), nullable=True),
        sa.UniqueConstraint("tenant", "person_id", name=op.f("uq_authenticators_tenant_person_id")),
    )
    _create(
        "recovery_codes",
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("used_at", UtcTime(), nullable=True),
        sa.UniqueConstraint(
            "tenant", "person_id", "code_hash", name=op.f("uq_recovery_codes_tenant_person_id_code_hash")
        ),
    )
    _create(
        "step_ups",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("ends_at", UtcTime(), nullable=False),
        sa.UniqueConstraint("tenant", "person_id", "kind", name=op.f("uq_step_ups_tenant_person_id_kind")),
    )
    _create(
        "step_up_requests",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("again", Json(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("first_by", Int64(), nullable=True),
        sa.Column("ended_by", Int64(), nullable=True),
        sa.Column("asked_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["first_by"], ["people.id"], name=op.f("fk_step_up_requests_first_by_people")),
        sa.ForeignKeyConstraint(["ended_by"], ["people.id"], name=op.f("fk_step_up_requests_ended_by_people")),
    )


def _create(name: str, *columns: sa.schema.SchemaItem) -> None:
    """A table of something of a person's."""
    op.create_table(
        name,
        sa.Column("id", Int64(), sa.Identity(start=1001), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("person_id", Int64(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f(f"fk_{name}_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"INSERT INTO sqlite_sequence (name, seq) VALUES ('{name}', 1000)")  # noqa: S608 - our own names


def downgrade() -> None:
    raise NotImplementedError("migrations go forwards; restore the backup that was taken before")
