"""The gate and the desk: prompts, verdicts, ratings, duels, spending, attachments."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.engine.types import Bool, Int64, Json, UtcTime
from storage.migrations import search_0003

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def _table(name: str, *items: Any) -> None:
    op.create_table(
        name,
        sa.Column("id", Int64(), sa.Identity(start=1001), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        *items,
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )


def _points_to(table: str, column: str, target: str) -> None:
    # SQLite adds a column together with its reference, and no reference afterwards.
    kind = "BIGINT" if op.get_bind().dialect.name == "postgresql" else "INTEGER"
    name = f"fk_{table}_{column}_{target}"
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind} CONSTRAINT {name} REFERENCES {target} (id)")


def upgrade() -> None:
    _table(
        "spend",
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("used_micro_usd", Int64(), nullable=False),
        sa.UniqueConstraint("tenant", "scope", name=op.f("uq_spend_tenant_scope")),
    )
    _table(
        "adopted_lines",
        sa.Column("task_type", sa.Text(), nullable=False),
        sa.Column("target", Int64(), nullable=False),
        sa.Column("replaces", Int64(), nullable=False),
        sa.Column("evidence", Json(), nullable=False),
        sa.Column("person_id", Int64(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_adopted_lines_person_id_people")),
        sa.UniqueConstraint("tenant", "task_type", "replaces", name=op.f("uq_adopted_lines_tenant_task_type_replaces")),
    )
    op.create_index("ix_evaluations_brief_id", "evaluations", ["brief_id"], unique=False)
    op.create_index("ix_adopted_lines_tenant_task_type", "adopted_lines", ["tenant", "task_type", "id"], unique=False)
    _table(
        "prompts",
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("task_type", sa.Text(), nullable=False),
        sa.Column("version", Int64(), nullable=False),
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("changelog", sa.Text(), nullable=False),
        sa.Column("author_id", Int64(), nullable=True),
        sa.Column("active", Bool(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_prompts_author_id_people")),
        sa.UniqueConstraint(
            "tenant", "purpose", "task_type", "version", name=op.f("uq_prompts_tenant_purpose_task_type_version")
        ),
    )
    _table(
        "attachments",
        sa.Column("person_id", Int64(), nullable=False),
        sa.Column("brief_id", Int64(), nullable=True),
        sa.Column("source_key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("file_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("mime_type", sa.Text(), nullable=False),
        sa.Column("size", Int64(), nullable=False),
        sa.Column("seconds", Int64(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("extent", sa.Text(), nullable=True),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["brief_id"], ["briefs.id"], name=op.f("fk_attachments_brief_id_briefs")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_attachments_person_id_people")),
        sa.UniqueConstraint("tenant", "source_key", name=op.f("uq_attachments_tenant_source_key")),
    )
    op.create_index("ix_attachments_brief_id", "attachments", ["brief_id"], unique=False)
    _table(
        "duels",
        sa.Column("task_type", sa.Text(), nullable=False),
        sa.Column("prompt_a", Int64(), nullable=False),
        sa.Column("prompt_b", Int64(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("person_id", Int64(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("ended_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_duels_person_id_people")),
        sa.ForeignKeyConstraint(["prompt_a"], ["prompts.id"], name=op.f("fk_duels_prompt_a_prompts")),
        sa.ForeignKeyConstraint(["prompt_b"], ["prompts.id"], name=op.f("fk_duels_prompt_b_prompts")),
    )
    op.create_index(
        "ix_duels_running",
        "duels",
        ["tenant", "task_type"],
        unique=True,
        sqlite_where=sa.text("state = 'running'"),
        postgresql_where=sa.text("state = 'running'"),
    )
    _table(
        "probes",
        sa.Column("brief_id", Int64(), nullable=True),
        sa.Column("golden", sa.Text(), nullable=False),
        sa.Column("task_type", sa.Text(), nullable=False),
        sa.Column("judge_model", sa.Text(), nullable=False),
        sa.Column("weighted", Int64(), nullable=True),
        sa.Column("passed", Bool(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["brief_id"], ["briefs.id"], name=op.f("fk_probes_brief_id_briefs")),
    )
    op.create_index("ix_probes_tenant_created_at", "probes", ["tenant", "created_at"], unique=False)
    _table(
        "ratings",
        sa.Column("brief_id", Int64(), nullable=False),
        sa.Column("client_id", Int64(), nullable=False),
        sa.Column("stars", Int64(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("revision_id", Int64(), nullable=True),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["brief_id"], ["briefs.id"], name=op.f("fk_ratings_brief_id_briefs")),
        sa.ForeignKeyConstraint(["client_id"], ["people.id"], name=op.f("fk_ratings_client_id_people")),
        sa.ForeignKeyConstraint(["revision_id"], ["briefs.id"], name=op.f("fk_ratings_revision_id_briefs")),
        sa.UniqueConstraint("brief_id", name=op.f("uq_ratings_brief_id")),
    )
    op.create_index("ix_ratings_tenant_created_at", "ratings", ["tenant", "created_at"], unique=False)
    _table(
        "reservations",
        sa.Column("brief_id", Int64(), nullable=True),
        sa.Column("client_id", Int64(), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("reserved_micro_usd", Int64(), nullable=False),
        sa.Column("spent_micro_usd", Int64(), nullable=True),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("settled_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["brief_id"], ["briefs.id"], name=op.f("fk_reservations_brief_id_briefs")),
        sa.ForeignKeyConstraint(["client_id"], ["people.id"], name=op.f("fk_reservations_client_id_people")),
    )
    op.create_index(
        "ix_reservations_open",
        "reservations",
        ["id"],
        unique=False,
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    _table(
        "duel_pairs",
        sa.Column("duel_id", Int64(), nullable=False),
        sa.Column("brief_id", Int64(), nullable=False),
        sa.Column("text_a", sa.Text(), nullable=False),
        sa.Column("text_b", sa.Text(), nullable=False),
        sa.Column("winner", sa.Text(), nullable=True),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["brief_id"], ["briefs.id"], name=op.f("fk_duel_pairs_brief_id_briefs")),
        sa.ForeignKeyConstraint(["duel_id"], ["duels.id"], name=op.f("fk_duel_pairs_duel_id_duels")),
        sa.UniqueConstraint("duel_id", "brief_id", name=op.f("uq_duel_pairs_duel_id_brief_id")),
    )
    _table(
        "verdicts",
        sa.Column("brief_id", Int64(), nullable=False),
        sa.Column("draft_id", Int64(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("task_type", sa.Text(), nullable=False),
        sa.Column("weighted", Int64(), nullable=True),
        sa.Column("target", Int64(), nullable=False),
        sa.Column("passed", Bool(), nullable=False),
        sa.Column("audited", Bool(), nullable=False),
        sa.Column("blind", Bool(), nullable=False),
        sa.Column("prompt_id", Int64(), nullable=True),
        sa.Column("judge_model", sa.Text(), nullable=False),
        sa.Column("human", sa.Text(), nullable=True),
        sa.Column("person_id", Int64(), nullable=True),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("decided_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["brief_id"], ["briefs.id"], name=op.f("fk_verdicts_brief_id_briefs")),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name=op.f("fk_verdicts_draft_id_drafts")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_verdicts_person_id_people")),
        sa.ForeignKeyConstraint(["prompt_id"], ["prompts.id"], name=op.f("fk_verdicts_prompt_id_prompts")),
        sa.UniqueConstraint("draft_id", name=op.f("uq_verdicts_draft_id")),
    )
    op.create_index("ix_verdicts_tenant_created_at", "verdicts", ["tenant", "created_at"], unique=False)
    op.add_column("briefs", sa.Column("claimed_at", UtcTime(), nullable=True))
    op.add_column("briefs", sa.Column("in_review_at", UtcTime(), nullable=True))
    op.execute("UPDATE briefs SET in_review_at = updated_at WHERE state = 'in_review'")
    op.add_column("briefs", sa.Column("reminded", Int64(), server_default="0", nullable=False))
    op.add_column("briefs", sa.Column("flags", Json(), nullable=True))
    op.add_column("briefs", sa.Column("held", sa.Text(), nullable=True))
    op.add_column("briefs", sa.Column("failed_from", sa.Text(), nullable=True))
    op.add_column("briefs", sa.Column("first_attempt", Int64(), server_default="1", nullable=False))
    _points_to("briefs", "revision_of", "briefs")
    op.add_column("briefs", sa.Column("audio_seconds", Int64(), nullable=True))
    _points_to("drafts", "prompt_id", "prompts")
    op.create_index("ix_drafts_prompt_id", "drafts", ["prompt_id", "id"], unique=False)
    _points_to("drafts", "author_id", "people")
    op.add_column("drafts", sa.Column("format", sa.Text(), nullable=True))
    op.add_column("invoices", sa.Column("error", sa.Text(), nullable=True))
    op.add_column("people", sa.Column("qa_target", Int64(), nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "INSERT INTO sqlite_sequence (name, seq) SELECT name, 1000 FROM sqlite_master "
            "WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%' AND name NOT IN (SELECT name FROM sqlite_sequence)"
        )
    for statement in search_0003.statements(op.get_bind().dialect.name):
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    raise NotImplementedError("migrations go forwards; restore the backup that was taken before")
