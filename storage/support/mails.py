"""Queries on mails of the support inbox, and on the answers to them."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update

from bot.support.mails import IncomingMail, MailState
from bot.support.model import Thread
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.types import unindexed
from storage.engine.upsert import insert_new
from storage.tables.support import mails


async def add(tx: Transaction, tenant: str, mail: IncomingMail, state: MailState) -> int | None:
    """Keep a mail; returns its number, None where it was kept before."""
    row: dict[str, Any] = {"tenant": tenant, "digest": mail.digest, "message_id": mail.message_id, "state": state}
    row |= {"ids_before": " ".join(mail.before), "address": mail.address, "subject": mail.subject}
    added = await insert_new(tx, mails, row | {"received_at": tx.now}, "tenant", "digest")
    return added[0] if added else None


async def put_in(tx: Transaction, tenant: str, number: int, thread: Thread) -> None:
    """Note which thread a mail is of."""
    await tx.run(update(mails).where(mails.c.tenant == tenant, mails.c.id == number).values(thread_id=thread.id))


async def answered(tx: Transaction, thread: Thread, token: str, subject: str) -> None:
    """Keep that the team answered, by what a mail that answers it will name."""
    row: dict[str, Any] = {"tenant": thread.tenant, "thread_id": thread.id, "digest": token, "message_id": token}
    row |= {"ids_before": "", "address": thread.address, "subject": subject, "state": MailState.OURS}
    await tx.run(mails.insert(), row | {"received_at": tx.now})


async def thread_named(connection: Connection, tenant: str, names: Collection[str], address: str) -> int | None:
    """The newest thread that one of these mails is of, and that is with that address; None where there is none."""
    query = select(mails.c.thread_id).where(mails.c.tenant == tenant, mails.c.message_id.in_(names))
    query = query.where(unindexed(mails.c.address) == address, unindexed(mails.c.thread_id).is_not(None))
    found: int | None = (await connection.execute(query.order_by(mails.c.id.desc()).limit(1))).scalar_one_or_none()
    return found


async def count_since(connection: Connection, tenant: str, address: str, since: datetime) -> int:
    """How many mails of an address came since then."""
    query = select(func.count()).select_from(mails).where(mails.c.tenant == tenant, mails.c.address == address)
    return int((await connection.execute(query.where(mails.c.received_at > since))).scalar_one())


async def newest(connection: Connection, thread: Thread) -> IncomingMail | None:
    """The newest mail of whoever the thread is with; None where it is gone."""
    query = select(mails).where(mails.c.thread_id == thread.id, unindexed(mails.c.tenant) == thread.tenant)
    query = query.where(mails.c.state == MailState.TO_ANSWER).order_by(mails.c.id.desc()).limit(1)
    row = (await connection.execute(query)).first()
    if row is None:
        return None
    before = tuple(row.ids_before.split())
    return IncomingMail(row.digest, row.message_id, before, row.address, thread.name, row.subject)


async def forget(tx: Transaction, before: datetime) -> int:
    """Delete mails from before then of which no thread was made; returns how many went. Others go with theirs."""
    old = delete(mails).where(mails.c.received_at < before, mails.c.thread_id.is_(None))
    return (await tx.run(old)).rowcount
