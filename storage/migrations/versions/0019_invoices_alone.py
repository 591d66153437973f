"""Invoices are of a subject, which may be another than a brief, and have lines."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.engine.types import Int64, UtcTime
from storage.migrations import search_0003

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

BRIEFS = "brief:"
# What every invoice has besides its id: SQLite makes the table anew, since it takes no constraint off one.
COLUMNS: tuple[tuple[str, Any, bool, str | None], ...] = (
    ("tenant", sa.Text(), False, None),
    ("subject", sa.Text(), False, None),
    ("client_id", Int64(), False, None),
    ("amount_minor", Int64(), False, None),
    ("currency", sa.Text(), False, None),
    ("state", sa.Text(), False, None),
    ("version", Int64(), False, "1"),
    ("stripe_id", sa.Text(), True, None),
    ("number", sa.Text(), True, None),
    ("url", sa.Text(), True, None),
    ("pdf_url", sa.Text(), True, None),
    ("asked_at", UtcTime(), True, None),
    ("created_at", UtcTime(), False, None),
    ("opened_at", UtcTime(), True, None),
    ("paid_at", UtcTime(), True, None),
    ("due_at", UtcTime(), True, None),
    ("error", sa.Text(), True, None),
    ("attempt", Int64(), False, "1"),
    ("account", sa.Text(), True, None),
    ("mode", sa.Text(), True, None),
    ("marked", Int64(), False, "0"),
    ("links_at", UtcTime(), True, None),
    ("looked_at", UtcTime(), True, None),
    ("asked_minor", Int64(), True, None),
    ("carried_minor", Int64(), False, "0"),
    ("shipping_minor", Int64(), False, "0"),
    ("paid_minor", Int64(), False, "0"),
    ("unsettled", Int64(), False, "0"),
)
INDEXES: tuple[tuple[str, list[str], str], ...] = (
    ("ix_invoices_tenant_state_id", ["tenant", "state", "id"], ""),
    ("ix_invoices_client_id_id", ["client_id", "id"], ""),
    ("ix_invoices_tenant_id", ["tenant", "id"], ""),
    ("ix_invoices_not_at_stripe", ["id"], "state IN ('new', 'unknown')"),
    ("ix_invoices_missing", ["id"], "state = 'missing'"),
    ("ix_invoices_may_change", ["id"], "state IN ('open', 'uncollectible') OR unsettled > 0"),
)
# Of every invoice its one line: what the version before sent to the payment provider.
LINES = (
    "INSERT INTO invoice_lines (tenant, invoice_id, position, description, quantity, unit_minor, currency)"
    " SELECT invoices.tenant, invoices.id, 1, briefs.task_type || ': ' || briefs.title, 1, invoices.amount_minor,"
    " invoices.currency FROM invoices JOIN briefs ON briefs.id = CAST(substr(invoices.subject, 7) AS bigint)"
    " ORDER BY invoices.id"
)
# What admins were told last of credit notes after payment: the amount stands in the key.
CREDITED = (
    "UPDATE invoices SET credited_after_minor = coalesce((SELECT CAST(substr(payment_mismatches.key,"
    " length('credited:' || payment_mismatches.stripe_id || ':') + 1) AS bigint) FROM payment_mismatches"
    " WHERE payment_mismatches.tenant = invoices.tenant AND payment_mismatches.invoice_id = invoices.id"
    " AND payment_mismatches.kind = 'credit note' ORDER BY payment_mismatches.id DESC LIMIT 1), 0)"
    " WHERE id IN (SELECT invoice_id FROM payment_mismatches WHERE kind = 'credit note')"
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _made_anew()
    else:
        op.add_column("invoices", sa.Column("subject", sa.Text(), nullable=True))
        op.execute(f"UPDATE invoices SET subject = '{BRIEFS}' || brief_id")  # noqa: S608 - our own words
        op.alter_column("invoices", "subject", nullable=False)
        op.drop_column("invoices", "brief_id")
        op.create_unique_constraint("uq_invoices_tenant_subject", "invoices", ["tenant", "subject"])
    op.add_column("invoices", sa.Column("credited_after_minor", Int64(), server_default="0", nullable=False))
    _lines()
    op.execute(LINES)
    op.execute(CREDITED)


def _made_anew() -> None:
    """What points to the table is set aside meanwhile; its numbers go on where they were."""
    run = op.get_bind().exec_driver_sql
    (last,) = run("SELECT seq FROM sqlite_sequence WHERE name = 'invoices'").one()
    run("CREATE TEMP TABLE pointing AS SELECT id, invoice_id FROM payment_mismatches WHERE invoice_id IS NOT NULL")
    run("UPDATE payment_mismatches SET invoice_id = NULL")
    run("CREATE INDEX pointers ON payment_mismatches (invoice_id)")  # looked up for every row that goes
    _table("new_invoices", *_of_invoices())
    kept = ", ".join(name for name, *_ in COLUMNS if name != "subject")
    run(
        f"INSERT INTO new_invoices (id, subject, {kept})"  # noqa: S608 - our own names
        f" SELECT id, '{BRIEFS}' || brief_id, {kept} FROM invoices"
    )
    op.drop_table("invoices")
    op.rename_table("new_invoices", "invoices")
    run("UPDATE sqlite_sequence SET seq = ? WHERE name = 'invoices'", (last,))
    for name, columns, rows in INDEXES:
        op.create_index(name, "invoices", columns, sqlite_where=sa.text(rows) if rows else None)
    run(
        "UPDATE payment_mismatches SET invoice_id = (SELECT invoice_id FROM pointing WHERE id = payment_mismatches.id)"
        " WHERE id IN (SELECT id FROM pointing)"
    )
    run("DROP TABLE pointing")
    run("DROP INDEX pointers")
    *triggers, _filled = search_0003.sqlite_entries("invoices", "search_invoices")
    for trigger in triggers:
        run(trigger)


def _of_invoices() -> list[Any]:
    columns = [
        sa.Column(name, kind, nullable=nullable, server_default=default) for name, kind, nullable, default in COLUMNS
    ]
    return [
        *columns,
        sa.ForeignKeyConstraint(["client_id"], ["people.id"], name="fk_invoices_client_id_people"),
        sa.UniqueConstraint("stripe_id", name="uq_invoices_stripe_id"),
        sa.UniqueConstraint("tenant", "subject", name="uq_invoices_tenant_subject"),
    ]


def _lines() -> None:
    _table(
        "invoice_lines",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("invoice_id", Int64(), nullable=False),
        sa.Column("position", Int64(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("quantity", Int64(), nullable=False),
        sa.Column("unit_minor", Int64(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name="fk_invoice_lines_invoice_id_invoices"),
        sa.UniqueConstraint("invoice_id", "position", name="uq_invoice_lines_invoice_id_position"),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('invoice_lines', 1000)")


def _table(name: str, *items: Any) -> None:
    op.create_table(
        name,
        sa.Column("id", Int64(), sa.Identity(start=1001), nullable=False),
        *items,
        sa.PrimaryKeyConstraint("id", name=f"pk_{name.removeprefix('new_')}"),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )


def downgrade() -> None:
    raise NotImplementedError("migrations go forwards; restore the backup that was taken before")
