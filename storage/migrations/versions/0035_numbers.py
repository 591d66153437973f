"""A quote has no number: its id is below zero until its client's yes, and a trigger has what points to it follow.

Quotes of before keep the id that they have, which is their number at the yes.
"""

import sqlalchemy as sa
from alembic import op

from storage.engine.types import Int64, UtcTime

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

# What may point to a brief before its client's yes. All else comes after it, which the foreign keys hold to.
FOLLOW = ("attachments", "text_parts", "remarks")
# An id that changes has the database look for what still points to it: by these, where no index begins with the column.
POINTING = (
    ("briefs", "revision_of"),
    ("text_parts", "brief_id"),
    ("remarks", "brief_id"),
    ("probes", "brief_id"),
    ("ratings", "revision_id"),
    ("reservations", "brief_id"),
)
MOVES = (
    " ".join(f"UPDATE {table} SET brief_id = new.id WHERE brief_id = old.id;" for table in FOLLOW)  # noqa: S608
    + " UPDATE threads SET subject = 'brief:' || new.id WHERE tenant = old.tenant AND subject = 'brief:' || old.id"
    " AND chat_id = (SELECT telegram_id FROM people WHERE people.id = old.client_id);"
)
# SQLite counts up by what is inserted alone.
COUNT_UP = "UPDATE sqlite_sequence SET seq = max(seq, new.id) WHERE name = 'briefs';"
SQLITE = (f"CREATE TRIGGER briefs_numbered AFTER UPDATE OF id ON briefs BEGIN {COUNT_UP} {MOVES} END",)
# RI_ConstraintTrigger… looks whether something points nowhere: triggers fire in the order of their names.
POSTGRESQL = (
    f"CREATE FUNCTION briefs_numbered() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {MOVES} RETURN NULL; END $$",
    'CREATE TRIGGER "BRIEFS_NUMBERED" AFTER UPDATE OF id ON briefs FOR EACH ROW WHEN (old.id <> new.id)'
    " EXECUTE FUNCTION briefs_numbered()",
)


def upgrade() -> None:
    op.create_table(
        "quotes",
        sa.Column("id", Int64(), sa.Identity(start=1001), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quotes")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.add_column("briefs", sa.Column("quote_id", Int64(), nullable=True))
    _index("ix_briefs_quote_id", "briefs", ["quote_id"], "quote_id IS NOT NULL", unique=True)
    _index("ix_briefs_waits_for_yes", "briefs", ["tenant", "client_id", "id"], "state = 'quoted'")
    for table, column in POINTING:
        _index(f"ix_{table}_{column}", table, [column], f"{column} IS NOT NULL")
    op.create_index("ix_duel_pairs_brief_id", "duel_pairs", ["brief_id"])
    dialect = op.get_bind().dialect.name
    for statement in (*(SQLITE if dialect == "sqlite" else POSTGRESQL), *_words(dialect)):
        op.get_bind().exec_driver_sql(statement)
    if dialect == "sqlite":
        op.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('quotes', 1000)")


def _index(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    op.create_index(name, table, columns, unique=unique, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def _words(dialect: str) -> list[str]:
    """The entry of a brief's words follows its id too."""
    name = "briefs_search_changed" if dialect == "sqlite" else "briefs_search"
    if dialect == "sqlite":
        query = f"SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = '{name}'"  # noqa: S608 - our own name
    else:
        query = f"SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname = '{name}'"  # noqa: S608 - our own name
    made = str(op.get_bind().exec_driver_sql(query).scalar_one())
    drop = f"DROP TRIGGER {name}" + ("" if dialect == "sqlite" else " ON briefs")
    return [drop, made.replace("UPDATE OF title", "UPDATE OF id, title")]


def downgrade() -> None:
    raise NotImplementedError("migrations go forwards; restore the backup that was taken before")
