"""Closed days say up to which entry they go, and are kept by the database."""

import sqlalchemy as sa
from alembic import op

from storage.engine.types import Int64

revision = "0037"
down_revision = "0035"
branch_labels = None
depends_on = None

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
    op.add_column("closed_days", sa.Column("last_entry", Int64(), nullable=True))
    dated = sa.text("written_at IS NOT NULL")
    _index("ix_postings_written_at", "postings", ["tenant", "written_at"], dated)
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def _index(name: str, table: str, columns: list[str], where: sa.TextClause, *, unique: bool = False) -> None:
    op.create_index(name, table, columns, unique=unique, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    raise NotImplementedError("migrations go forwards; restore the backup that was taken before")
