"""Queries on exchange rates."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy import bindparam, select

from bot.ledger.rate import Rate
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.upsert import upsert
from storage.tables.ledger import exchange_rates

_NEWEST = select(exchange_rates).where(
    exchange_rates.c.tenant == bindparam("its_tenant"),
    exchange_rates.c.currency == bindparam("its_currency"),
    exchange_rates.c.day <= bindparam("on"),
)
_NEWEST = _NEWEST.order_by(exchange_rates.c.day.desc()).limit(1)


async def keep(tx: Transaction, tenant: str, found: Sequence[Rate]) -> None:
    """Keep these rates; one of the same currency and day is changed."""
    for rate in found:
        key = {"tenant": tenant, "currency": rate.currency, "day": rate.day.isoformat()}
        await upsert(tx, exchange_rates, key, {"usd": str(rate.usd), "set_at": tx.now})


async def newest(connection: Connection, tenant: str, currency: str, on: date) -> Rate | None:
    """The newest rate of the currency that is of that day or before."""
    given = {"its_tenant": tenant, "its_currency": currency, "on": on.isoformat()}
    row = (await connection.execute(_NEWEST, given)).first()
    return None if row is None else Rate(row.currency, Decimal(row.usd), date.fromisoformat(row.day))
