"""Indexes by which pages, counts and jobs read what they show alone, and counts of what the gate decided."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.engine.types import Bool, Int64
from storage.migrations import search_0003

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

GOES_ON = (
    "state IN ('approved', 'delivered', 'drafting', 'failed', 'in_review', 'judging', 'queued')"
    " AND (state != 'delivered' OR price_minor > 0)"
)
# name, table, columns, and which rows it has where that is not all
INDEXES: tuple[tuple[str, str, list[str], str], ...] = (
    ("ix_briefs_tenant_id", "briefs", ["tenant", "id"], ""),
    ("ix_briefs_open", "briefs", ["tenant", "state", "client_id"], GOES_ON),
    ("ix_briefs_open_updated_at", "briefs", ["updated_at"], GOES_ON),
    ("ix_briefs_held", "briefs", ["id"], "held IS NOT NULL"),
    ("ix_invoices_tenant_id", "invoices", ["tenant", "id"], ""),
    ("ix_invoices_not_at_stripe", "invoices", ["id"], "state IN ('new', 'unknown')"),
    ("ix_invoices_missing", "invoices", ["id"], "state = 'missing'"),
    ("ix_invoices_may_change", "invoices", ["id"], "state IN ('open', 'uncollectible') OR unsettled > 0"),
    ("ix_inbox_processed_at", "inbox", ["processed_at"], "processed_at IS NOT NULL"),
    ("ix_inbox_source_received_at", "inbox", ["source", "received_at"], ""),
    ("ix_outbox_ended", "outbox", ["created_at"], "state != 'waiting'"),
    ("ix_job_runs_scheduled_at", "job_runs", ["scheduled_at"], ""),
    ("ix_text_parts_created_at", "text_parts", ["created_at"], ""),
    ("ix_model_calls_prompt_version", "model_calls", ["tenant", "prompt_version", "created_at"], ""),
    ("ix_people_tenant_id", "people", ["tenant", "id"], ""),
    ("ix_people_tenant_role", "people", ["tenant", "role", "id"], ""),
    ("ix_verdicts_tenant_task_type", "verdicts", ["tenant", "task_type", "id"], ""),
    ("ix_verdicts_brief_id", "verdicts", ["brief_id"], ""),
    ("ix_ratings_tenant_created_at_stars", "ratings", ["tenant", "created_at", "stars"], ""),
    ("ix_people_own_line", "people", ["tenant", "id"], "qa_target IS NOT NULL"),
)


def upgrade() -> None:
    op.drop_index("ix_ratings_tenant_created_at")
    for name, table, columns, rows in INDEXES:
        where = sa.text(rows) if rows else None
        op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
    _table("verdict_folds", _whole("days"), _whole("number"), _text("floors"),
           sa.UniqueConstraint("tenant", "days", "number", name="uq_verdict_folds_tenant_days_number"))  # fmt: skip
    _table(
        "verdict_counts",
        *_of_fold("verdict_counts"),
        _text("task_type"),
        sa.Column("prompt_id", Int64(), nullable=True),
        _text("judge_model"),
        sa.Column("passed", Bool(), nullable=False),
        sa.Column("blind", Bool(), nullable=False),
        sa.Column("good", Bool(), nullable=True),
        *map(_whole, ("decisions", "scored", "weighted")),
        sa.ForeignKeyConstraint(["prompt_id"], ["prompts.id"], name="fk_verdict_counts_prompt_id_prompts"),
    )
    _table(
        "label_counts",
        *_of_fold("label_counts"),
        *map(_text, ("task_type", "judge_model")),
        _whole("points"),
        sa.Column("good", Bool(), nullable=False),
        _whole("labels"),
    )
    for table in ("verdict_counts", "label_counts"):
        op.create_index(f"ix_{table}_fold_id", table, ["fold_id"])

    if op.get_bind().dialect.name == "sqlite":
        for statement in _words_by_kind():
            op.get_bind().exec_driver_sql(statement)


def _words_by_kind() -> list[str]:
    """Clients and invoices have word lists of their own, so that a word that every brief has is not looked up there."""
    made: list[str] = []
    for table in ("people", "invoices"):
        index = f"search_{table}"
        made += search_0003.sqlite_leave(table) + search_0003.sqlite_table(index)
        made += search_0003.sqlite_entries(table, index)
    return made


def _table(name: str, *items: sa.Column[Any] | sa.Constraint) -> None:
    op.create_table(
        name,
        sa.Column("id", Int64(), sa.Identity(start=1001), nullable=False),
        _text("tenant"),
        *items,
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"INSERT INTO sqlite_sequence (name, seq) VALUES ('{name}', 1000)")  # noqa: S608 - our own names


def _of_fold(name: str) -> tuple[sa.Column[Any], sa.Constraint]:
    folds = sa.ForeignKeyConstraint(["fold_id"], ["verdict_folds.id"], name=f"fk_{name}_fold_id_verdict_folds")
    return _whole("fold_id"), folds


def _whole(name: str) -> sa.Column[Any]:
    return sa.Column(name, Int64(), nullable=False)


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=False)


def downgrade() -> None:
    raise NotImplementedError("migrations go forwards; restore the backup that was taken before")
