"""Queries on how often somebody called: one row for each bucket, whose window begins with its first call."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, case, delete, select, update

from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.upsert import insert_new
from storage.tables.partners import call_counts

_OF_BUCKET = (call_counts.c.tenant == bindparam("its_tenant"), call_counts.c.bucket == bindparam("its_bucket"))
_READ = select(call_counts).where(*_OF_BUCKET)
_OVER = call_counts.c.began_at <= bindparam("since")
_COUNT = update(call_counts).where(*_OF_BUCKET)
_COUNT = _COUNT.values(
    calls=case((_OVER, 1), else_=call_counts.c.calls + 1),
    began_at=case((_OVER, bindparam("now")), else_=call_counts.c.began_at),
    last_at=bindparam("now"),
).returning(call_counts.c.began_at, call_counts.c.last_at, call_counts.c.calls)


@dataclass(frozen=True, slots=True)
class Counted:
    """How many calls there were since the window began, this one too."""

    began_at: datetime
    last_at: datetime
    calls: int


async def count(tx: Transaction, tenant: str, bucket: str, window: timedelta) -> Counted:
    """Count a call."""
    given = {"its_tenant": tenant, "its_bucket": bucket, "now": tx.now, "since": tx.now - window}
    row = (await tx.run(_COUNT, given)).first()
    if row is None:
        first = {"tenant": tenant, "bucket": bucket, "began_at": tx.now, "last_at": tx.now, "calls": 0}
        await insert_new(tx, call_counts, first, "tenant", "bucket")
        row = (await tx.run(_COUNT, given)).one()
    return Counted(row.began_at, row.last_at, row.calls)


async def so_far(connection: Connection, tenant: str, bucket: str, now: datetime, window: timedelta) -> Counted | None:
    """The calls of the window that goes on; None where none does."""
    row = (await connection.execute(_READ, {"its_tenant": tenant, "its_bucket": bucket})).first()
    return None if row is None or row.began_at <= now - window else Counted(row.began_at, row.last_at, row.calls)


async def clear(tx: Transaction, tenant: str, bucket: str) -> None:
    """Begin anew."""
    await tx.run(delete(call_counts).where(call_counts.c.tenant == tenant, call_counts.c.bucket == bucket))


async def forget(tx: Transaction, before: datetime) -> int:
    """Delete the counts of whoever did not call since; returns how many."""
    return (await tx.run(delete(call_counts).where(call_counts.c.last_at < before))).rowcount
