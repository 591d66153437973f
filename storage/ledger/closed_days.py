"""Queries on days whose books are closed."""

from datetime import datetime

from sqlalchemy import bindparam, func, select

from bot.ledger.model import ClosedDay
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.types import EPOCH
from storage.engine.upsert import insert_new
from storage.ledger import postings
from storage.ledger.postings import Balances
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


async def balances(connection: Connection, tenant: str) -> Balances:
    """The sum of every (account, currency): what stood there when a day was last closed, and what came since."""
    row = (await connection.execute(_LAST_DAY, {"its_tenant": tenant})).first()
    if row is None or row.last_entry is None:
        return await postings.balances(connection, tenant)
    later = await postings.since(connection, tenant, row.last_entry, row.until)
    return postings.added(_kept(row.balances), later)


async def close_day(tx: Transaction, tenant: str, day: str, until: datetime, last: int, open_mismatches: int) -> bool:
    """Close the books of a day, once, with what its entries up to number `last` and those before come to.

    False where it was closed before, alone or with a later one.
    """
    before = (await tx.run(_LAST_DAY, {"its_tenant": tenant})).first()
    if before is not None and (until <= before.until or day <= before.day):
        return False
    entry, since, kept = 0, EPOCH, Balances()
    if before is not None and before.last_entry is not None:
        entry, since, kept = before.last_entry, before.until, _kept(before.balances)
    later = await postings.since(tx.connection, tenant, entry, since, last=last, until=until)
    sums = sorted(postings.added(kept, later).items())
    rows = [[account, currency, str(minor)] for (account, currency), minor in sums if minor]
    row = {"tenant": tenant, "day": day, "until": until, "closed_at": tx.now, "balances": rows, "last_entry": last}
    return bool(await insert_new(tx, closed_days, row | {"open_mismatches": open_mismatches}, "tenant", "day"))


def _kept(rows: list[list[str]]) -> Balances:
    return {(account, currency): int(minor) for account, currency, minor in rows}
