"""Alerts, runbooks, incidents, who is on duty, models that are left out, and what each person wants to hear when."""

import sqlalchemy as sa
from alembic import op

from storage.engine.types import Int64, Json, UtcTime

revision = "0040"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("people", sa.Column("quiet_hours", sa.Text(), nullable=True))
    op.add_column("people", sa.Column("heard", sa.Text(), nullable=True))
    _incidents()
    _alerts()
    _duties()
    _routes()


def _incidents() -> None:
    name = "incidents"
    _table(
        name,
        _text("title"),
        _text("severity"),
        _whole("version", "1"),
        _moment("opened_at"),
        _optional("opened_by"),
        _moment("changed_at"),
        _moment("calm_since", nullable=True),
        _optional("taken_by"),
        _moment("taken_at", nullable=True),
        _whole("rung", "0"),
        _moment("paged_at", nullable=True),
        _moment("closed_at", nullable=True),
        _optional("closed_by"),
        _text("summary", nullable=True),
        _text("summary_model", nullable=True),
        _whole("summary_event", "0"),
        *(_points(name, column, "people") for column in ("opened_by", "taken_by", "closed_by")),
    )
    _index("ix_incidents_open", name, ["tenant", "id"], "closed_at IS NULL")
    op.create_index("ix_incidents_tenant_id", name, ["tenant", "id"])
    op.create_index("ix_incidents_opened_at", name, ["tenant", "opened_at"])


def _alerts() -> None:
    name = "alerts"
    _table(
        name,
        _text("rule"),
        _text("fingerprint"),
        _text("severity"),
        sa.Column("facts", Json(), nullable=False),
        _whole("version", "1"),
        _moment("opened_at"),
        _moment("seen_at"),
        _whole("times", "1"),
        _whole("openings", "1"),
        _moment("openings_since"),
        _moment("gone_since", nullable=True),
        sa.Column("told", Json(), nullable=False),
        _optional("taken_by"),
        _moment("taken_at", nullable=True),
        _moment("snoozed_until", nullable=True),
        _moment("nagged_at", nullable=True),
        _whole("nags", "0"),
        _moment("resolved_at", nullable=True),
        _optional("resolved_by"),
        _optional("incident_id"),
        *(_points(name, column, "people") for column in ("taken_by", "resolved_by")),
        _points(name, "incident_id", "incidents"),
        sa.UniqueConstraint("tenant", "rule", "fingerprint", name=op.f(f"uq_{name}_tenant_rule_fingerprint")),
    )
    _index("ix_alerts_open", name, ["tenant", "id"], "resolved_at IS NULL")
    op.create_index("ix_alerts_opened_at", name, ["tenant", "opened_at"])
    op.create_index("ix_alerts_incident_id", name, ["incident_id", "id"])
    _index("ix_alerts_resolved_at", name, ["resolved_at"], "resolved_at IS NOT NULL")
    name = "runbook_runs"
    _table(
        name,
        _whole("alert_id"),
        _whole("alert_version"),
        _text("action"),
        _whole("person_id"),
        _moment("done_at"),
        sa.Column("facts", Json(), nullable=False),
        _text("state"),
        _moment("checked_at", nullable=True),
        _points(name, "alert_id", "alerts"),
        _points(name, "person_id", "people"),
        sa.UniqueConstraint("alert_id", "alert_version", name=op.f(f"uq_{name}_alert_id_alert_version")),
    )
    _index("ix_runbook_runs_unchecked", name, ["tenant", "id"], "state = 'done'")


def _duties() -> None:
    name = "duties"
    _table(
        name,
        _whole("person_id"),
        _whole("place"),
        _optional("offered_by"),
        _moment("offered_at"),
        _text("note", nullable=True),
        _text("note_model", nullable=True),
        _moment("since", nullable=True),
        _moment("until", nullable=True),
        *(_points(name, column, "people") for column in ("person_id", "offered_by")),
    )
    _index("ix_duties_now", name, ["tenant", "place"], "since IS NOT NULL AND until IS NULL", unique=True)


def _routes() -> None:
    name = "model_routes"
    _table(
        name,
        _text("model"),
        _moment("until"),
        _whole("person_id"),
        _points(name, "person_id", "people"),
        sa.UniqueConstraint("tenant", "model", name=op.f(f"uq_{name}_tenant_model")),
    )


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _whole(name: str, default: str | None = None) -> sa.Column[int]:
    return sa.Column(name, Int64(), nullable=False, server_default=default)


def _optional(name: str) -> sa.Column[int]:
    return sa.Column(name, Int64(), nullable=True)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, UtcTime(), nullable=nullable)


def _points(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def _index(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    clause = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=clause, postgresql_where=clause)


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
