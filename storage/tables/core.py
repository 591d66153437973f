"""The tables that every area stands on: what comes in, what goes out, what happened, and what is to be done.

Each has a tenant; times are UTC; amounts are whole minor units beside a currency.
"""

from sqlalchemy import Column, Index, UniqueConstraint

from storage.engine.schema import moment, points_to, table, text, whole
from storage.engine.types import Bool, Json, constant

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
Index("ix_inbox_processed_at", inbox.c.processed_at, sqlite_where=inbox.c.processed_at.is_not(None),
      postgresql_where=inbox.c.processed_at.is_not(None))  # fmt: skip
Index("ix_inbox_source_received_at", inbox.c.source, inbox.c.received_at)
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
ENDED = outbox.c.state != constant("waiting")  # in the words of an index
Index("ix_outbox_ended", outbox.c.created_at, sqlite_where=ENDED, postgresql_where=ENDED)
Index("ix_outbox_slot_waiting", outbox.c.slot, sqlite_where=outbox.c.state == "waiting",
      postgresql_where=outbox.c.state == "waiting")  # fmt: skip
Index("ix_outbox_undeliverable", outbox.c.channel, outbox.c.destination,
      sqlite_where=outbox.c.state == "undeliverable",
      postgresql_where=outbox.c.state == "undeliverable")  # fmt: skip

# Where a slot's message or row is: the message id in a chat, the page id in a mirror. A message about a brief or an
# invoice that is told once stands here by its key, so that an answer to it is known to be about that.
placements = table(
    "placements",
    text("channel"),
    text("slot"),
    text("external_id"),
    moment("updated_at"),
    UniqueConstraint("channel", "slot"),
)
Index("ix_placements_external_id", placements.c.channel, placements.c.external_id)

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
    # empty where nothing waits any more
    text("step"),
    Column("data", Json, nullable=False),
    whole("version", server_default="1"),
    moment("updated_at"),
    # the update that moved it last, step and data before that, and what was answered once it is known
    text("moved_by", nullable=True),
    Column("before", Json, nullable=True),
    Column("answer", Json, nullable=True),
    UniqueConstraint("person_id", "chat_id"),
)
OVER = conversations.c.step == constant("")  # in the words of an index
Index("ix_conversations_over", conversations.c.updated_at, sqlite_where=OVER, postgresql_where=OVER)

# Questions that somebody stopped, while that can be undone.
stopped_questions = table(
    "stopped_questions",
    points_to("person_id", "people"),
    whole("chat_id"),
    text("step"),
    Column("data", Json, nullable=False),
    moment("stopped_at"),
)
Index("ix_stopped_questions_person_id", stopped_questions.c.person_id)
Index("ix_stopped_questions_stopped_at", stopped_questions.c.stopped_at)

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

job_runs = table(
    "job_runs",
    text("job"),
    moment("scheduled_at"),
    # when it was written down, which may be later; none of those of before that was kept
    moment("recorded_at", nullable=True),
    # waiting, running, done, failed, missed
    text("state"),
    text("commit"),
    moment("started_at", nullable=True),
    moment("finished_at", nullable=True),
    text("result", nullable=True),
    UniqueConstraint("tenant", "job", "scheduled_at"),
)
Index("ix_job_runs_job_tenant_id", job_runs.c.job, job_runs.c.tenant, job_runs.c.id)
Index("ix_job_runs_scheduled_at", job_runs.c.scheduled_at)

job_pauses = table(
    "job_pauses",
    text("job"),
    moment("until"),
    points_to("person_id", "people"),
    # why, and since when; a pause from before reasons were asked for has none
    text("reason", server_default=""),
    moment("since", nullable=True),
    UniqueConstraint("tenant", "job"),
)

# Who we are at providers that others use too: random, so that no database takes another's things for its own.
installation = table(
    "installation",
    text("code"),
    moment("created_at"),
    # the oldest schema whose code goes on with this one, see storage.migrations.migrate
    text("oldest_code", nullable=True),
    UniqueConstraint("tenant"),
)

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
    Column("trying", Bool, server_default="0", nullable=False),
    moment("since"),
    UniqueConstraint("kind", "subject"),
)

# Tasks that were given up for what passes by itself, and how often each was tried again without a person since.
second_tries = table(
    "second_tries",
    text("kind"),
    text("crew"),
    whole("subject"),
    # 1 while it is given up, 0 once it is tried again
    whole("waits"),
    whole("tries", server_default="0"),
    moment("since"),
    UniqueConstraint("kind", "subject"),
)
