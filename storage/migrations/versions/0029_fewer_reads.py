"""Words by longer beginnings, and counts of stars and probes beside those of the gate's decisions."""

import sqlalchemy as sa
from alembic import op

from storage.engine.types import Bool, Int64
from storage.migrations import search_0003

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

# by their tables: the index, and how many letters of a word's beginning are in it
WORDS = {"briefs": ("search", 8), "people": ("search_people", 12)}


def upgrade() -> None:
    _counts("star_counts", sa.Column("stars", Int64(), nullable=False), "ratings")
    _counts("probe_counts", sa.Column("passed", Bool(), nullable=False), "probes")
    for table in ("verdict_counts", "label_counts", "verdict_folds"):  # made anew by the job `learning`
        op.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
    if op.get_bind().dialect.name == "sqlite":
        for statement in (one for table, of in WORDS.items() for one in _anew(table, *of)):
            op.get_bind().exec_driver_sql(statement)


def _counts(name: str, kind: sa.Column[int] | sa.Column[bool], counted: str) -> None:
    op.create_table(
        name,
        sa.Column("id", Int64(), sa.Identity(start=1001), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("fold_id", Int64(), nullable=False),
        sa.Column("task_type", sa.Text(), nullable=False),
        kind,
        sa.Column(counted, Int64(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        sa.ForeignKeyConstraint(["fold_id"], ["verdict_folds.id"], name=f"fk_{name}_fold_id_verdict_folds"),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    op.create_index(f"ix_{name}_fold_id", name, ["fold_id"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"INSERT INTO sqlite_sequence (name, seq) VALUES ('{name}', 1000)")  # noqa: S608 - our own names


def _anew(table: str, index: str, longest: int) -> list[str]:
    """An index of words, with longer beginnings in it, and its words in their order."""
    dropped = [f"DROP TRIGGER {table}_search_{name}" for name in ("added", "changed", "dropped")]
    dropped += [f"DROP TABLE {index}_terms", f"DROP TABLE {index}"]
    beginnings = " ".join(map(str, range(2, longest + 1)))
    made = search_0003.sqlite_table(index, beginnings) + search_0003.sqlite_entries(table, index)
    return [*dropped, *made, f"CREATE VIRTUAL TABLE {index}_terms USING fts5vocab('{index}', 'instance')"]


def downgrade() -> None:
    raise NotImplementedError("migrations go forwards; restore the backup that was taken before")
