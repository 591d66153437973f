"""The ledger is held against what moved at Stripe, and its days are closed: a trigger refuses what is posted into them.

What credit notes gave back after payment, and payouts, are booked from now on: those kept are looked at once more.
"""

import sqlalchemy as sa
from alembic import op

from storage.engine.types import Int64, UtcTime

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

LOOK_AGAIN = (
    "UPDATE invoices SET credited_after_minor = 0 WHERE credited_after_minor <> 0 AND EXISTS (SELECT 1 FROM inbox"
    " WHERE source = 'stripe' AND error IS NULL AND payload LIKE '{\"type\":\"credit_note.%'"
    " AND payload LIKE '%' || invoices.stripe_id || '%')",
    "UPDATE inbox SET processed_at = NULL, error = NULL WHERE source = 'stripe' AND processed_at IS NOT NULL"
    ' AND (payload LIKE \'{"type":"credit_note.%\' AND error IS NULL'
    " OR payload LIKE '{\"type\":\"payout.%' AND error LIKE '%is not acted on')",
)
CLOSED = "SELECT max(until) FROM closed_days WHERE tenant = new.tenant"
SQLITE = f"""CREATE TRIGGER postings_closed BEFORE INSERT ON postings BEGIN
    SELECT RAISE(ABORT, 'the books of that day are closed: only a correction is dated into it')
        WHERE new.kind <> 'correction' AND new.posted_at < ({CLOSED});
END"""
POSTGRESQL = (
    f"""CREATE FUNCTION postings_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF new.kind <> 'correction' AND new.posted_at < ({CLOSED}) THEN
        PERFORM ledger_refuses('the books of that day are closed: only a correction is dated into it');
    END IF;
    RETURN new;
END $$""",
    "CREATE TRIGGER postings_closed BEFORE INSERT ON postings FOR EACH ROW EXECUTE FUNCTION postings_closed()",
)


def upgrade() -> None:
    op.add_column("postings", sa.Column("written_at", UtcTime(), nullable=True))
    _moves()
    _mismatches()
    _runs()
    sqlite = op.get_bind().dialect.name == "sqlite"
    run = op.get_bind().exec_driver_sql
    for statement in (SQLITE,) if sqlite else POSTGRESQL:
        run(statement)
    for statement in LOOK_AGAIN:
        run(statement if sqlite else statement.replace("%", "%%"))


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


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _whole(name: str, *, nullable: bool = False, **options: str) -> sa.Column[int]:
    return sa.Column(name, Int64(), nullable=nullable, **options)  # type: ignore[arg-type]


def _moves() -> None:
    name = "balance_moves"
    _table(
        name,
        _text("stripe_id"),
        _text("category"),
        _text("owner", nullable=True),
        _text("books", nullable=True),
        _text("about", nullable=True),
        _whole("gross_minor"),
        _whole("fee_minor"),
        _text("currency"),
        _whole("face_minor", nullable=True),
        _text("face_currency", nullable=True),
        _text("source", nullable=True),
        _text("intent", nullable=True),
        _text("payout", nullable=True),
        _text("description"),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.UniqueConstraint("tenant", "stripe_id", name=op.f(f"uq_{name}_tenant_stripe_id")),
    )
    op.create_index(f"ix_{name}_tenant_created_at", name, ["tenant", "created_at"])
    op.create_index(f"ix_{name}_books_about", name, ["books", "about"])
    op.create_index(f"ix_{name}_books_created_at", name, ["books", "created_at"])
    op.create_index(f"ix_{name}_intent", name, ["tenant", "intent"])
    op.create_index(f"ix_{name}_tenant_payout", name, ["tenant", "payout"])
    unknown = sa.text("owner IS NULL")
    op.create_index(f"ix_{name}_not_known", name, ["id"], sqlite_where=unknown, postgresql_where=unknown)


def _mismatches() -> None:
    name = "ledger_mismatches"
    _table(
        name,
        _text("key"),
        _text("kind"),
        _text("about"),
        _text("move", nullable=True),
        _whole("here_gross", nullable=True),
        _whole("here_fee", nullable=True),
        _text("here_currency", nullable=True),
        _whole("there_gross", nullable=True),
        _whole("there_fee", nullable=True),
        _text("there_currency", nullable=True),
        _whole("entry", nullable=True),
        _whole("corrected", server_default="0"),
        _whole("paid", server_default="0"),
        sa.Column("found_at", UtcTime(), nullable=False),
        sa.Column("closed_at", UtcTime(), nullable=True),
        _text("ending", nullable=True),
        _whole("closed_by", nullable=True),
        sa.ForeignKeyConstraint(["closed_by"], ["people.id"], name=op.f(f"fk_{name}_closed_by_people")),
        sa.UniqueConstraint("tenant", "key", name=op.f(f"uq_{name}_tenant_key")),
    )
    still = sa.text("closed_at IS NULL")
    op.create_index(f"ix_{name}_open", name, ["tenant", "id"], sqlite_where=still, postgresql_where=still)


def _runs() -> None:
    _table(
        "reconciliations",
        sa.Column("since", UtcTime(), nullable=False),
        _whole("moves"),
        sa.Column("ended_at", UtcTime(), nullable=False),
    )
    op.create_index("ix_reconciliations_tenant_id", "reconciliations", ["tenant", "id"])
    _table(
        "closed_days",
        _text("day"),
        sa.Column("until", UtcTime(), nullable=False),
        sa.Column("closed_at", UtcTime(), nullable=False),
        _text("balances"),
        _whole("open_mismatches"),
        sa.UniqueConstraint("tenant", "day", name=op.f("uq_closed_days_tenant_day")),
    )
    op.create_index("ix_closed_days_tenant_until", "closed_days", ["tenant", "until"])


def downgrade() -> None:
    raise NotImplementedError("migrations go forwards; restore the backup that was taken before")
