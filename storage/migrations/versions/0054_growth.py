"""Referrals: links, who came by them, and credits that are taken off invoices; and whether clients recommend us."""

import sqlalchemy as sa
from alembic import op

from storage.engine.types import Int64, UtcTime

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None
OLDEST_CODE = "0051"


def upgrade() -> None:
    op.add_column("invoices", _whole("credit_minor", server_default="0"))
    _table(
        "referral_codes",
        _whole("person_id"),
        _text("code"),
        _moment("created_at"),
        _points_to("referral_codes", "person_id", "people"),
        sa.UniqueConstraint("code", name=op.f("uq_referral_codes_code")),
        sa.UniqueConstraint("tenant", "person_id", name=op.f("uq_referral_codes_tenant_person_id")),
    )
    _referrals()
    _questions()
    op.create_index("ix_people_tenant_role_created_at", "people", ["tenant", "role", "created_at"])
    _table(
        "referral_uses",
        _whole("referral_id"),
        _whole("invoice_id"),
        _whole("amount_minor"),
        _text("currency"),
        _text("state"),
        _whole("version", server_default="1"),
        _moment("created_at"),
        _points_to("referral_uses", "referral_id", "referrals"),
        _points_to("referral_uses", "invoice_id", "invoices"),
        sa.UniqueConstraint("invoice_id", "referral_id", name=op.f("uq_referral_uses_invoice_id_referral_id")),
    )


def _referrals() -> None:
    _table(
        "referrals",
        _whole("referrer_id"),
        _whole("person_id"),
        _moment("came_at"),
        _whole("invoice_id", nullable=True),
        _text("currency", nullable=True),
        _whole("earned_minor", server_default="0"),
        _whole("used_minor", server_default="0"),
        _whole("clawed_minor", server_default="0"),
        _whole("disputed_minor", server_default="0"),
        _whole("version", server_default="1"),
        _points_to("referrals", "referrer_id", "people"),
        _points_to("referrals", "person_id", "people"),
        _points_to("referrals", "invoice_id", "invoices"),
        sa.UniqueConstraint("tenant", "person_id", name=op.f("uq_referrals_tenant_person_id")),
    )
    op.create_index("ix_referrals_tenant_id", "referrals", ["tenant", "id"])
    op.create_index("ix_referrals_tenant_came_at", "referrals", ["tenant", "came_at"])
    op.create_index("ix_referrals_referrer_id_came_at", "referrals", ["referrer_id", "came_at"])
    paid = sa.text("invoice_id IS NOT NULL")
    op.create_index("ix_referrals_invoice_id", "referrals", ["invoice_id"], sqlite_where=paid, postgresql_where=paid)
    credit = sa.text("earned_minor > used_minor + clawed_minor")
    op.create_index(
        "ix_referrals_has_credit", "referrals", ["referrer_id", "id"], sqlite_where=credit, postgresql_where=credit
    )


def _questions() -> None:
    _table(
        "nps_questions",
        _whole("client_id"),
        _whole("brief_id"),
        _text("state"),
        _whole("score", nullable=True),
        _moment("due_at"),
        _moment("asked_at", nullable=True),
        _moment("answered_at", nullable=True),
        _whole("version", server_default="1"),
        _moment("created_at"),
        _points_to("nps_questions", "client_id", "people"),
        _points_to("nps_questions", "brief_id", "briefs"),
        sa.UniqueConstraint("brief_id", name=op.f("uq_nps_questions_brief_id")),
    )
    op.create_index("ix_nps_questions_client_id_id", "nps_questions", ["client_id", "id"])
    op.create_index("ix_nps_questions_tenant_answered_at", "nps_questions", ["tenant", "answered_at", "score"])
    waits = sa.text("state = 'waits'")
    columns = ["tenant", "due_at"]
    op.create_index("ix_nps_questions_waits", "nps_questions", columns, sqlite_where=waits, postgresql_where=waits)


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


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
