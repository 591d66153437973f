"""Queries on tenants."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Row, bindparam, select, update

from bot.tenants.model import Own, State, Tenant
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.upsert import insert_new
from storage.tables.tenants import tenants

SIGNAL = "tenants"
_GET = select(tenants).where(tenants.c.tenant == bindparam("its_tenant"))
_PRICES = select(tenants.c.prices).where(tenants.c.tenant == bindparam("its_tenant")).with_for_update()
_HOLD = select(tenants.c.id).where(tenants.c.tenant == bindparam("its_tenant")).with_for_update(key_share=True)


def _tenant(row: Row[Any]) -> Tenant:
    own = Own(
        row.currency,
        row.prices,
        row.targets,
        row.ceilings,
        row.time_zone,
        row.language,
        row.office_hours,
        row.holidays,
        row.terms,
    )
    return Tenant(row.tenant, row.brand, State(row.state), row.created_at, own)


async def get(connection: Connection, name: str) -> Tenant | None:
    """The tenant of that name, where there is one."""
    row = (await connection.execute(_GET, {"its_tenant": name})).first()
    return None if row is None else _tenant(row)


async def in_state(connection: Connection, state: State) -> Sequence[Tenant]:
    """Every tenant in that state, in the order they came."""
    rows = await connection.execute(select(tenants).where(tenants.c.state == state).order_by(tenants.c.id))
    return [_tenant(row) for row in rows]


async def add(tx: Transaction, name: str, brand: str, own: Own, state: State = State.ACTIVE) -> Tenant | None:
    """Keep a new tenant; None where there is one of that name."""
    row = {"tenant": name, "brand": brand, "state": state, "created_at": tx.now} | asdict(own)
    if not await insert_new(tx, tenants, row, "tenant"):
        return None
    tx.wake(SIGNAL)
    return await get(tx.connection, name)


async def hold(tx: Transaction, name: str) -> None:
    """Wait until nobody else holds the tenant, and hold it for the rest of the transaction: for what several processes
    that start at once look for and write down once.
    """
    await tx.run(_HOLD, {"its_tenant": name})


async def price(tx: Transaction, name: str, of: str) -> str | None:
    """The price that the tenant has of its own, by the name that settings give it; nobody changes it meanwhile."""
    row = (await tx.run(_PRICES, {"its_tenant": name})).first()
    return None if row is None or row.prices is None else row.prices.get(of)


async def set_price(tx: Transaction, name: str, of: str, amount: str) -> None:
    """Give the tenant a price of its own; it has a row."""
    row = (await tx.run(_PRICES, {"its_tenant": name})).one()
    prices = {**(row.prices or {}), of: amount}
    await tx.run(update(tenants).where(tenants.c.tenant == name).values(prices=prices))
    tx.wake(SIGNAL)
