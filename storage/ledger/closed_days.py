"""Queries on days whose books are closed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, select

from bot.ledger.model import ClosedDay
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.upsert import insert_new
from storage.tables.ledger import closed_days

_UNTIL = select(func.max(closed_days.c.until)).where(closed_days.c.tenant == bindparam("its_tenant"))
_LAST_DAY = select(closed_days).where(closed_days.c.tenant == bindparam("its_tenant"))
_LAST_DAY = _LAST_DAY.order_by(closed_days.c.until.desc()).limit(1)


async def closed_until(connection: Connection, tenant: str) -> datetime | None:
    """Up to when the tenant's books are closed."""
    moment: datetime | None = (await connection.execute(_UNTIL, {"its_tenant": tenant})).scalar()
    return moment


async def last_closed(connection: Connection, tenant: str) -> ClosedDay | None:
    """The newest day that is closed."""
    row = (await connection.execute(_LAST_DAY, {"its_tenant": tenant})).first()
    return None if row is None else ClosedDay(row.day, row.until, row.closed_at, row.open_mismatches)


async def close_day(
    tx: Transaction, tenant: str, day: str, until: datetime, balances: Sequence[Sequence[str]], open_mismatches: int
) -> bool:
    """Close the books of a day, once."""
    row = {"tenant": tenant, "day": day, "until": until, "closed_at": tx.now, "balances": balances}
    return bool(await insert_new(tx, closed_days, row | {"open_mismatches": open_mismatches}, "tenant", "day"))
