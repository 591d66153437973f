"""The audit log is only added to, and its entries are sealed into a chain.

Numbers of Telegram's go from the entries to tables where they can be erased: known people's stand in `people` already.
Entries of before wait to be sealed like new ones, which the job `audit_seal` does.
"""

import sqlalchemy as sa
from alembic import op

from storage.engine.types import Int64, UtcTime

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

KEPT = ("audit", "audit_seals", "audit_anchors")
STRANGERS = (
    "INSERT INTO audit_strangers (tenant, telegram_id) SELECT DISTINCT tenant, telegram_id FROM audit"
    " WHERE person_id IS NULL AND telegram_id IS NOT NULL",
    "UPDATE audit SET stranger_id = (SELECT id FROM audit_strangers AS s WHERE s.tenant = audit.tenant"
    " AND s.telegram_id = audit.telegram_id) WHERE person_id IS NULL AND telegram_id IS NOT NULL",
    # the number of a private chat is its person's
    "UPDATE audit SET subject = 'chat' WHERE subject = 'chat:' || telegram_id",
    "INSERT INTO audit_unsealed (tenant, entry_id) SELECT tenant, id FROM audit ORDER BY id",
)
REPLACES = (
    "CREATE TRIGGER {table}_replace BEFORE INSERT ON {table} BEGIN"
    " SELECT RAISE(ABORT, 'the audit log is only added to') WHERE EXISTS (SELECT 1 FROM {table} WHERE id = new.id); END"
)
SQLITE = (
    """CREATE TRIGGER audit_waits AFTER INSERT ON audit BEGIN
    INSERT INTO audit_unsealed (tenant, entry_id) VALUES (new.tenant, new.id);
END""",
    # REPLACE takes rows away without a word to the trigger of DELETE
    *(REPLACES.format(table=table) for table in KEPT),
    *(
        f"CREATE TRIGGER {table}_{word.lower()} BEFORE {word} ON {table}"
        " BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END"
        for table in KEPT
        for word in ("UPDATE", "DELETE")
    ),
)
POSTGRESQL = (
    """CREATE FUNCTION audit_waits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit_unsealed (tenant, entry_id) SELECT tenant, id FROM added;
    RETURN NULL;
END $$""",
    "CREATE TRIGGER audit_waits AFTER INSERT ON audit REFERENCING NEW TABLE AS added"
    " FOR EACH STATEMENT EXECUTE FUNCTION audit_waits()",
    """CREATE FUNCTION audit_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = 'the audit log is only added to';
END $$""",
    *(
        f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION audit_kept()"
        for table in KEPT
    ),
)


def upgrade() -> None:
    run = op.get_bind().exec_driver_sql
    _table("audit_strangers", "telegram_id", sa.Column("telegram_id", Int64(), nullable=True))
    _table("audit_unsealed", "entry_id", _whole("entry_id"))
    _table("audit_seals", "place", _whole("place"), _whole("entry_id"), _text("key"), _text("link"),
           sa.UniqueConstraint("tenant", "entry_id", name=op.f("uq_audit_seals_tenant_entry_id")))  # fmt: skip
    _table("audit_anchors", "place", _whole("place"), _text("link"), sa.Column("at", UtcTime(), nullable=False))
    op.add_column("audit", sa.Column("stranger_id", Int64(), nullable=True))
    for name in ("source", "reference", "before", "after"):
        op.add_column("audit", sa.Column(name, sa.Text(), nullable=True))
    op.create_index("ix_audit_person_id", "audit", ["tenant", "person_id", "id"])
    for statement in STRANGERS:
        run(statement)
    op.drop_column("audit", "telegram_id")
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        run(statement)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _whole(name: str) -> sa.Column[int]:
    return sa.Column(name, Int64(), nullable=False)


def _table(name: str, unique: str, *items: sa.schema.SchemaItem) -> None:
    op.create_table(
        name,
        sa.Column("id", Int64(), sa.Identity(start=1001), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        *items,
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint("tenant", unique, name=op.f(f"uq_{name}_tenant_{unique}")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"INSERT INTO sqlite_sequence (name, seq) VALUES ('{name}', 1000)")  # noqa: S608 - our own names


def downgrade() -> None:
    raise NotImplementedError("migrations go forwards; restore the backup that was taken before")
