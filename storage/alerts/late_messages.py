"""Queries on outbox rows that do not arrive: those given up, and those that wait for long although they are tried."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, update

from storage.core import outbox as rows
from storage.core.outbox import OutboxRow
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.types import constant, unindexed
from storage.tables.core import outbox


@dataclass(frozen=True, slots=True)
class Late:
    """What waits for one destination: the oldest row's id, time and last error, and how many there are."""

    id: int
    channel: str
    destination: str
    since: datetime
    count: int
    reason: str


def _late(tenant: str, before: datetime) -> tuple[ColumnElement[bool], ...]:
    tried = outbox.c.error.is_not(None)
    waits = outbox.c.state == constant("waiting")
    return unindexed(outbox.c.tenant) == tenant, waits, tried, unindexed(outbox.c.created_at) < before


async def late(connection: Connection, tenant: str, before: datetime, limit: int) -> Sequence[Late]:
    """What was tried in vain since before that time, by destination, oldest first."""
    first, number = func.min(outbox.c.id).label("first"), func.count().label("number")
    groups = select(first, number).where(*_late(tenant, before)).group_by(outbox.c.channel, outbox.c.destination)
    oldest = groups.order_by(first).limit(limit).subquery()
    query = select(outbox, oldest.c.number).join(oldest, outbox.c.id == oldest.c.first)
    found = await connection.execute(query.where(unindexed(outbox.c.tenant) == tenant))
    seen = [Late(row.id, row.channel, row.destination, row.created_at, row.number, row.error) for row in found]
    return sorted(seen, key=lambda one: one.id)


async def count(connection: Connection, tenant: str, before: datetime) -> int:
    """How many rows were tried in vain since before that time."""
    query = select(func.count()).select_from(outbox).where(*_late(tenant, before))
    return int((await connection.execute(query)).scalar_one())


async def waits_at(
    connection: Connection, tenant: str, channel: str, destination: str | None, before: datetime
) -> bool:
    """Whether anything that was tried in vain since before that time waits there; None: anywhere on the channel."""
    query = select(outbox.c.id).where(*_late(tenant, before), outbox.c.channel == channel)
    if destination is not None:
        query = query.where(outbox.c.destination == destination)
    return (await connection.execute(query.limit(1))).first() is not None


async def hurry(tx: Transaction, tenant: str, row_id: int, before: datetime) -> int:
    """Have what is late for the row's destination be tried at once; returns how many rows."""
    changed = await tx.run(update(outbox).where(*_beside(tenant, row_id, before)).values(run_at=tx.now))
    for channel in (
        await tx.run(select(outbox.c.channel).where(outbox.c.tenant == tenant, outbox.c.id == row_id))
    ).scalars():
        tx.wake(rows.signal(channel))
    return changed.rowcount


async def stop(tx: Transaction, tenant: str, row_id: int, before: datetime) -> int:
    """Give up what is late for the row's destination; returns how many rows."""
    change = update(outbox).where(*_beside(tenant, row_id, before)).values(state="undeliverable")
    return (await tx.run(change)).rowcount


def _beside(tenant: str, row_id: int, before: datetime) -> tuple[ColumnElement[bool], ...]:
    this = outbox.alias()
    same = select(this.c.id).where(this.c.id == row_id, this.c.tenant == tenant)
    same = same.where(this.c.channel == outbox.c.channel, this.c.destination == outbox.c.destination)
    return *_late(tenant, before), same.exists()


async def last_sent(connection: Connection, item: OutboxRow) -> int:
    """The newest row that arrived where the item was to go; 0 where none did."""
    return await _newest(connection, item, outbox.c.destination == item.destination)


async def last_on_channel(connection: Connection, item: OutboxRow) -> tuple[int, bool]:
    """The newest row of the channel that arrived anywhere, 0 where none did; whether one did since the item waits."""
    made = select(outbox.c.created_at).where(outbox.c.tenant == item.tenant, outbox.c.id == item.id).scalar_subquery()
    last = await _newest(connection, item)
    return last, bool(await _newest(connection, item, outbox.c.sent_at >= made))


async def _newest(connection: Connection, item: OutboxRow, *where: ColumnElement[bool]) -> int:
    query = select(func.max(outbox.c.id)).where(outbox.c.tenant == item.tenant, outbox.c.channel == item.channel)
    return (await connection.execute(query.where(outbox.c.state == "sent", *where))).scalar_one() or 0
