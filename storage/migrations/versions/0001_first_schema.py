"""The first schema."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.engine.types import Bool, Int64, Json, UtcTime

revision = "0001"
down_revision = None
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


def upgrade() -> None:
    _table(
        "bindings",
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.UniqueConstraint("tenant", "system", "name", name=op.f("uq_bindings_tenant_system_name")),
    )
    _table(
        "inbox",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("payload", Json(), nullable=False),
        sa.Column("received_at", UtcTime(), nullable=False),
        sa.Column("processed_at", UtcTime(), nullable=True),
        sa.Column("attempts", Int64(), server_default="0", nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.UniqueConstraint("source", "external_id", name=op.f("uq_inbox_source_external_id")),
    )
    op.create_index(
        "ix_inbox_waiting",
        "inbox",
        ["source", "id"],
        unique=False,
        sqlite_where=sa.text("processed_at IS NULL"),
        postgresql_where=sa.text("processed_at IS NULL"),
    )
    _table(
        "job_runs",
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("scheduled_at", UtcTime(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("commit", sa.Text(), nullable=False),
        sa.Column("started_at", UtcTime(), nullable=True),
        sa.Column("finished_at", UtcTime(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.UniqueConstraint("job", "scheduled_at", name=op.f("uq_job_runs_job_scheduled_at")),
    )
    op.create_index("ix_job_runs_job_id", "job_runs", ["job", "id"], unique=False)
    _table(
        "outbox",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("destination", sa.Text(), nullable=False),
        sa.Column("slot", sa.Text(), nullable=True),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("payload", Json(), nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("attempts", Int64(), server_default="0", nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("run_at", UtcTime(), nullable=False),
        sa.Column("sent_at", UtcTime(), nullable=True),
        sa.UniqueConstraint("tenant", "channel", "key", name=op.f("uq_outbox_tenant_channel_key")),
    )
    op.create_index(
        "ix_outbox_slot_waiting",
        "outbox",
        ["slot"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index(
        "ix_outbox_waiting",
        "outbox",
        ["channel", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    _table(
        "people",
        sa.Column("telegram_id", Int64(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("reach", sa.Text(), server_default="open", nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.UniqueConstraint("telegram_id", name=op.f("uq_people_telegram_id")),
    )
    _table(
        "placements",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.UniqueConstraint("channel", "slot", name=op.f("uq_placements_channel_slot")),
    )
    _table(
        "postings",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("posted_at", UtcTime(), nullable=False),
        sa.UniqueConstraint("tenant", "key", name=op.f("uq_postings_tenant_key")),
    )
    op.create_index("ix_postings_tenant_posted_at", "postings", ["tenant", "posted_at"], unique=False)
    _table(
        "tasks",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", Int64(), nullable=False),
        sa.Column("priority", Int64(), nullable=False),
        sa.Column("run_at", UtcTime(), nullable=False),
        sa.Column("asked", Int64(), server_default="1", nullable=False),
        sa.Column("failures", Int64(), server_default="0", nullable=False),
        sa.UniqueConstraint("key", name=op.f("uq_tasks_key")),
    )
    op.create_index("ix_tasks_run_at", "tasks", ["run_at"], unique=False)
    _table(
        "audit",
        sa.Column("person_id", Int64(), nullable=True),
        sa.Column("telegram_id", Int64(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_audit_person_id_people")),
    )
    op.create_index("ix_audit_tenant_at", "audit", ["tenant", "at"], unique=False)
    _table(
        "briefs",
        sa.Column("client_id", Int64(), nullable=False),
        sa.Column("chat_id", Int64(), nullable=False),
        sa.Column("source_key", sa.Text(), nullable=False),
        sa.Column("task_type", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", Int64(), server_default="1", nullable=False),
        sa.Column("qa_target", Int64(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("deadline", UtcTime(), nullable=True),
        sa.Column("price_minor", Int64(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("attempt", Int64(), server_default="0", nullable=False),
        sa.Column("draft_id", Int64(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("claimed_by", Int64(), nullable=True),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["claimed_by"], ["people.id"], name=op.f("fk_briefs_claimed_by_people")),
        sa.ForeignKeyConstraint(["client_id"], ["people.id"], name=op.f("fk_briefs_client_id_people")),
        sa.UniqueConstraint("tenant", "source_key", name=op.f("uq_briefs_tenant_source_key")),
    )
    op.create_index("ix_briefs_client_id_id", "briefs", ["client_id", "id"], unique=False)
    op.create_index("ix_briefs_tenant_created_at", "briefs", ["tenant", "created_at"], unique=False)
    op.create_index("ix_briefs_tenant_state_id", "briefs", ["tenant", "state", "id"], unique=False)
    _table(
        "conversations",
        sa.Column("person_id", Int64(), nullable=False),
        sa.Column("chat_id", Int64(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("data", Json(), nullable=False),
        sa.Column("version", Int64(), server_default="1", nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_conversations_person_id_people")),
        sa.UniqueConstraint("person_id", "chat_id", name=op.f("uq_conversations_person_id_chat_id")),
    )
    _table(
        "customers",
        sa.Column("person_id", Int64(), nullable=False),
        sa.Column("stripe_id", sa.Text(), nullable=True),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_customers_person_id_people")),
        sa.UniqueConstraint("person_id", name=op.f("uq_customers_person_id")),
    )
    _table(
        "events",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("data", Json(), nullable=False),
        sa.Column("person_id", Int64(), nullable=True),
        sa.Column("at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_events_person_id_people")),
    )
    op.create_index("ix_events_subject", "events", ["subject", "id"], unique=False)
    op.create_index("ix_events_tenant_name_at", "events", ["tenant", "name", "at"], unique=False)
    _table(
        "invites",
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("created_by", Int64(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("expires_at", UtcTime(), nullable=False),
        sa.Column("redeemed_by", Int64(), nullable=True),
        sa.Column("redeemed_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["people.id"], name=op.f("fk_invites_created_by_people")),
        sa.ForeignKeyConstraint(["redeemed_by"], ["people.id"], name=op.f("fk_invites_redeemed_by_people")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_invites_code_hash")),
    )
    _table(
        "job_pauses",
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("until", UtcTime(), nullable=False),
        sa.Column("person_id", Int64(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_job_pauses_person_id_people")),
        sa.UniqueConstraint("job", name=op.f("uq_job_pauses_job")),
    )
    _table(
        "posting_lines",
        sa.Column("posting_id", Int64(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("amount_minor", Int64(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.CheckConstraint("amount_minor <> 0", name=op.f("ck_posting_lines_not_zero")),
        sa.ForeignKeyConstraint(["posting_id"], ["postings.id"], name=op.f("fk_posting_lines_posting_id_postings")),
    )
    op.create_index("ix_posting_lines_posting_id", "posting_lines", ["posting_id"], unique=False)
    op.create_index("ix_posting_lines_tenant_account", "posting_lines", ["tenant", "account"], unique=False)
    _table(
        "drafts",
        sa.Column("brief_id", Int64(), nullable=False),
        sa.Column("attempt", Int64(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["brief_id"], ["briefs.id"], name=op.f("fk_drafts_brief_id_briefs")),
        sa.UniqueConstraint("brief_id", "attempt", name=op.f("uq_drafts_brief_id_attempt")),
    )
    _table(
        "invoices",
        sa.Column("brief_id", Int64(), nullable=False),
        sa.Column("client_id", Int64(), nullable=False),
        sa.Column("amount_minor", Int64(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", Int64(), server_default="1", nullable=False),
        sa.Column("stripe_id", sa.Text(), nullable=True),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("pdf_url", sa.Text(), nullable=True),
        sa.Column("asked_at", UtcTime(), nullable=True),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("opened_at", UtcTime(), nullable=True),
        sa.Column("paid_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["brief_id"], ["briefs.id"], name=op.f("fk_invoices_brief_id_briefs")),
        sa.ForeignKeyConstraint(["client_id"], ["people.id"], name=op.f("fk_invoices_client_id_people")),
        sa.UniqueConstraint("brief_id", name=op.f("uq_invoices_brief_id")),
        sa.UniqueConstraint("stripe_id", name=op.f("uq_invoices_stripe_id")),
    )
    op.create_index("ix_invoices_client_id_id", "invoices", ["client_id", "id"], unique=False)
    op.create_index("ix_invoices_tenant_state_id", "invoices", ["tenant", "state", "id"], unique=False)
    _table(
        "model_calls",
        sa.Column("brief_id", Int64(), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("prompt_version", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("input_tokens", Int64(), nullable=False),
        sa.Column("output_tokens", Int64(), nullable=False),
        sa.Column("cost_micro_usd", Int64(), nullable=False),
        sa.Column("latency_ms", Int64(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["brief_id"], ["briefs.id"], name=op.f("fk_model_calls_brief_id_briefs")),
    )
    op.create_index("ix_model_calls_brief_id", "model_calls", ["brief_id"], unique=False)
    op.create_index("ix_model_calls_tenant_created_at", "model_calls", ["tenant", "created_at"], unique=False)
    _table(
        "decisions",
        sa.Column("brief_id", Int64(), nullable=False),
        sa.Column("draft_id", Int64(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("person_id", Int64(), nullable=True),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["brief_id"], ["briefs.id"], name=op.f("fk_decisions_brief_id_briefs")),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name=op.f("fk_decisions_draft_id_drafts")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_decisions_person_id_people")),
    )
    op.create_index("ix_decisions_brief_id", "decisions", ["brief_id"], unique=False)
    op.create_index("ix_decisions_tenant_created_at", "decisions", ["tenant", "created_at"], unique=False)
    _table(
        "evaluations",
        sa.Column("brief_id", Int64(), nullable=False),
        sa.Column("draft_id", Int64(), nullable=False),
        sa.Column("look", Int64(), nullable=False),
        sa.Column("results", Json(), nullable=False),
        sa.Column("weighted", Int64(), nullable=True),
        sa.Column("passed", Bool(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["brief_id"], ["briefs.id"], name=op.f("fk_evaluations_brief_id_briefs")),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name=op.f("fk_evaluations_draft_id_drafts")),
        sa.UniqueConstraint("draft_id", "look", name=op.f("uq_evaluations_draft_id_look")),
    )


def downgrade() -> None:
    raise NotImplementedError("migrations go forwards; restore the backup that was taken before")
