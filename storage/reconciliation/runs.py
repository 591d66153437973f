"""Queries on when the ledger was held against Stripe."""

from datetime import datetime

from sqlalchemy import bindparam, insert, select

from bot.invoices.ports import Place
from bot.reconciliation.model import Run
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.reconciliation.places import at, not_at
from storage.tables.reconciliation import reconciliations

_OF_TENANT = select(reconciliations).where(reconciliations.c.tenant == bindparam("its_tenant"))
_NEWEST = _OF_TENANT.order_by(reconciliations.c.id.desc()).limit(1)


async def add(tx: Transaction, tenant: str, since: datetime, moves: int, place: Place) -> None:
    """Write down that the account was read."""
    row = {"tenant": tenant, "since": since, "moves": moves, "ended_at": tx.now}
    row |= {"account": place.account, "mode": place.mode}
    await tx.run(insert(reconciliations), row)


async def newest(connection: Connection, tenant: str) -> Run | None:
    """The last time."""
    row = (await connection.execute(_NEWEST, {"its_tenant": tenant})).first()
    return None if row is None else Run(row.since, row.moves, row.ended_at, Place(row.account, row.mode))


async def begun(connection: Connection, tenant: str, place: Place) -> datetime | None:
    """Since when movements of that account and mode are known here; None before they were first read."""
    query = _OF_TENANT.where(*at(reconciliations, place)).order_by(reconciliations.c.id).limit(1)
    row = (await connection.execute(query, {"its_tenant": tenant})).first()
    return None if row is None else row.since


async def was_elsewhere(connection: Connection, tenant: str, place: Place) -> datetime | None:
    """When another account or mode was read last; None where none ever was."""
    query = _OF_TENANT.where(not_at(reconciliations, place)).order_by(reconciliations.c.id.desc()).limit(1)
    row = (await connection.execute(query, {"its_tenant": tenant})).first()
    return None if row is None else row.ended_at
