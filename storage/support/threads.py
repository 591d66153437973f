"""Queries on threads and their messages."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, func, literal_column, or_, select, update

from bot.access.model import Person
from bot.kernel.errors import Refusal, Stale
from bot.kernel.translation import gettext as _
from bot.support.model import OF_MAIL, OF_STRANGER, Message, Sent, Thread, Words
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.types import EPOCH, unindexed
from storage.engine.upsert import insert_new
from storage.tables.people import people
from storage.tables.support import WAITS, mails, thread_messages, threads

SHOWN = 20  # messages of a thread
READ_AFTER = 50
AT_ONCE = 500


def thread_of(row: Row[Any]) -> Thread:
    """The thread in a row that has every column of `threads`."""
    return Thread(
        id=row.id,
        tenant=row.tenant,
        client_id=row.client_id,
        chat_id=row.chat_id,
        name=row.name,
        language=row.language,
        subject=row.subject,
        version=row.version,
        waits=row.waits,
        since=row.since,
        reminded=row.reminded,
        claimed_by=row.claimed_by,
        claimed_at=row.claimed_at,
        address=row.address or "",
    )


def _message(row: Row[Any]) -> Message:
    file = None if row.file_name is None else Sent(row.file_chat, row.file_message, row.file_name)
    return Message(row.number, row.from_team, row.author_id, row.author or "", row.text, row.created_at, file)


def _is(thread: Thread) -> tuple[ColumnElement[bool], ...]:
    return threads.c.tenant == thread.tenant, threads.c.id == thread.id


async def get(connection: Connection, tenant: str, thread_id: int, *, lock: bool = False) -> Thread:
    """The thread, with `lock` held for the rest of the transaction; raises Refusal where the tenant has none."""
    query = select(threads).where(threads.c.tenant == tenant, threads.c.id == thread_id)
    row = (await connection.execute(query.with_for_update() if lock else query)).first()
    if row is None:
        raise Refusal(_("There is no message {thread}. /support writes to the team.", thread=thread_id))
    return thread_of(row)


async def begin(tx: Transaction, tenant: str, who: Person, subject: str) -> Thread:
    """The person's one thread about that, made where there is none, held for the rest of the transaction."""
    row: dict[str, Any] = {"tenant": tenant, "client_id": who.id or None, "chat_id": who.telegram_id}
    row |= {"name": who.name, "language": who.language, "subject": subject}
    row |= {"since": tx.now, "created_at": tx.now, "updated_at": tx.now}
    await insert_new(tx, threads, row, "tenant", "chat_id", "subject")
    query = select(threads).where(threads.c.tenant == tenant, threads.c.chat_id == who.telegram_id)
    found = await tx.run(query.where(threads.c.subject == subject).with_for_update())
    return thread_of(found.one())


async def begin_by_mail(tx: Transaction, tenant: str, number: int, name: str, address: str) -> Thread:
    """A thread of whoever sent the mail of this number, held for the rest of the transaction."""
    row: dict[str, Any] = {"tenant": tenant, "chat_id": -number, "name": name, "language": "", "address": address}
    row |= {"subject": OF_MAIL, "since": tx.now, "created_at": tx.now, "updated_at": tx.now}
    return thread_of((await tx.run(threads.insert().returning(*threads.c), row)).one())


async def of_client(connection: Connection, client: Person, subject: str) -> Thread | None:
    """The client's one thread about that, where there is one."""
    query = select(threads).where(threads.c.tenant == client.tenant, threads.c.chat_id == client.telegram_id)
    row = (await connection.execute(query.where(threads.c.subject == subject))).first()
    return None if row is None else thread_of(row)


async def say(tx: Transaction, thread: Thread, who: Person, words: Words, *, from_team: bool, **values: Any) -> Thread:
    """Add a message to a thread that is held, and change what else is different of it then."""
    number, file = thread.version + 1, words.file
    row: dict[str, Any] = {"tenant": thread.tenant, "thread_id": thread.id, "number": number}
    row |= {"author_id": who.id or None, "from_team": from_team, "text": words.text, "source_key": words.key}
    if file is not None:
        row |= {"file_chat": file.chat_id, "file_message": file.message_id, "file_name": file.name}
    row |= {"created_at": tx.now}
    await tx.run(thread_messages.insert(), row)
    return await change(tx, thread, version=number, **values)


async def change(tx: Transaction, thread: Thread, **values: Any) -> Thread:
    """Change the thread, unless a message came since it was read; raises Stale then."""
    statement = update(threads).where(*_is(thread), threads.c.version == thread.version)
    row = (await tx.run(statement.values(updated_at=tx.now, **values).returning(*threads.c))).first()
    if row is None:
        raise Stale(_("Something was written meanwhile. See /support_{thread}.", thread=thread.id))
    return thread_of(row)


async def said_before(connection: Connection, tenant: str, source_key: str) -> Thread | None:
    """The thread that the message in a chat went to before; None where it is new."""
    mine = thread_messages.c.thread_id == threads.c.id
    query = select(threads).join(thread_messages, mine & (thread_messages.c.tenant == threads.c.tenant))
    query = query.where(threads.c.tenant == tenant, thread_messages.c.tenant == tenant)
    row = (await connection.execute(query.where(thread_messages.c.source_key == source_key))).first()
    return None if row is None else thread_of(row)


async def said_in(connection: Connection, who: Person, source_keys: Collection[str]) -> list[Thread]:
    """The person's own threads that messages in a chat went to."""
    keys = thread_messages.c.source_key.in_(source_keys)
    of_keys = select(thread_messages.c.thread_id).where(thread_messages.c.tenant == who.tenant, keys)
    query = select(threads).where(threads.c.tenant == who.tenant, threads.c.id.in_(of_keys))
    rows = await connection.execute(query.where(threads.c.client_id == who.id).order_by(threads.c.id))
    return [thread_of(row) for row in rows]


async def numbers_of(connection: Connection, thread: Thread, source_keys: Collection[str]) -> set[int]:
    """Which messages of the thread were those in a chat."""
    query = select(thread_messages.c.number).where(thread_messages.c.tenant == thread.tenant)
    query = query.where(thread_messages.c.thread_id == thread.id, thread_messages.c.source_key.in_(source_keys))
    return set((await connection.execute(query)).scalars())


async def of_key(connection: Connection, thread: Thread, source_key: str) -> Message:
    """The thread's message that was that one in a chat."""
    return _message(
        (await connection.execute(_messages(thread).where(thread_messages.c.source_key == source_key))).one()
    )


async def reword(tx: Transaction, thread: Thread, number: int, text: str) -> None:
    """Put other words in place of a message's."""
    one = update(thread_messages).where(thread_messages.c.tenant == thread.tenant)
    one = one.where(thread_messages.c.thread_id == thread.id, thread_messages.c.number == number)
    await tx.run(one.values(text=text))


async def newest(connection: Connection, thread: Thread, limit: int = SHOWN) -> list[Message]:
    """The newest messages, the oldest of them first."""
    query = _messages(thread).order_by(thread_messages.c.number.desc()).limit(limit)
    return [_message(row) for row in (await connection.execute(query)).all()[::-1]]


async def after(connection: Connection, thread: Thread, number: int) -> list[Message]:
    """What was written after that message, so many at most."""
    query = _messages(thread).where(thread_messages.c.number > number)
    rows = await connection.execute(query.order_by(thread_messages.c.number).limit(READ_AFTER))
    return [_message(row) for row in rows]


def _messages(thread: Thread) -> Any:
    theirs = (people.c.id == thread_messages.c.author_id) & (people.c.tenant == thread_messages.c.tenant)
    query = select(thread_messages, people.c.name.label("author")).outerjoin(people, theirs)
    return query.where(unindexed(thread_messages.c.tenant) == thread.tenant, thread_messages.c.thread_id == thread.id)


async def last_said(connection: Connection, thread: Thread) -> datetime | None:
    """When its client last wrote; None where they never did."""
    query = select(thread_messages.c.created_at).where(unindexed(thread_messages.c.tenant) == thread.tenant)
    query = query.where(thread_messages.c.thread_id == thread.id, thread_messages.c.from_team == literal_column("0"))
    at: datetime | None = (
        await connection.execute(query.order_by(thread_messages.c.number.desc()).limit(1))
    ).scalar_one_or_none()
    return at


async def waiting(
    connection: Connection, tenant: str, limit: int, before: datetime | None = None, *, of_known: bool = False
) -> list[Thread]:
    """What waits for an answer, the longest wait first.

    before: only what has waited since then or longer. of_known: nothing of those whom nobody invited.
    """
    query = select(threads).where(threads.c.tenant == tenant, WAITS, *_only(before, of_known=of_known))
    rows = await connection.execute(query.order_by(threads.c.since, threads.c.id).limit(limit))
    return [thread_of(row) for row in rows]


async def newest_wait(connection: Connection, tenant: str) -> Thread | None:
    """Of what waits for an answer that whose wait began last."""
    query = select(threads).where(threads.c.tenant == tenant, WAITS)
    row = (await connection.execute(query.order_by(threads.c.since.desc(), threads.c.id.desc()).limit(1))).first()
    return None if row is None else thread_of(row)


async def count_waiting(
    connection: Connection, tenant: str, before: datetime | None = None, *, of_known: bool = False
) -> int:
    """How many wait for an answer."""
    query = select(func.count()).select_from(threads).where(threads.c.tenant == tenant, WAITS)
    return int((await connection.execute(query.where(*_only(before, of_known=of_known)))).scalar_one())


def _only(before: datetime | None, *, of_known: bool) -> list[ColumnElement[bool]]:
    old = [] if before is None else [threads.c.since <= before]
    return [*old, or_(threads.c.client_id.is_not(None), threads.c.address.is_not(None))] if of_known else old


async def end_claims_of(tx: Transaction, tenant: str, person_id: int) -> None:
    """Let the person's claims be over as if their time were: the reminders free the threads, and show that."""
    theirs = update(threads).where(threads.c.tenant == tenant, WAITS, threads.c.claimed_by == person_id)
    await tx.run(theirs.values(claimed_at=EPOCH))


async def end_astray(tx: Transaction, tenant: str, may: Collection[int]) -> int:
    """Let claims be over that would not end: of people who may answer no more, or without a time; says how many.

    may: the ids of those who may.
    """
    claimed = (threads.c.tenant == tenant, WAITS, threads.c.claimed_by.is_not(None))
    astray = or_(threads.c.claimed_at.is_(None), and_(threads.c.claimed_at > EPOCH, threads.c.claimed_by.not_in(may)))
    return (await tx.run(update(threads).where(*claimed, astray).values(claimed_at=EPOCH))).rowcount


async def forget(tx: Transaction, before: datetime) -> int:
    """Delete threads that nobody has written in since then, that wait for nobody and are about no brief and no
    invoice; returns how many messages went. What is about one is kept as long as that is.
    """
    old = (
        threads.c.updated_at < before,
        unindexed(threads.c.waits) == 0,
        threads.c.subject.in_(["", OF_STRANGER, OF_MAIL]),
    )
    messages = delete(thread_messages).where(thread_messages.c.thread_id.in_(select(threads.c.id).where(*old)))
    gone = (await tx.run(messages)).rowcount
    numbers = list((await tx.run(select(threads.c.id).where(*old))).scalars())
    for start in range(0, len(numbers), AT_ONCE):  # of an empty table PostgreSQL would rather walk the index
        await tx.run(delete(mails).where(mails.c.thread_id.in_(numbers[start : start + AT_ONCE])))
    await tx.run(delete(threads).where(*old))
    return gone
