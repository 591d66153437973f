"""Partners, their keys and orders, and what their programs are told."""

import sqlalchemy as sa
from alembic import op

from storage.engine.types import Bool, Int64, Json, UtcTime

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _table(
        "partners",
        _whole("client_id"),
        _text("tier"),
        _whole("monthly_quota"),
        sa.Column("enabled", Bool(), nullable=False),
        _text("webhook_url"),
        _text("webhook_secret"),
        _whole("version", server_default="1"),
        _moment("created_at"),
        _points_to("partners", "client_id", "people"),
        sa.UniqueConstraint("tenant", "client_id", name=op.f("uq_partners_tenant_client_id")),
    )
    op.create_index("ix_partners_tenant_id", "partners", ["tenant", "id"])
    _table(
        "partner_keys",
        _whole("partner_id"),
        _text("hash"),
        _moment("created_at"),
        _moment("expires_at", nullable=True),
        _points_to("partner_keys", "partner_id", "partners"),
    )
    op.create_index("ix_partner_keys_partner_id", "partner_keys", ["partner_id", "id"])
    _table("signing_keys", _text("secret"), _moment("created_at"))
    _orders()
    _messages()
    _table(
        "call_counts",
        _text("bucket"),
        _moment("began_at"),
        _moment("last_at"),
        _whole("calls"),
        sa.UniqueConstraint("tenant", "bucket", name=op.f("uq_call_counts_tenant_bucket")),
    )
    op.create_index("ix_call_counts_last_at", "call_counts", ["last_at"])


def _orders() -> None:
    _table(
        "partner_orders",
        _whole("partner_id"),
        _text("key"),
        _text("fingerprint"),
        _moment("locked_until"),
        _whole("brief_id", nullable=True),
        _text("answer", nullable=True),
        _moment("created_at"),
        _points_to("partner_orders", "partner_id", "partners"),
        _points_to("partner_orders", "brief_id", "briefs"),
        sa.UniqueConstraint("tenant", "partner_id", "key", name=op.f("uq_partner_orders_tenant_partner_id_key")),
    )
    ordered = sa.text("brief_id IS NOT NULL")
    for columns in (["brief_id"], ["partner_id", "created_at"]):
        name = f"ix_partner_orders_{'_'.join(columns)}"
        op.create_index(name, "partner_orders", columns, sqlite_where=ordered, postgresql_where=ordered)


def _messages() -> None:
    _table(
        "partner_messages",
        _whole("partner_id"),
        _text("name"),
        _text("type"),
        sa.Column("payload", Json(), nullable=False),
        _text("state", server_default="waiting"),
        _whole("attempts", server_default="0"),
        _whole("status", server_default="0"),
        _whole("took_ms", server_default="0"),
        _text("error", server_default=""),
        _moment("created_at"),
        _moment("tried_at", nullable=True),
        _points_to("partner_messages", "partner_id", "partners"),
        sa.UniqueConstraint("tenant", "partner_id", "name", name=op.f("uq_partner_messages_tenant_partner_id_name")),
    )
    op.create_index("ix_partner_messages_partner_id", "partner_messages", ["partner_id", "id"])
    op.create_index("ix_partner_messages_created_at", "partner_messages", ["created_at"])


def _text(name: str, *, nullable: bool = False, server_default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable, server_default=server_default)


def _whole(name: str, *, nullable: bool = False, server_default: str | None = None) -> sa.Column[int]:
    return sa.Column(name, Int64(), nullable=nullable, server_default=server_default)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[sa.types.TypeEngine[object]]:
    return sa.Column(name, UtcTime(), nullable=nullable)


def _points_to(name: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{name}_{column}_{other}"))


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
