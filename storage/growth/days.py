"""Queries on what it cost to win clients, and on what growth was on each day."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import delete, select

from bot.kernel.money import Money
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.upsert import upsert
from storage.tables.clients.growth import acquisition_costs, growth_days


async def costs(connection: Connection, tenant: str, first: date, last: date) -> Mapping[date, list[Money]]:
    """What was spent in each month of that time, by the month's first day."""
    query = select(acquisition_costs.c.month, acquisition_costs.c.amount_minor, acquisition_costs.c.currency).where(
        acquisition_costs.c.tenant == tenant,
        acquisition_costs.c.month >= f"{first:%Y-%m}",
        acquisition_costs.c.month <= f"{last:%Y-%m}",
    )
    found: dict[date, list[Money]] = {}
    for month, minor, currency in await connection.execute(query.order_by(acquisition_costs.c.currency)):
        found.setdefault(date.fromisoformat(f"{month}-01"), []).append(Money(minor, currency))
    return found


async def set_cost(tx: Transaction, tenant: str, month: date, amount: Money) -> None:
    """Keep what was spent in a month, in place of what was said before; nothing takes it out again."""
    key = {"tenant": tenant, "month": f"{month:%Y-%m}", "currency": amount.currency}
    if amount.minor:
        await upsert(tx, acquisition_costs, key, {"amount_minor": amount.minor, "updated_at": tx.now})
        return
    those = (acquisition_costs.c[name] == value for name, value in key.items())
    await tx.run(delete(acquisition_costs).where(*those))


async def keep(tx: Transaction, tenant: str, day: date, figures: Mapping[str, Any]) -> None:
    """Keep what growth is on that day, in place of what it was earlier on it."""
    await upsert(
        tx, growth_days, {"tenant": tenant, "day": day.isoformat()}, {"figures": figures, "updated_at": tx.now}
    )


async def since(connection: Connection, tenant: str, first: date) -> Mapping[date, Mapping[str, Any]]:
    """What it was on each day from that one on."""
    query = select(growth_days.c.day, growth_days.c.figures).where(
        growth_days.c.tenant == tenant, growth_days.c.day >= first.isoformat()
    )
    rows = await connection.execute(query.order_by(growth_days.c.day))
    return {date.fromisoformat(day): figures for day, figures in rows if isinstance(figures, dict)}
