"""Queries on the keys that EchoPilot issues itself: the installation's, and no tenant's of it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, delete, or_, select, update

from bot.access.model import TENANT
from bot.rotation.model import Issued, Purpose
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.tables.watch.security import issued_keys

SIGNAL = "issued keys"
COLUMNS = (
    *(issued_keys.c.id, issued_keys.c.purpose, issued_keys.c.root, issued_keys.c.salt),
    *(issued_keys.c.created_at, issued_keys.c.ends_at),
)


async def counting(connection: Connection, now: datetime) -> Sequence[Issued]:
    """Those that count, the newest of each purpose first."""
    query = select(*COLUMNS).where(issued_keys.c.tenant == TENANT)
    query = query.where(or_(issued_keys.c.ends_at.is_(None), issued_keys.c.ends_at > now))
    return [_issued(row) for row in await connection.execute(query.order_by(issued_keys.c.id.desc()))]


async def add(tx: Transaction, purpose: Purpose, root: str, salt: str, ends_at: datetime) -> None:
    """Keep a new one; those before it end by then."""
    await _end(tx, purpose, ends_at)
    values = {"tenant": TENANT, "purpose": purpose, "root": root, "salt": salt, "created_at": tx.now, "ends_at": None}
    await tx.run(issued_keys.insert(), values)
    tx.wake(SIGNAL)


async def end_older(tx: Transaction, purpose: Purpose) -> int:
    """End those before the newest at once; returns how many."""
    here = issued_keys.c.tenant == TENANT, issued_keys.c.purpose == purpose
    gone = await tx.run(delete(issued_keys).where(*here, issued_keys.c.ends_at.is_not(None)))
    tx.wake(SIGNAL)
    return gone.rowcount


async def forget(tx: Transaction, before: datetime) -> int:
    """Delete those that ended before then; returns how many."""
    over = delete(issued_keys).where(issued_keys.c.tenant == TENANT, issued_keys.c.ends_at < before)
    return (await tx.run(over)).rowcount


async def _end(tx: Transaction, purpose: Purpose, ends_at: datetime) -> None:
    here = issued_keys.c.tenant == TENANT, issued_keys.c.purpose == purpose, issued_keys.c.ends_at.is_(None)
    await tx.run(update(issued_keys).where(*here).values(ends_at=ends_at))


def _issued(row: Row[tuple[int, str, str, str, datetime, datetime | None]]) -> Issued:
    return Issued(row.id, Purpose(row.purpose), row.root, row.salt, row.created_at, row.ends_at)
