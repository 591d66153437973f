"""Queries on what partners ordered: each order once, by its idempotency key."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, func, select, update

from bot.briefs.model import State
from bot.partners.model import IN_FLIGHT, Order
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.types import unindexed
from storage.engine.upsert import insert_new
from storage.tables.briefs import briefs
from storage.tables.partners import ORDERED, partner_orders

_BY_KEY = select(partner_orders).where(
    partner_orders.c.tenant == bindparam("its_tenant"),
    partner_orders.c.partner_id == bindparam("partner"),
    partner_orders.c.key == bindparam("its_key"),
)
_THEIRS = unindexed(partner_orders.c.tenant) == bindparam("its_tenant")
_OF_BRIEF = select(partner_orders).where(partner_orders.c.brief_id == bindparam("brief"), ORDERED, _THEIRS)
_SINCE = (partner_orders.c.partner_id == bindparam("partner"), partner_orders.c.created_at >= bindparam("since"))
_USED = select(func.count()).select_from(partner_orders).where(*_SINCE, ORDERED, _THEIRS)
_STATES = select(briefs.c.state, func.count()).join_from(
    partner_orders, briefs, briefs.c.id == partner_orders.c.brief_id
)
_STATES = _STATES.where(*_SINCE, ORDERED, _THEIRS).group_by(briefs.c.state)


def _order(row: Row[Any]) -> Order:
    return Order(row.id, row.partner_id, row.key, row.fingerprint, row.locked_until, row.brief_id, row.answer)


async def begin(tx: Transaction, tenant: str, partner_id: int, key: str, fingerprint: str) -> tuple[Order, bool]:
    """The one row of that key, and whether it is new."""
    row = {"tenant": tenant, "partner_id": partner_id, "key": key, "fingerprint": fingerprint, "created_at": tx.now}
    row["locked_until"] = tx.now + IN_FLIGHT
    added = await insert_new(tx, partner_orders, row, "tenant", "partner_id", "key")
    kept = (await tx.run(_BY_KEY, {"its_tenant": tenant, "partner": partner_id, "its_key": key})).one()
    return _order(kept), bool(added)


async def take_over(tx: Transaction, tenant: str, order: Order) -> bool:
    """Deal with an order that nobody deals with any more; False where somebody else was first."""
    mine = update(partner_orders).where(partner_orders.c.tenant == tenant, partner_orders.c.id == order.id)
    mine = mine.where(partner_orders.c.locked_until == order.locked_until)
    return bool((await tx.run(mine.values(locked_until=tx.now + IN_FLIGHT))).rowcount)


async def finish(tx: Transaction, tenant: str, order: Order, brief_id: int, answer: str) -> bool:
    """Keep what was ordered, and what was answered; False where that was done before."""
    mine = update(partner_orders).where(partner_orders.c.tenant == tenant, partner_orders.c.id == order.id)
    mine = mine.where(partner_orders.c.brief_id.is_(None))
    return bool((await tx.run(mine.values(brief_id=brief_id, answer=answer))).rowcount)


async def forget(tx: Transaction, tenant: str, order: Order) -> None:
    """Nothing came of the order, so its key is free again."""
    mine = delete(partner_orders).where(partner_orders.c.tenant == tenant, partner_orders.c.id == order.id)
    await tx.run(mine.where(partner_orders.c.brief_id.is_(None)))


async def of_brief(connection: Connection, tenant: str, brief_id: int) -> Order | None:
    """The order that a brief came from; None where no partner ordered it."""
    row = (await connection.execute(_OF_BRIEF, {"its_tenant": tenant, "brief": brief_id})).first()
    return None if row is None else _order(row)


async def used(connection: Connection, tenant: str, partner_id: int, since: datetime) -> int:
    """How many briefs the partner ordered since then."""
    given = {"its_tenant": tenant, "partner": partner_id, "since": since}
    return int((await connection.execute(_USED, given)).scalar_one())


async def by_state(connection: Connection, tenant: str, partner_id: int, since: datetime) -> Mapping[State, int]:
    """How many of the briefs ordered since then stand where."""
    given = {"its_tenant": tenant, "partner": partner_id, "since": since}
    return {State(state): count for state, count in await connection.execute(_STATES, given)}
