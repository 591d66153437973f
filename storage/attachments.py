"""Queries on what came with briefs: files, pictures, recordings."""

from typing import Any

from sqlalchemy import Row, select, update

from bot.briefs.material import Attachment
from storage.connection import Connection
from storage.database import Transaction
from storage.tables import attachments


def _attachment(row: Row[Any]) -> Attachment:
    return Attachment(
        id=row.id,
        kind=row.kind,
        file_id=row.file_id,
        name=row.name,
        mime_type=row.mime_type,
        seconds=row.seconds,
        text=row.text,
    )


async def of_brief(connection: Connection, brief_id: int) -> list[Attachment]:
    """What came with a brief, in the order in which it came."""
    query = select(attachments).where(attachments.c.brief_id == brief_id).order_by(attachments.c.id)
    return [_attachment(row) for row in await connection.execute(query)]


async def set_text(tx: Transaction, attachment_id: int, text: str, seconds: int | None = None) -> None:
    """What was read or heard in it; `seconds` where only the listener knew."""
    values: dict[str, Any] = {"text": text} if seconds is None else {"text": text, "seconds": seconds}
    await tx.run(update(attachments).where(attachments.c.id == attachment_id).values(values))
