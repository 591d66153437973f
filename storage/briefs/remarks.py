"""Queries on messages that are no order, or not surely one. Each person sees their own alone."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, select, update

from bot.access.model import Person
from bot.intake.kinds import Kind
from bot.intake.remark import Remark, Sent
from bot.kernel.errors import Stale
from bot.kernel.translation import gettext as _
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.types import unindexed
from storage.engine.upsert import upsert
from storage.tables.briefs import remarks


async def keep(
    tx: Transaction, who: Person, sent: Sent, kind: Kind, *, brief_id: int | None, invoice_id: int | None
) -> Remark:
    """Keep what somebody wrote; the same message again, with more of its text perhaps, is the same row."""
    values: dict[str, Any] = {"person_id": who.id, "chat_id": sent.chat_id, "topic": sent.topic, "text": sent.text}
    values |= {"kind": kind, "file_key": sent.file_key, "brief_id": brief_id, "invoice_id": invoice_id}
    values["created_at"] = tx.now
    await upsert(tx, remarks, {"tenant": who.tenant, "source_key": sent.source_key}, values)
    query = select(remarks).where(remarks.c.tenant == who.tenant, remarks.c.source_key == sent.source_key)
    return _remark((await tx.run(query)).one())


async def own(connection: Connection, who: Person, remark_id: int) -> Remark:
    """What the person wrote; raises Stale where it is gone, or another's."""
    query = select(remarks).where(remarks.c.id == remark_id, unindexed(remarks.c.tenant) == who.tenant)
    row = (await connection.execute(query.where(unindexed(remarks.c.person_id) == who.id))).first()
    if row is None:
        raise Stale(_("That message is no longer kept. Write it once more."))
    return _remark(row)


async def reword(tx: Transaction, who: Person, source_key: str, text: str) -> None:
    """The message was edited."""
    theirs = update(remarks).where(remarks.c.tenant == who.tenant, remarks.c.source_key == source_key)
    await tx.run(theirs.where(unindexed(remarks.c.person_id) == who.id).values(text=text))


async def told(tx: Transaction, remark: Remark) -> None:
    """The team knows of it."""
    this = update(remarks).where(remarks.c.id == remark.id, unindexed(remarks.c.tenant) == remark.tenant)
    await tx.run(this.values(told_at=tx.now))


async def forget(tx: Transaction, before: datetime) -> int:
    """Delete what was written before that time; returns how many rows went. What became of it keeps its own text."""
    return (await tx.run(delete(remarks).where(remarks.c.created_at < before))).rowcount


def _remark(row: Row[Any]) -> Remark:
    return Remark(
        id=row.id,
        tenant=row.tenant,
        person_id=row.person_id,
        chat_id=row.chat_id,
        topic=row.topic,
        source_key=row.source_key,
        text=row.text,
        kind=Kind(row.kind),
        file_key=row.file_key,
        brief_id=row.brief_id,
        invoice_id=row.invoice_id,
        told_at=row.told_at,
        created_at=row.created_at,
    )
