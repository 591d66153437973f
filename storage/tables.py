"""Every table, once. Each has a tenant; times are UTC; amounts are whole minor units beside a currency."""

from typing import Any

from sqlalchemy import CheckConstraint, Column, ForeignKey, Identity, Index, MetaData, Table, Text, UniqueConstraint

from storage.columns import Flag, Json, Moment, Whole

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _table(name: str, *items: Any) -> Table:
    """A table with its own id and a tenant; ids are never used twice, since people quote them."""
    return Table(
        name,
        metadata,
        Column("id", Whole, Identity(always=False, start=1001), primary_key=True),
        Column("tenant", Text, nullable=False),
        *items,
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )


def _text(name: str, **options: Any) -> Column[str]:
    return Column(name, Text, nullable=options.pop("nullable", False), **options)


def _whole(name: str, **options: Any) -> Column[int]:
    return Column(name, Whole, nullable=options.pop("nullable", False), **options)


def _moment(name: str, **options: Any) -> Column[Any]:
    return Column(name, Moment, nullable=options.pop("nullable", False), **options)


def _points_to(name: str, target: str, *, nullable: bool = False) -> Column[int]:
    return Column(name, Whole, ForeignKey(f"{target}.id"), nullable=nullable)


people = _table(
    "people",
    _whole("telegram_id", unique=True),
    _text("name"),
    _text("role"),
    _text("language"),
    _text("email", nullable=True),
    # "open", or "blocked" once Telegram says that the person stopped the bot
    _text("reach", server_default="open"),
    _moment("created_at"),
)

invites = _table(
    "invites",
    _text("code_hash", unique=True),
    _text("role"),
    _points_to("created_by", "people"),
    _moment("created_at"),
    _moment("expires_at"),
    _points_to("redeemed_by", "people", nullable=True),
    _moment("redeemed_at", nullable=True),
)

# Written before an update, webhook or call is acknowledged; unique by the sender's own id.
inbox = _table(
    "inbox",
    _text("source"),
    _text("external_id"),
    Column("payload", Json, nullable=False),
    _moment("received_at"),
    _moment("processed_at", nullable=True),
    _whole("attempts", server_default="0"),
    _text("error", nullable=True),
    UniqueConstraint("source", "external_id"),
)
Index("ix_inbox_waiting", inbox.c.source, inbox.c.id, sqlite_where=inbox.c.processed_at.is_(None),
      postgresql_where=inbox.c.processed_at.is_(None))  # fmt: skip

# What is to be told to the outside. One row a message, mirror row or mail.
outbox = _table(
    "outbox",
    _text("channel"),
    # the chat, the mirror's database, the mail address
    _text("destination"),
    # a slot is one message or row that is kept up to date; a newer row for it replaces a waiting older one
    _text("slot", nullable=True),
    _text("key", nullable=True),
    Column("payload", Json, nullable=False),
    # waiting, sent, replaced, undeliverable
    _text("state", server_default="waiting"),
    _whole("attempts", server_default="0"),
    _text("error", nullable=True),
    _moment("created_at"),
    _moment("run_at"),
    _moment("sent_at", nullable=True),
    UniqueConstraint("tenant", "channel", "key"),
)
Index("ix_outbox_waiting", outbox.c.channel, outbox.c.id, sqlite_where=outbox.c.state == "waiting",
      postgresql_where=outbox.c.state == "waiting")  # fmt: skip
Index("ix_outbox_slot_waiting", outbox.c.slot, sqlite_where=outbox.c.state == "waiting",
      postgresql_where=outbox.c.state == "waiting")  # fmt: skip

# Where a slot's message or row is: the message id in a chat, the page id in a mirror.
placements = _table(
    "placements",
    _text("channel"),
    _text("slot"),
    _text("external_id"),
    _moment("updated_at"),
    UniqueConstraint("channel", "slot"),
)

# Ids learnt from an outside system that belong to a name of ours (a mirror's database).
bindings = _table(
    "bindings",
    _text("system"),
    _text("name"),
    _text("external_id"),
    _moment("updated_at"),
    UniqueConstraint("tenant", "system", "name"),
)

conversations = _table(
    "conversations",
    _points_to("person_id", "people"),
    _whole("chat_id"),
    _text("step"),
    Column("data", Json, nullable=False),
    _whole("version", server_default="1"),
    _moment("updated_at"),
    UniqueConstraint("person_id", "chat_id"),
)

briefs = _table(
    "briefs",
    _points_to("client_id", "people"),
    _whole("chat_id"),
    # the message or call that the brief came from; the same one twice is one brief
    _text("source_key"),
    _text("task_type"),
    _text("title"),
    _text("text"),
    _text("state"),
    _whole("version", server_default="1"),
    _whole("qa_target"),
    _text("language"),
    _moment("deadline", nullable=True),
    _whole("price_minor"),
    _text("currency"),
    _whole("attempt", server_default="0"),
    # the draft that a card shows or that was approved
    _whole("draft_id", nullable=True),
    # what a person asked to be done differently; such a draft goes back to people
    _text("note", nullable=True),
    _text("reason", nullable=True),
    _points_to("claimed_by", "people", nullable=True),
    _moment("created_at"),
    _moment("updated_at"),
    UniqueConstraint("tenant", "source_key"),
)
Index("ix_briefs_tenant_state_id", briefs.c.tenant, briefs.c.state, briefs.c.id)
Index("ix_briefs_client_id_id", briefs.c.client_id, briefs.c.id)
Index("ix_briefs_tenant_created_at", briefs.c.tenant, briefs.c.created_at)

drafts = _table(
    "drafts",
    _points_to("brief_id", "briefs"),
    _whole("attempt"),
    _text("text"),
    _text("content_hash"),
    _text("model"),
    _moment("created_at"),
    UniqueConstraint("brief_id", "attempt"),
)

evaluations = _table(
    "evaluations",
    _points_to("brief_id", "briefs"),
    _points_to("draft_id", "drafts"),
    # 1: the first judgement of the draft, 2: the independent second look
    _whole("look"),
    # one {criterion, score, reason, quote} per criterion; empty where the answer was not scored
    Column("results", Json, nullable=False),
    # hundredths of a point, 0 to 10,000; null where not scored
    _whole("weighted", nullable=True),
    Column("passed", Flag, nullable=False),
    _text("model"),
    _moment("created_at"),
    UniqueConstraint("draft_id", "look"),
)

model_calls = _table(
    "model_calls",
    _points_to("brief_id", "briefs", nullable=True),
    _text("purpose"),
    _text("prompt_version"),
    _text("model"),
    # ok, or what went wrong: refused, cut, filtered, malformed, failed
    _text("outcome"),
    _whole("input_tokens"),
    _whole("output_tokens"),
    # millionths of a US dollar
    _whole("cost_micro_usd"),
    _whole("latency_ms"),
    _moment("created_at"),
)
Index("ix_model_calls_brief_id", model_calls.c.brief_id)
Index("ix_model_calls_tenant_created_at", model_calls.c.tenant, model_calls.c.created_at)

decisions = _table(
    "decisions",
    _points_to("brief_id", "briefs"),
    _points_to("draft_id", "drafts"),
    _text("content_hash"),
    # null: by the automatic gate
    _points_to("person_id", "people", nullable=True),
    _text("verdict"),
    _text("reason", nullable=True),
    _moment("created_at"),
)
Index("ix_decisions_brief_id", decisions.c.brief_id)
Index("ix_decisions_tenant_created_at", decisions.c.tenant, decisions.c.created_at)

customers = _table(
    "customers",
    _points_to("person_id", "people"),
    _text("stripe_id", nullable=True),
    _moment("created_at"),
    UniqueConstraint("person_id"),
)

invoices = _table(
    "invoices",
    _points_to("brief_id", "briefs"),
    _points_to("client_id", "people"),
    _whole("amount_minor"),
    _text("currency"),
    # new, unknown, open, paid, void; see bot.billing.model
    _text("state"),
    _whole("version", server_default="1"),
    _text("stripe_id", nullable=True, unique=True),
    _text("number", nullable=True),
    _text("url", nullable=True),
    _text("pdf_url", nullable=True),
    # when Stripe was first asked: its idempotency keys are forgotten after 24 hours
    _moment("asked_at", nullable=True),
    _moment("created_at"),
    _moment("opened_at", nullable=True),
    _moment("paid_at", nullable=True),
    UniqueConstraint("brief_id"),
)
Index("ix_invoices_tenant_state_id", invoices.c.tenant, invoices.c.state, invoices.c.id)
Index("ix_invoices_client_id_id", invoices.c.client_id, invoices.c.id)

# Double entry: the lines of one posting sum to zero per currency (bot.billing.ledger).
postings = _table(
    "postings",
    _text("key"),
    _text("kind"),
    _text("reference"),
    _moment("posted_at"),
    UniqueConstraint("tenant", "key"),
)
Index("ix_postings_tenant_posted_at", postings.c.tenant, postings.c.posted_at)

posting_lines = _table(
    "posting_lines",
    _points_to("posting_id", "postings"),
    _text("account"),
    _whole("amount_minor"),
    _text("currency"),
    CheckConstraint("amount_minor <> 0", name="not_zero"),
)
Index("ix_posting_lines_posting_id", posting_lines.c.posting_id)
Index("ix_posting_lines_tenant_account", posting_lines.c.tenant, posting_lines.c.account)

events = _table(
    "events",
    _text("subject"),
    _text("name"),
    Column("data", Json, nullable=False),
    _points_to("person_id", "people", nullable=True),
    _moment("at"),
)
Index("ix_events_subject", events.c.subject, events.c.id)
Index("ix_events_tenant_name_at", events.c.tenant, events.c.name, events.c.at)

audit = _table(
    "audit",
    _points_to("person_id", "people", nullable=True),
    # the Telegram user, also where nobody is known by it
    _whole("telegram_id", nullable=True),
    _text("action"),
    _text("subject"),
    _text("outcome"),
    _moment("at"),
)
Index("ix_audit_tenant_at", audit.c.tenant, audit.c.at)

job_runs = _table(
    "job_runs",
    _text("job"),
    _moment("scheduled_at"),
    # waiting, running, done, failed, missed
    _text("state"),
    _text("commit"),
    _moment("started_at", nullable=True),
    _moment("finished_at", nullable=True),
    _text("result", nullable=True),
    UniqueConstraint("job", "scheduled_at"),
)
Index("ix_job_runs_job_id", job_runs.c.job, job_runs.c.id)

job_pauses = _table(
    "job_pauses",
    _text("job", unique=True),
    _moment("until"),
    _points_to("person_id", "people"),
)

# The SQLite engine's own (on PostgreSQL, Procrastinate's tables take its place).
tasks = _table(
    "tasks",
    _text("key", unique=True),
    _text("kind"),
    _whole("subject"),
    _whole("priority"),
    _moment("run_at"),
    # how often it was asked for: a change while it runs means that it runs once more
    _whole("asked", server_default="1"),
    _whole("failures", server_default="0"),
)
Index("ix_tasks_run_at", tasks.c.run_at)
