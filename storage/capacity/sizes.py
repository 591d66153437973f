"""Queries on how many tasks workers run at a time, and on what that is decided by."""

from datetime import datetime
from statistics import median

from sqlalchemy import select

from bot.access.model import TENANT
from bot.capacity.model import Size
from bot.kernel.tasks import Pool
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.types import unindexed
from storage.engine.upsert import upsert
from storage.tables.models import model_calls
from storage.tables.watch.capacity import worker_sizes

SIGNAL = "worker sizes"


async def of(connection: Connection, pool: Pool) -> Size | None:
    """How many of the pool's tasks run at a time; None where nobody changed that."""
    query = select(worker_sizes.c.size, worker_sizes.c.reason)
    query = query.where(worker_sizes.c.tenant == TENANT, worker_sizes.c.pool == pool)
    row = (await connection.execute(query)).first()
    return None if row is None else Size(row.size, row.reason)


async def since(connection: Connection, pool: Pool) -> tuple[Size, datetime] | None:
    """The same, and since when."""
    query = select(worker_sizes.c.size, worker_sizes.c.reason, worker_sizes.c.changed_at)
    query = query.where(worker_sizes.c.tenant == TENANT, worker_sizes.c.pool == pool)
    row = (await connection.execute(query)).first()
    return None if row is None else (Size(row.size, row.reason), row.changed_at)


async def put(tx: Transaction, pool: Pool, size: Size) -> None:
    """Have every worker run so many from now on."""
    values = {"size": size.size, "reason": size.reason, "changed_at": tx.now}
    await upsert(tx, worker_sizes, {"tenant": TENANT, "pool": pool}, values)
    tx.wake(SIGNAL)


async def seconds_of_a_brief(connection: Connection, tenant: str, since: datetime, limit: int) -> float:
    """How long models worked on a brief, on average of the newest calls since then; 0 where there were none."""
    query = select(model_calls.c.brief_id, model_calls.c.latency_ms).where(model_calls.c.tenant == tenant)
    query = query.where(model_calls.c.created_at >= since, unindexed(model_calls.c.brief_id).is_not(None))
    rows = (await connection.execute(query.order_by(model_calls.c.created_at.desc()).limit(limit))).all()
    briefs = {brief for brief, _ in rows}
    return sum(latency for _, latency in rows) / 1000 / len(briefs) if briefs else 0.0


async def calls(
    connection: Connection, tenant: str, since: datetime, until: datetime, limit: int
) -> tuple[int, int, int]:
    """Of the newest calls of models between these times: how many, how many failed, and how long half of those that
    did not took at most, in milliseconds.
    """
    query = select(model_calls.c.outcome, model_calls.c.latency_ms).where(model_calls.c.tenant == tenant)
    query = query.where(model_calls.c.created_at >= since, model_calls.c.created_at < until)
    rows = (await connection.execute(query.order_by(model_calls.c.created_at.desc()).limit(limit))).all()
    took = [latency for outcome, latency in rows if outcome != "failed"]
    return len(rows), len(rows) - len(took), round(median(took)) if took else 0
