"""People sign in to the pages: by links and keys, into sessions, and not too often. The audit trail has pages."""

import sqlalchemy as sa
from alembic import op

from storage.engine.types import Int64, UtcTime

revision = "0049"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _table(
        "sign_in_links",
        _person("sign_in_links"),
        _text("role"),
        _text("code_hash"),
        _moment("made_at"),
        _moment("used_at", nullable=True),
        sa.UniqueConstraint("code_hash", name=op.f("uq_sign_in_links_code_hash")),
    )
    op.create_index("ix_sign_in_links_made_at", "sign_in_links", ["made_at"])
    _table(
        "dashboard_keys",
        _person("dashboard_keys"),
        _text("key_hash"),
        _moment("made_at"),
        _moment("used_at", nullable=True),
        sa.UniqueConstraint("key_hash", name=op.f("uq_dashboard_keys_key_hash")),
        sa.UniqueConstraint("tenant", "person_id", name=op.f("uq_dashboard_keys_tenant_person_id")),
    )
    _table(
        "sessions",
        _person("sessions"),
        _text("role"),
        _text("token_hash"),
        _text("way"),
        _text("device"),
        _moment("began_at"),
        _moment("seen_at"),
        _moment("ended_at", nullable=True),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sessions_token_hash")),
    )
    op.create_index("ix_sessions_person_id", "sessions", ["person_id", "id"])
    op.create_index("ix_sessions_seen_at", "sessions", ["seen_at"])
    _table(
        "sign_in_places",
        _text("place"),
        _moment("since"),
        sa.Column("tries", Int64(), nullable=False, server_default="0"),
        sa.Column("failures", Int64(), nullable=False, server_default="0"),
        _moment("failed_at", nullable=True),
        sa.UniqueConstraint("tenant", "place", name=op.f("uq_sign_in_places_tenant_place")),
    )
    op.create_index("ix_sign_in_places_since", "sign_in_places", ["since"])
    op.create_index("ix_audit_tenant_id", "audit", ["tenant", "id"])
    op.create_index("ix_audit_subject_id", "audit", ["tenant", "subject", "id"])
    op.create_index("ix_audit_action_id", "audit", ["tenant", "action", "id"])


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[sa.types.TypeEngine[object]]:
    return sa.Column(name, UtcTime(), nullable=nullable)


def _person(table: str) -> sa.Column[int]:
    points_to = sa.ForeignKey("people.id", name=op.f(f"fk_{table}_person_id_people"))
    return sa.Column("person_id", Int64(), points_to, nullable=False)


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
