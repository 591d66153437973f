"""What is deleted of people of a region that keeps files and messages for so long only: never of open work."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, literal_column, or_, select

from bot.briefs.model import State
from storage.engine.database import Transaction
from storage.engine.types import UtcTime, constant, unindexed
from storage.tables.briefs import attachments, briefs
from storage.tables.people import people
from storage.tables.support import thread_messages, threads

OVER = (State.INVOICED, State.PAID, State.REJECTED, State.CANCELLED, State.FAILED, State.DELIVERED)
_BEFORE: Any = bindparam("before", type_=UtcTime)
_TENANT: Any = bindparam("its_tenant")
_CHAT = select(people.c.telegram_id).where(people.c.tenant == _TENANT, people.c.id == bindparam("person"))
_ENDED = select(briefs.c.id).where(
    unindexed(briefs.c.tenant) == _TENANT,
    briefs.c.client_id == bindparam("person"),
    unindexed(briefs.c.state).in_([constant(state) for state in OVER]),
    unindexed(briefs.c.updated_at) < _BEFORE,
)
_FILES = (
    delete(attachments)
    .where(unindexed(attachments.c.tenant) == _TENANT, attachments.c.person_id == bindparam("person"))
    .where(attachments.c.created_at < _BEFORE)
    .where(or_(attachments.c.brief_id.is_(None), attachments.c.brief_id.in_(_ENDED)))
    .returning(attachments.c.file_id)
)
_THREADS = select(threads.c.id).where(
    threads.c.tenant == _TENANT,
    threads.c.chat_id == bindparam("chat"),
    unindexed(threads.c.updated_at) < _BEFORE,
    threads.c.waits == literal_column("0"),
)
_MESSAGES = delete(thread_messages).where(
    unindexed(thread_messages.c.tenant) == _TENANT, thread_messages.c.thread_id.in_(_THREADS)
)
_EMPTIED = delete(threads).where(unindexed(threads.c.tenant) == _TENANT, threads.c.id.in_(_THREADS))


@dataclass(frozen=True, slots=True)
class Gone:
    """What was deleted: files by the chat's ids of them, and how many messages."""

    files: list[str]
    messages: int


async def forget(tx: Transaction, tenant: str, person_id: int, before: datetime) -> Gone:
    """Delete the person's files of work that ended before then, and messages with the team that are older."""
    given = {"its_tenant": tenant, "person": person_id, "before": before}
    files = list((await tx.run(_FILES, given)).scalars())
    chat = (await tx.run(_CHAT, {"its_tenant": tenant, "person": person_id})).scalar()
    of_chat = {"its_tenant": tenant, "chat": chat, "before": before}
    messages = (await tx.run(_MESSAGES, of_chat)).rowcount
    await tx.run(_EMPTIED, of_chat)
    return Gone(files, messages)
