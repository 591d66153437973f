"""Repairs that need another's yes, closed days that say up to which entry, and what was paid outside of Stripe."""

import sqlalchemy as sa
from alembic import op

from storage.engine.types import Int64, UtcTime

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

# What stands on "bank" of an invoice is what came in outside of Stripe: that credit notes give back there is newer.
ELSEWHERE = (
    "UPDATE invoices SET elsewhere_minor = (SELECT coalesce(sum(posting_lines.amount_minor), 0) FROM posting_lines"
    " JOIN postings ON postings.id = posting_lines.posting_id WHERE postings.tenant = invoices.tenant"
    " AND postings.reference = 'invoice:' || invoices.id AND posting_lines.account = 'bank'"
    " AND posting_lines.amount_minor > 0) WHERE paid_minor > 0"
)
# What was closed stays so, since the ledger goes on from it.
KEPT = "a closed day is not changed"
SQLITE = (
    f"CREATE TRIGGER closed_days_replace BEFORE INSERT ON closed_days BEGIN SELECT RAISE(ABORT, '{KEPT}')"  # noqa: S608
    " WHERE EXISTS (SELECT 1 FROM closed_days WHERE id = new.id OR (tenant = new.tenant AND day = new.day)); END",
    *(
        f"CREATE TRIGGER closed_days_{word.lower()} BEFORE {word} ON closed_days"
        f" BEGIN SELECT RAISE(ABORT, '{KEPT}'); END"
        for word in ("UPDATE", "DELETE")
    ),
)
POSTGRESQL = (
    "CREATE TRIGGER closed_days_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON closed_days"
    " FOR EACH STATEMENT EXECUTE FUNCTION ledger_kept()",
)


def upgrade() -> None:
    op.add_column("invoices", sa.Column("elsewhere_minor", Int64(), nullable=False, server_default="0"))
    op.execute(ELSEWHERE)
    op.add_column("ledger_mismatches", sa.Column("version", Int64(), nullable=False, server_default="1"))
    op.add_column("closed_days", sa.Column("last_entry", Int64(), nullable=True))
    dated = sa.text("written_at IS NOT NULL")
    _index("ix_postings_written_at", "postings", ["tenant", "written_at"], dated)
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)
    _repairs()
    _together()


def _index(name: str, table: str, columns: list[str], where: sa.TextClause, *, unique: bool = False) -> None:
    op.create_index(name, table, columns, unique=unique, sqlite_where=where, postgresql_where=where)


def _repairs() -> None:
    name = "ledger_repairs"
    op.create_table(
        name,
        sa.Column("id", Int64(), sa.Identity(start=1001), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("mismatch_id", Int64(), nullable=False),
        sa.Column("mismatch_version", Int64(), nullable=False),
        sa.Column("asked_by", Int64(), nullable=False),
        sa.Column("amount_minor", Int64(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", Int64(), nullable=False, server_default="1"),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mismatch_id"], ["ledger_mismatches.id"], name=op.f(f"fk_{name}_mismatch_id_ledger_mismatches")
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["people.id"], name=op.f(f"fk_{name}_asked_by_people")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"INSERT INTO sqlite_sequence (name, seq) VALUES ('{name}', 1000)")  # noqa: S608 - our own words
    waits = sa.text("state IN ('approved', 'requested')")
    _index("ix_ledger_repairs_waits", name, ["tenant", "mismatch_id"], waits, unique=True)


def _together() -> None:
    name = "paid_together"
    op.create_table(
        name,
        sa.Column("id", Int64(), sa.Identity(start=1001), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("first", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint("tenant", "about", name=op.f(f"uq_{name}_tenant_about")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index(f"ix_{name}_tenant_first", name, ["tenant", "first"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"INSERT INTO sqlite_sequence (name, seq) VALUES ('{name}', 1000)")  # noqa: S608 - our own words


def downgrade() -> None:
    raise NotImplementedError("migrations go forwards; restore the backup that was taken before")
