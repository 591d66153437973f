"""The business's tables; those of money are in `storage.billing_tables`, those of the gate in `storage.gate_tables`.

Each has a tenant; times are UTC; amounts are whole minor units beside a currency.
"""

from sqlalchemy import Column, Index, UniqueConstraint

from storage.columns import Flag, Json
from storage.schema import moment, points_to, table, text, whole

people = table(
    "people",
    whole("telegram_id", unique=True),
    text("name"),
    text("role"),
    # the role that an invitation or an admin gave; null where only ADMIN_TELEGRAM_IDS makes them an admin
    text("granted", nullable=True),
    text("language"),
    text("email", nullable=True),
    # the line of a client's briefs where it is not their type's
    whole("qa_target", nullable=True),
    # "open", or "blocked" once Telegram says that the person stopped the bot
    text("reach", server_default="open"),
    moment("created_at"),
    moment("removed_at", nullable=True),
)

invites = table(
    "invites",
    text("code_hash", unique=True),
    text("role"),
    points_to("created_by", "people"),
    moment("created_at"),
    moment("expires_at"),
    points_to("redeemed_by", "people", nullable=True),
    moment("redeemed_at", nullable=True),
    moment("revoked_at", nullable=True),
)

# Groups in which what is otherwise told in private may be answered.
team_rooms = table(
    "team_rooms",
    whole("chat_id", unique=True),
    text("title"),
    points_to("bound_by", "people"),
    moment("bound_at"),
    moment("ended_at", nullable=True),
    # the /here that changed it last: the same one twice has one effect
    whole("message_id"),
)

# Written before an update, webhook or call is acknowledged; unique by the sender's own id.
inbox = table(
    "inbox",
    text("source"),
    text("external_id"),
    Column("payload", Json, nullable=False),
    moment("received_at"),
    moment("processed_at", nullable=True),
    whole("attempts", server_default="0"),
    text("error", nullable=True),
    UniqueConstraint("source", "external_id"),
)
Index("ix_inbox_waiting", inbox.c.source, inbox.c.id, sqlite_where=inbox.c.processed_at.is_(None),
      postgresql_where=inbox.c.processed_at.is_(None))  # fmt: skip

# What is to be told to the outside. One row a message, mirror row or mail.
outbox = table(
    "outbox",
    text("channel"),
    # the chat, with its topic behind a slash; the mirror's database, the mail address
    text("destination"),
    # a slot is one message or row that is kept up to date; a newer row for it replaces a waiting older one
    text("slot", nullable=True),
    text("key", nullable=True),
    Column("payload", Json, nullable=False),
    # waiting, sent, replaced, undeliverable
    text("state", server_default="waiting"),
    whole("attempts", server_default="0"),
    text("error", nullable=True),
    moment("created_at"),
    moment("run_at"),
    moment("sent_at", nullable=True),
    UniqueConstraint("tenant", "channel", "key"),
)
Index("ix_outbox_waiting", outbox.c.channel, outbox.c.id, sqlite_where=outbox.c.state == "waiting",
      postgresql_where=outbox.c.state == "waiting")  # fmt: skip
Index("ix_outbox_slot_waiting", outbox.c.slot, sqlite_where=outbox.c.state == "waiting",
      postgresql_where=outbox.c.state == "waiting")  # fmt: skip
Index("ix_outbox_undeliverable", outbox.c.channel, outbox.c.destination,
      sqlite_where=outbox.c.state == "undeliverable",
      postgresql_where=outbox.c.state == "undeliverable")  # fmt: skip

# Where a slot's message or row is: the message id in a chat, the page id in a mirror.
placements = table(
    "placements",
    text("channel"),
    text("slot"),
    text("external_id"),
    moment("updated_at"),
    UniqueConstraint("channel", "slot"),
)

# Ids learnt from an outside system that belong to a name of ours (a mirror's database).
bindings = table(
    "bindings",
    text("system"),
    text("name"),
    text("external_id"),
    moment("updated_at"),
    UniqueConstraint("tenant", "system", "name"),
)

conversations = table(
    "conversations",
    points_to("person_id", "people"),
    whole("chat_id"),
    text("step"),
    Column("data", Json, nullable=False),
    whole("version", server_default="1"),
    moment("updated_at"),
    UniqueConstraint("person_id", "chat_id"),
)

briefs = table(
    "briefs",
    points_to("client_id", "people"),
    whole("chat_id"),
    # of a forum that it came from; 0: the chat itself
    whole("topic", server_default="0"),
    # the message or call that the brief came from; the same one twice is one brief
    text("source_key"),
    text("task_type"),
    text("title"),
    text("text"),
    text("state"),
    whole("version", server_default="1"),
    whole("qa_target"),
    text("language"),
    moment("deadline", nullable=True),
    whole("price_minor"),
    text("currency"),
    whole("attempt", server_default="0"),
    # the draft that a card shows or that was approved
    whole("draft_id", nullable=True),
    # what a person asked to be done differently; such a draft goes back to people
    text("note", nullable=True),
    text("reason", nullable=True),
    points_to("claimed_by", "people", nullable=True),
    moment("claimed_at", nullable=True),
    # since when it waits for a person, and how many rungs of reminders were climbed
    moment("in_review_at", nullable=True),
    whole("reminded", server_default="0"),
    # names of the kinds of injection that were found in the material
    Column("flags", Json, nullable=True),
    # the ceiling that it waits for
    text("held", nullable=True),
    # the state in which a fault stopped it
    text("failed_from", nullable=True),
    # the attempt that it began with when it was last started from the beginning
    whole("first_attempt", server_default="1"),
    # the brief that this one revises for free
    points_to("revision_of", "briefs", nullable=True),
    whole("audio_seconds", nullable=True),
    moment("created_at"),
    moment("updated_at"),
    UniqueConstraint("tenant", "source_key"),
)
Index("ix_briefs_tenant_state_id", briefs.c.tenant, briefs.c.state, briefs.c.id)
Index("ix_briefs_client_id_id", briefs.c.client_id, briefs.c.id)
Index("ix_briefs_tenant_created_at", briefs.c.tenant, briefs.c.created_at)

# What came with a brief, or with the conversation that becomes one.
attachments = table(
    "attachments",
    points_to("person_id", "people"),
    points_to("brief_id", "briefs", nullable=True),
    # the message that it came with: a brief takes in what its messages brought
    text("source_key"),
    # document, image, audio, voice
    text("kind"),
    text("file_id"),
    text("name"),
    text("mime_type"),
    whole("size"),
    whole("seconds", nullable=True),
    # what was read out of it; null for images, which the model sees
    text("text", nullable=True),
    # how much it is in its own measure, such as "3 pages"
    text("extent", nullable=True),
    # what was not read of it, or was guessed, a line each
    text("notes", nullable=True),
    moment("created_at"),
    UniqueConstraint("tenant", "source_key"),
)
Index("ix_attachments_brief_id", attachments.c.brief_id)

# Files whose reading began and did not come to an end yet, by what is in them: such a file may end whatever reads it.
readings = table(
    "readings",
    text("digest"),
    whole("tries"),
    moment("began_at"),
    UniqueConstraint("tenant", "digest"),
)

# Messages so long that an app may have split a text there, and those that go on with one.
text_parts = table(
    "text_parts",
    points_to("person_id", "people"),
    whole("chat_id"),
    whole("message_id"),
    # the source key of the text's first message, which names the whole
    text("source_key"),
    text("text"),
    # what stands between the part before and this one
    text("joint"),
    text("forwarded_from"),
    # the brief whose words or draft the text took the place of
    points_to("brief_id", "briefs", nullable=True),
    # whether something was done with the text so far; until then it waits for its rest
    Column("taken", Flag, nullable=False),
    # by Telegram's clock
    moment("sent_at"),
    moment("created_at"),
    UniqueConstraint("person_id", "chat_id", "message_id"),
)
Index("ix_text_parts_tenant_source_key", text_parts.c.tenant, text_parts.c.source_key)

drafts = table(
    "drafts",
    points_to("brief_id", "briefs"),
    whole("attempt"),
    text("text"),
    text("content_hash"),
    text("model"),
    # the prompt's row; null where a person wrote it, or the prompt is the one in the code
    points_to("prompt_id", "prompts", nullable=True),
    points_to("author_id", "people", nullable=True),
    # csv, json, xlsx, …: the file that the text is the content of; null for prose
    text("format", nullable=True),
    moment("created_at"),
    UniqueConstraint("brief_id", "attempt"),
)
Index("ix_drafts_prompt_id", drafts.c.prompt_id, drafts.c.id)

evaluations = table(
    "evaluations",
    points_to("brief_id", "briefs"),
    points_to("draft_id", "drafts"),
    # 1: the first judgement of the draft, 2: the independent second look
    whole("look"),
    # one {criterion, score, reason, quote} per criterion; empty where the answer was not scored
    Column("results", Json, nullable=False),
    # hundredths of a point, 0 to 10,000; null where not scored
    whole("weighted", nullable=True),
    Column("passed", Flag, nullable=False),
    text("model"),
    moment("created_at"),
    UniqueConstraint("draft_id", "look"),
)
Index("ix_evaluations_brief_id", evaluations.c.brief_id)

model_calls = table(
    "model_calls",
    points_to("brief_id", "briefs", nullable=True),
    text("purpose"),
    text("prompt_version"),
    text("model"),
    # ok, or what went wrong: refused, cut, filtered, malformed, failed
    text("outcome"),
    whole("input_tokens"),
    whole("output_tokens"),
    # millionths of a US dollar
    whole("cost_micro_usd"),
    whole("latency_ms"),
    moment("created_at"),
)
Index("ix_model_calls_brief_id", model_calls.c.brief_id)
Index("ix_model_calls_tenant_created_at", model_calls.c.tenant, model_calls.c.created_at)

# What a call may cost at most, taken from every ceiling before it is made; settled with what it did cost.
reservations = table(
    "reservations",
    points_to("brief_id", "briefs", nullable=True),
    points_to("client_id", "people", nullable=True),
    text("purpose"),
    whole("reserved_micro_usd"),
    whole("spent_micro_usd", nullable=True),
    moment("created_at"),
    moment("settled_at", nullable=True),
)
Index("ix_reservations_open", reservations.c.id, sqlite_where=reservations.c.settled_at.is_(None),
      postgresql_where=reservations.c.settled_at.is_(None))  # fmt: skip

# What is used of each ceiling: scope "brief:1042", "client:1003:2026-11", "day:2026-11-23", "month:2026-11".
spend = table(
    "spend",
    text("scope"),
    whole("used_micro_usd"),
    UniqueConstraint("tenant", "scope"),
)

decisions = table(
    "decisions",
    points_to("brief_id", "briefs"),
    points_to("draft_id", "drafts"),
    text("content_hash"),
    # null: by the automatic gate
    points_to("person_id", "people", nullable=True),
    text("verdict"),
    text("reason", nullable=True),
    moment("created_at"),
)
Index("ix_decisions_brief_id", decisions.c.brief_id)
Index("ix_decisions_tenant_created_at", decisions.c.tenant, decisions.c.created_at)

events = table(
    "events",
    text("subject"),
    text("name"),
    Column("data", Json, nullable=False),
    points_to("person_id", "people", nullable=True),
    moment("at"),
)
Index("ix_events_subject", events.c.subject, events.c.id)
Index("ix_events_tenant_name_at", events.c.tenant, events.c.name, events.c.at)

audit = table(
    "audit",
    points_to("person_id", "people", nullable=True),
    # the Telegram user, also where nobody is known by it
    whole("telegram_id", nullable=True),
    text("action"),
    text("subject"),
    text("outcome"),
    moment("at"),
)
Index("ix_audit_tenant_at", audit.c.tenant, audit.c.at)

job_runs = table(
    "job_runs",
    text("job"),
    moment("scheduled_at"),
    # waiting, running, done, failed, missed
    text("state"),
    text("commit"),
    moment("started_at", nullable=True),
    moment("finished_at", nullable=True),
    text("result", nullable=True),
    UniqueConstraint("job", "scheduled_at"),
)
Index("ix_job_runs_job_id", job_runs.c.job, job_runs.c.id)

job_pauses = table(
    "job_pauses",
    text("job", unique=True),
    moment("until"),
    points_to("person_id", "people"),
)

# Who we are at providers that others use too: random, so that no database takes another's things for its own.
installation = table("installation", text("code"), moment("created_at"), UniqueConstraint("tenant"))

# The SQLite engine's own (on PostgreSQL, Procrastinate's tables take its place).
tasks = table(
    "tasks",
    text("key", unique=True),
    text("kind"),
    whole("subject"),
    whole("priority"),
    moment("run_at"),
    # how often it was asked for: a change while it runs means that it runs once more
    whole("asked", server_default="1"),
    whole("failures", server_default="0"),
    # those of them that do not pass by themselves
    whole("faults", server_default="0"),
    # seconds of the pauses after failures
    whole("waited", server_default="0"),
)
Index("ix_tasks_run_at", tasks.c.run_at)

# Tasks that were given up, until a person has them go on, and those that are still tried, until they succeed; their
# subjects' rows stay where they are.
failed_tasks = table(
    "failed_tasks",
    text("kind"),
    text("crew"),
    whole("subject"),
    text("reason"),
    Column("trying", Flag, server_default="0", nullable=False),
    moment("since"),
    UniqueConstraint("kind", "subject"),
)
