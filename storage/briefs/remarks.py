"""Queries on messages that are no order, or not surely one. Each person sees their own alone."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, select, update

from bot.access.model import Person
from bot.kernel.errors import Stale
from bot.kernel.translation import gettext as _
from bot.remarks.model import Remark, Sent
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.types import unindexed
from storage.engine.upsert import upsert
from storage.tables.briefs import remarks


async def keep(tx: Transaction, who: Person, sent: Sent, *, brief_id: int | None, invoice_id: int | None) -> Remark:
    """Keep what somebody wrote; the same message again, with more of its text perhaps, is the same row."""
    values: dict[str, Any] = {"person_id": who.id, "chat_id": sent.chat_id, "topic": sent.topic, "text": sent.text}
    values |= {"files": dict(sent.files), "brief_id": brief_id, "invoice_id": invoice_id}
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


async def add_file(tx: Transaction, who: Person, source_key: str, file: Mapping[str, str]) -> bool:
    """Keep with it what came with the same message; False where there is none of that key."""
    this = (remarks.c.tenant == who.tenant) & (remarks.c.source_key == source_key)
    mine = this & (unindexed(remarks.c.person_id) == who.id)
    files = (await tx.run(select(remarks.c.files).where(mine).with_for_update())).scalar_one_or_none()
    if files is None:
        return False
    await tx.run(update(remarks).where(mine).values(files={**files, **file}))
    return True


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
        files=row.files,
        brief_id=row.brief_id,
        invoice_id=row.invoice_id,
        created_at=row.created_at,
    )
