"""Queries on the keys that sign tokens: the installation's, and not a partner's."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select

from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.tables.partners import signing_keys


async def newest(connection: Connection, tenant: str) -> Sequence[tuple[int, str, datetime]]:
    """The two newest, as number, secret and since when; the newest first."""
    query = select(signing_keys.c.id, signing_keys.c.secret, signing_keys.c.created_at)
    query = query.where(signing_keys.c.tenant == tenant).order_by(signing_keys.c.id.desc()).limit(2)
    return [(row.id, row.secret, row.created_at) for row in await connection.execute(query)]


async def add(tx: Transaction, tenant: str, secret: str) -> None:
    """Keep a new one."""
    await tx.run(signing_keys.insert(), {"tenant": tenant, "secret": secret, "created_at": tx.now})


async def forget(tx: Transaction, tenant: str, before: int) -> None:
    """Delete those older than the one of that number."""
    await tx.run(delete(signing_keys).where(signing_keys.c.tenant == tenant, signing_keys.c.id < before))
