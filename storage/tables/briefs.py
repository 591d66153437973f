"""The tables of briefs: what they are made of, their drafts, and the decisions on them.

Each has a tenant; times are UTC; amounts are whole minor units beside a currency.
"""

from sqlalchemy import Column, Index, UniqueConstraint, and_, literal_column, or_

from bot.briefs.model import OPEN_STATES, State
from storage.engine.schema import moment, points_to, table, text, whole
from storage.engine.types import Bool, Json, constant

# Gives each quote a number of its own, which nobody is shown (storage.briefs.briefs.add).
quotes = table("quotes", moment("created_at"))

# A brief's id is its number, which it gets at its client's yes. Until then it is a quote, whose id is below zero; a
# trigger has all that points to it follow (storage.migrations.versions.0035_numbers).
briefs = table(
    "briefs",
    # its id as a quote: what was recorded, shown and offered until the yes goes by that
    whole("quote_id", nullable=True),
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
    # since when it waits for a person, and how many levels of reminders it has reached
    moment("in_review_at", nullable=True),
    whole("reminded", server_default="0"),
    # when its client was asked something whose answer it waits for
    moment("asked_at", nullable=True),
    # names of the kinds of injection that were found in the material
    Column("flags", Json, nullable=True),
    # the ceiling that it waits for
    text("held", nullable=True),
    # the state in which a fault stopped it
    text("failed_from", nullable=True),
    # the attempt that it began with when it was last started from the beginning
    whole("first_attempt", server_default="1"),
    # the brief that this one revises, for free or at the price of a change
    points_to("revision_of", "briefs", nullable=True),
    whole("audio_seconds", nullable=True),
    # what its client was told at their yes: how long such work usually takes, and by when a person has read it
    whole("usual_seconds", nullable=True),
    moment("read_by", nullable=True),
    # the price were it not to wait for the morning, null where it does not; and when it starts, from the yes on
    whole("full_minor", nullable=True),
    moment("starts_at", nullable=True),
    # how its client wants the finished text as a file: md, docx, pdf; null: as all of theirs
    text("file_format", nullable=True),
    moment("created_at"),
    moment("updated_at"),
    UniqueConstraint("tenant", "source_key"),
)
Index("ix_briefs_quote_id", briefs.c.quote_id, unique=True, sqlite_where=briefs.c.quote_id.is_not(None),
      postgresql_where=briefs.c.quote_id.is_not(None))  # fmt: skip
# An id that changes has the database look for what still points to it, so such columns have indexes.
Index("ix_briefs_revision_of", briefs.c.revision_of, sqlite_where=briefs.c.revision_of.is_not(None),
      postgresql_where=briefs.c.revision_of.is_not(None))  # fmt: skip
Index("ix_briefs_tenant_state_id", briefs.c.tenant, briefs.c.state, briefs.c.id)
Index("ix_briefs_client_id_id", briefs.c.client_id, briefs.c.id)
Index("ix_briefs_tenant_created_at", briefs.c.tenant, briefs.c.created_at)
Index("ix_briefs_tenant_id", briefs.c.tenant, briefs.c.id)
# What has not reached its end, or was stopped by a fault. Delivered is the end of a brief without a price; any other is
# invoiced next. Of all there ever were these are few, so they have indexes of their own; a query that is to use them
# says these very words.
GOES_ON = (
    briefs.c.state.in_([constant(state) for state in sorted({*OPEN_STATES, State.FAILED})]),
    or_(briefs.c.state != constant(State.DELIVERED), briefs.c.price_minor > literal_column("0")),
)
Index("ix_briefs_open", briefs.c.tenant, briefs.c.state, briefs.c.client_id, sqlite_where=and_(*GOES_ON),
      postgresql_where=and_(*GOES_ON))  # fmt: skip
Index("ix_briefs_open_updated_at", briefs.c.updated_at, sqlite_where=and_(*GOES_ON),
      postgresql_where=and_(*GOES_ON))  # fmt: skip
Index("ix_briefs_held", briefs.c.id, sqlite_where=briefs.c.held.is_not(None),
      postgresql_where=briefs.c.held.is_not(None))  # fmt: skip

# Quotes that wait for a yes, each client's newest first by their ids.
WAITS_FOR_YES = briefs.c.state == constant(State.QUOTED)
Index("ix_briefs_waits_for_yes", briefs.c.tenant, briefs.c.client_id, briefs.c.id, sqlite_where=WAITS_FOR_YES,
      postgresql_where=WAITS_FOR_YES)  # fmt: skip

# Those that wait for a decision and are due at some time, so that the late ones are found first.
WAITS_WITH_DEADLINE = (briefs.c.state == constant(State.IN_REVIEW), briefs.c.deadline.is_not(None))
Index("ix_briefs_waiting_deadline", briefs.c.tenant, briefs.c.deadline, briefs.c.id,
      sqlite_where=and_(*WAITS_WITH_DEADLINE), postgresql_where=and_(*WAITS_WITH_DEADLINE))  # fmt: skip

# What was done on the morning of a day of the tenant's, each once: "board", "providers", "executive", "training".
mornings = table(
    "mornings",
    text("day"),
    text("kind"),
    moment("created_at"),
    UniqueConstraint("tenant", "day", "kind"),
)

# What those who decide write on a brief for each other.
brief_notes = table(
    "brief_notes",
    points_to("brief_id", "briefs"),
    points_to("person_id", "people"),
    text("text"),
    moment("created_at"),
)
Index("ix_brief_notes_brief_id", brief_notes.c.brief_id, brief_notes.c.id)

# Cards of drafts that people opened themselves, so that they close with the decision.
review_views = table(
    "review_views",
    points_to("brief_id", "briefs"),
    points_to("person_id", "people"),
    # the message that they asked by
    whole("chat_id"),
    whole("topic", server_default="0"),
    whole("message_id"),
    # whether it is all of the text
    Column("whole", Bool, nullable=False),
    moment("created_at"),
    UniqueConstraint("brief_id", "chat_id", "message_id", "whole"),
)

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
    # when its sender discarded it, until it goes for good
    moment("dropped_at", nullable=True),
    moment("created_at"),
    UniqueConstraint("tenant", "source_key"),
)
Index("ix_attachments_brief_id", attachments.c.brief_id)
Index("ix_attachments_file_id", attachments.c.file_id)
Index("ix_attachments_person_id", attachments.c.person_id)

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
    Column("taken", Bool, nullable=False),
    # by Telegram's clock
    moment("sent_at"),
    moment("created_at"),
    UniqueConstraint("person_id", "chat_id", "message_id"),
)
Index("ix_text_parts_tenant_source_key", text_parts.c.tenant, text_parts.c.source_key)
Index("ix_text_parts_created_at", text_parts.c.created_at)
Index("ix_text_parts_brief_id", text_parts.c.brief_id, sqlite_where=text_parts.c.brief_id.is_not(None),
      postgresql_where=text_parts.c.brief_id.is_not(None))  # fmt: skip

# Messages that are no order, or not surely one, until whoever wrote them says what they are.
remarks = table(
    "remarks",
    points_to("person_id", "people"),
    whole("chat_id"),
    whole("topic"),
    text("source_key"),
    text("text"),
    # the names of the files that came with it, by the keys of the messages that brought them
    Column("files", Json, nullable=False),
    points_to("brief_id", "briefs", nullable=True),
    points_to("invoice_id", "invoices", nullable=True),
    moment("created_at"),
    UniqueConstraint("tenant", "source_key"),
)
Index("ix_remarks_created_at", remarks.c.created_at)
Index("ix_remarks_person_id", remarks.c.person_id)
Index("ix_remarks_brief_id", remarks.c.brief_id, sqlite_where=remarks.c.brief_id.is_not(None),
      postgresql_where=remarks.c.brief_id.is_not(None))  # fmt: skip

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
    Column("passed", Bool, nullable=False),
    text("model"),
    moment("created_at"),
    UniqueConstraint("draft_id", "look"),
)
Index("ix_evaluations_brief_id", evaluations.c.brief_id)

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
