"""Queries on rows of the Automation Queue."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select, update

from bot.automation.model import QueueRow
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.types import unindexed
from storage.engine.upsert import upsert
from storage.tables.clients.queue_rows import IS_BRIEF, queue_rows


def _row(row: Row[Any]) -> QueueRow:
    known = (row.id, row.tenant, row.page, row.brief_number, row.fingerprint, row.noticed, row.note, row.clears)
    return QueueRow(*known, row.taken_at)


async def get(connection: Connection, tenant: str, row_id: int) -> QueueRow | None:
    """The row of that number."""
    query = select(queue_rows).where(queue_rows.c.tenant == tenant, queue_rows.c.id == row_id)
    row = (await connection.execute(query)).first()
    return None if row is None else _row(row)


async def of_page(connection: Connection, tenant: str, page: str) -> QueueRow | None:
    """The row that stood on that page when it was ticked."""
    query = select(queue_rows).where(queue_rows.c.tenant == tenant, queue_rows.c.page == page)
    row = (await connection.execute(query)).first()
    return None if row is None else _row(row)


async def of_brief(connection: Connection, tenant: str, number: int) -> QueueRow | None:
    """The row that became the brief."""
    query = select(queue_rows).where(IS_BRIEF, queue_rows.c.brief_number == number)
    row = (await connection.execute(query.where(unindexed(queue_rows.c.tenant) == tenant))).first()
    return None if row is None else _row(row)


async def put(tx: Transaction, tenant: str, page: str, **values: Any) -> QueueRow:
    """Keep the row of that page, in place of what was known of it."""
    await upsert(tx, queue_rows, {"tenant": tenant, "page": page}, {"taken_at": tx.now, "noticed": "", **values})
    found = await of_page(tx.connection, tenant, page)
    assert found is not None
    return found


async def change(tx: Transaction, row: QueueRow, **values: Any) -> None:
    """Change these values of the row."""
    its = (queue_rows.c.tenant == row.tenant, queue_rows.c.id == row.id)
    await tx.run(update(queue_rows).where(*its).values(values))


async def behind(connection: Connection, tenant: str, number: int, limit: int) -> list[int]:
    """The numbers of the rows behind that one."""
    query = select(queue_rows.c.id).where(queue_rows.c.tenant == tenant, queue_rows.c.id > number)
    return list((await connection.execute(query.order_by(queue_rows.c.id).limit(limit))).scalars())


async def counts(connection: Connection, tenant: str, since: datetime) -> tuple[int, int]:
    """How many rows became briefs since then, and how many could not."""
    query = select(func.count(queue_rows.c.brief_number), func.count()).where(
        queue_rows.c.tenant == tenant, queue_rows.c.taken_at >= since
    )
    briefs, every = (await connection.execute(query)).one()
    return int(briefs), int(every) - int(briefs)
