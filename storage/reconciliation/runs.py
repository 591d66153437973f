"""Queries on when the ledger was held against Stripe."""

from datetime import datetime

from sqlalchemy import bindparam, insert, select

from bot.reconciliation.model import Run
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.tables.reconciliation import reconciliations

_OF_TENANT = select(reconciliations).where(reconciliations.c.tenant == bindparam("its_tenant"))
_NEWEST = _OF_TENANT.order_by(reconciliations.c.id.desc()).limit(1)
_FIRST = _OF_TENANT.order_by(reconciliations.c.id).limit(1)


async def add(tx: Transaction, tenant: str, since: datetime, moves: int) -> None:
    """Write down that the account was read."""
    row = {"tenant": tenant, "since": since, "moves": moves, "ended_at": tx.now}
    await tx.run(insert(reconciliations), row)


async def newest(connection: Connection, tenant: str) -> Run | None:
    """The last time."""
    row = (await connection.execute(_NEWEST, {"its_tenant": tenant})).first()
    return None if row is None else Run(row.since, row.moves, row.ended_at)


async def begun(connection: Connection, tenant: str) -> datetime | None:
    """Since when movements are known here; None before the first time."""
    row = (await connection.execute(_FIRST, {"its_tenant": tenant})).first()
    return None if row is None else row.since
