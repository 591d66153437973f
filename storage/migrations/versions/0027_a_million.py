"""Words by their beginnings, stars by type of work, and counts of the gate's decisions by longer stretches of time."""

import sqlalchemy as sa
from alembic import op

from storage.migrations import search_0003

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

INDEXES_OF_WORDS = ("search", "search_people", "search_invoices")
# As long as a number with its customer's prefix usually is; more letters than these few numbers have in common.
BEGINNINGS_OF_NUMBERS = "2 3 4 5 6 7 8"
OF_BRIEF = "SELECT briefs.task_type FROM briefs WHERE briefs.id = ratings.brief_id"


def upgrade() -> None:
    op.add_column("ratings", sa.Column("task_type", sa.Text(), server_default="", nullable=False))
    op.execute(f"UPDATE ratings SET task_type = ({OF_BRIEF})")  # noqa: S608 - our own names
    op.create_index("ix_ratings_tenant_task_type", "ratings", ["tenant", "task_type", "created_at", "stars"])
    for table in ("verdict_counts", "label_counts", "verdict_folds"):  # made anew by the job `learning`
        op.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
    if op.get_bind().dialect.name == "sqlite":
        for statement in (*_numbers_anew(), *map(_terms, INDEXES_OF_WORDS)):
            op.get_bind().exec_driver_sql(statement)


def _numbers_anew() -> list[str]:
    """The index of invoices' numbers, with longer beginnings in it."""
    dropped = [f"DROP TRIGGER invoices_search_{name}" for name in ("added", "changed", "dropped")]
    index = "search_invoices"
    made = search_0003.sqlite_table(index, BEGINNINGS_OF_NUMBERS) + search_0003.sqlite_entries("invoices", index)
    return [*dropped, f"DROP TABLE {index}", *made]


def _terms(index: str) -> str:
    """The index's words in their order: https://sqlite.org/fts5.html#the_fts5vocab_virtual_table_module."""
    return f"CREATE VIRTUAL TABLE {index}_terms USING fts5vocab('{index}', 'instance')"


def downgrade() -> None:
    raise NotImplementedError("migrations go forwards; restore the backup that was taken before")
