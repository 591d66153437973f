"""The tables of what clients and the team write to each other.

Each has a tenant; times are UTC; amounts are whole minor units beside a currency.
"""

from sqlalchemy import Column, Index, UniqueConstraint, literal_column

from storage.engine.schema import moment, points_to, table, text, whole
from storage.engine.types import Bool

# What one person writes about one thing, and what they are answered.
threads = table(
    "threads",
    # null: of somebody whom nobody invited, who is known by their chat alone
    points_to("client_id", "people", nullable=True),
    # their private chat, and the name and language that their app says
    whole("chat_id"),
    text("name"),
    text("language"),
    # where they are answered by mail, in small letters; their chat is then the number of their first mail, below zero
    text("address", nullable=True),
    # names the brief or the invoice, a stranger's only thread, or a mail's; empty: nothing in particular
    text("subject"),
    # the number of its newest message
    whole("version", server_default="0"),
    # whether their words wait for an answer, and since when they do, or last did
    Column("waits", Bool, server_default="0", nullable=False),
    moment("since"),
    whole("reminded", server_default="0"),
    points_to("claimed_by", "people", nullable=True),
    moment("claimed_at", nullable=True),
    moment("created_at"),
    moment("updated_at"),
    UniqueConstraint("tenant", "chat_id", "subject"),
)
# Of all there ever were few wait; a query that is to use the index says its very words.
WAITS = threads.c.waits == literal_column("1")
Index("ix_threads_waiting", threads.c.tenant, threads.c.since, threads.c.id, sqlite_where=WAITS,
      postgresql_where=WAITS)  # fmt: skip
Index("ix_threads_updated_at", threads.c.updated_at)

thread_messages = table(
    "thread_messages",
    points_to("thread_id", "threads"),
    # its place in the thread, from 1 on
    whole("number"),
    # null: somebody whom nobody invited
    points_to("author_id", "people", nullable=True),
    Column("from_team", Bool, nullable=False),
    text("text"),
    # the file that came with it: the message of a private chat that brought it, and its name
    whole("file_chat", nullable=True),
    whole("file_message", nullable=True),
    text("file_name", nullable=True),
    # the message in a chat that it was: the same one twice is one
    text("source_key", nullable=True),
    moment("created_at"),
    UniqueConstraint("thread_id", "number"),
    UniqueConstraint("tenant", "source_key"),
)

# Mails of the support inbox, and those that answer them.
mails = table(
    "mails",
    # null: of mails that no thread was made of
    points_to("thread_id", "threads", nullable=True),
    # tells mails apart, whatever ids they bring: of one that was delivered twice both have it
    text("digest"),
    # as it stands in the mail, with its brackets; of ours the token that nobody else can guess
    text("message_id"),
    # those before it in its thread, the newest last, with white space between
    text("ids_before"),
    text("address"),
    text("subject"),
    # to_answer, automatic, bounced, too_many, no_sender, ours
    text("state"),
    moment("received_at"),
    UniqueConstraint("tenant", "digest"),
)
Index("ix_mails_tenant_message_id", mails.c.tenant, mails.c.message_id)
Index("ix_mails_tenant_address_received_at", mails.c.tenant, mails.c.address, mails.c.received_at)
Index("ix_mails_thread_id", mails.c.thread_id, mails.c.id)
IN_NO_THREAD = mails.c.thread_id.is_(None)
Index("ix_mails_in_no_thread", mails.c.received_at, sqlite_where=IN_NO_THREAD, postgresql_where=IN_NO_THREAD)
