"""Queries on what came with briefs: files, pictures, recordings."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Update, bindparam, delete, select, update

from bot.access.model import Person
from bot.briefs.material import Attachment, SentFile
from bot.intake.ports import Reading
from bot.kernel.errors import Refusal
from bot.kernel.translation import gettext as _
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.upsert import insert_new
from storage.tables.briefs import attachments

# Built once: building a statement takes SQLAlchemy several times longer than running it.
_OF_BRIEF = select(attachments).where(attachments.c.tenant == bindparam("its_tenant"))
_OF_BRIEF = _OF_BRIEF.where(attachments.c.brief_id == bindparam("brief")).order_by(attachments.c.id)

LOAD = select(attachments).where(attachments.c.id == bindparam("attachment"))


def _attachment(row: Row[Any]) -> Attachment:
    return Attachment(
        id=row.id,
        tenant=row.tenant,
        person_id=row.person_id,
        brief_id=row.brief_id,
        source_key=row.source_key,
        kind=row.kind,
        file_id=row.file_id,
        name=row.name,
        mime_type=row.mime_type,
        size=row.size,
        seconds=row.seconds,
        text=row.text,
        extent=row.extent or "",
        created_at=row.created_at,
        notes=tuple((row.notes or "").splitlines()),
        dropped_at=row.dropped_at,
    )


async def add(
    tx: Transaction, who: Person, source_key: str, file: SentFile, reading: Reading | None = None, *, beside: str = ""
) -> Attachment:
    """Keep what came with a message; the same message again is the same row.

    reading: of what has a text; beside: the words under a recording.
    """
    row = {"tenant": who.tenant, "person_id": who.id, "source_key": source_key, "created_at": tx.now}
    row |= _content(file, reading, beside)
    await insert_new(tx, attachments, row, "tenant", "source_key")
    kept = await by_source(tx.connection, who.tenant, source_key)
    assert kept is not None
    return kept


def _content(file: SentFile, reading: Reading | None, beside: str) -> dict[str, Any]:
    row: dict[str, Any] = {"kind": file.kind, "file_id": file.file_id, "name": file.name, "mime_type": file.mime_type}
    row |= {"size": file.size, "seconds": file.seconds or None, "text": None, "extent": None, "notes": beside or None}
    if reading is not None:
        notes = "\n".join(" ".join(note.split()) for note in reading.notes)
        row |= {"text": reading.text, "extent": reading.extent or None, "notes": notes or None}
    return row


async def put_in_place(
    tx: Transaction,
    tenant: str,
    attachment_id: int,
    file: SentFile,
    reading: Reading | None = None,
    *,
    beside: str = "",
) -> None:
    """Let the message have brought this file instead of the one that it brought first."""
    await tx.run(_the(tenant, attachment_id).values(_content(file, reading, beside)))


async def by_source(connection: Connection, tenant: str, source_key: str) -> Attachment | None:
    """The attachment that came with this message; None where none did."""
    query = select(attachments).where(attachments.c.tenant == tenant, attachments.c.source_key == source_key)
    row = (await connection.execute(query)).first()
    return None if row is None else _attachment(row)


async def by_sources(connection: Connection, who: Person, source_keys: Collection[str]) -> list[Attachment]:
    """What the person sent with these messages, in the order in which it came."""
    query = select(attachments).where(attachments.c.tenant == who.tenant, attachments.c.person_id == who.id)
    rows = await connection.execute(query.where(attachments.c.source_key.in_(source_keys)).order_by(attachments.c.id))
    return [_attachment(row) for row in rows]


async def of_brief(connection: Connection, tenant: str, brief_id: int) -> list[Attachment]:
    """What came with a brief, in the order in which it came."""
    rows = await connection.execute(_OF_BRIEF, {"its_tenant": tenant, "brief": brief_id})
    return [_attachment(row) for row in rows]


async def own(connection: Connection, who: Person, attachment_id: int, *, dropped: bool = False) -> Attachment:
    """What the person sent; raises Refusal where there is nothing of that number of theirs.

    dropped: also where they discarded it and that can still be undone.
    """
    query = select(attachments).where(attachments.c.tenant == who.tenant, attachments.c.id == attachment_id)
    row = (await connection.execute(query.where(attachments.c.person_id == who.id))).first()
    if row is None or (row.dropped_at is not None and not dropped):
        raise Refusal(_("That was discarded before. Send it again to start over."))
    return _attachment(row)


async def load(connection: Connection, attachment_id: int) -> Attachment | None:
    """The attachment of whichever tenant, for work that no person asked for."""
    row = (await connection.execute(LOAD, {"attachment": attachment_id})).first()
    return None if row is None else _attachment(row)


async def needed(connection: Connection, file_ids: Collection[str]) -> list[str]:
    """Which of these files something that is kept came with, of whichever tenant."""
    query = select(attachments.c.file_id).where(attachments.c.file_id.in_(file_ids))
    return list((await connection.execute(query)).scalars())


async def bind(tx: Transaction, tenant: str, ids: Sequence[int], brief_id: int) -> None:
    """They belong to the brief from now on, unless they belong to another."""
    if ids:
        free = update(attachments).where(attachments.c.tenant == tenant, attachments.c.id.in_(ids))
        await tx.run(free.where(attachments.c.brief_id.is_(None)).values(brief_id=brief_id))


def _the(tenant: str, attachment_id: int) -> Update:
    return update(attachments).where(attachments.c.tenant == tenant, attachments.c.id == attachment_id)


async def set_text(tx: Transaction, tenant: str, attachment_id: int, text: str, seconds: int | None = None) -> None:
    """What was read or heard in it; `seconds` where only the listener knew."""
    values: dict[str, Any] = {"text": text} if seconds is None else {"text": text, "seconds": seconds}
    await tx.run(_the(tenant, attachment_id).values(values))


async def set_beside(tx: Transaction, tenant: str, attachment_id: int, beside: str) -> None:
    """The words under a recording."""
    await tx.run(_the(tenant, attachment_id).values(notes=beside or None))


async def copy(tx: Transaction, tenant: str, source: int, target: int) -> None:
    """Let the brief `target` have what came with the brief `source`."""
    rows = [dict(row._mapping) for row in await tx.run(_OF_BRIEF, {"its_tenant": tenant, "brief": source})]
    for row in rows:
        row |= {"brief_id": target, "source_key": f"{row['source_key']}:{target}", "created_at": tx.now}
        del row["id"]
    if rows:
        await tx.run(attachments.insert(), rows)


async def forget(tx: Transaction, before: datetime) -> int:
    """Delete what came before that time and became no brief; returns how many rows went."""
    free = delete(attachments).where(attachments.c.brief_id.is_(None), attachments.c.created_at < before)
    return (await tx.run(free)).rowcount


async def forget_dropped(tx: Transaction, before: datetime) -> int:
    """Delete what its sender discarded before that time and is still there; returns how many rows went."""
    left = delete(attachments).where(attachments.c.dropped_at < before, attachments.c.brief_id.is_(None))
    return (await tx.run(left)).rowcount


async def set_dropped(tx: Transaction, tenant: str, attachment_id: int, at: datetime | None) -> None:
    """Note that its sender discarded it; None: that they took that back."""
    await tx.run(_the(tenant, attachment_id).values(dropped_at=at))


async def drop(tx: Transaction, tenant: str, attachment_id: int) -> bool:
    """Forget what belongs to no brief; False where it does, or is gone."""
    free = delete(attachments).where(attachments.c.tenant == tenant, attachments.c.id == attachment_id)
    return (await tx.run(free.where(attachments.c.brief_id.is_(None)))).rowcount > 0
