"""Queries on hours of load: counted out of what is there, or measured, and kept as long as forecasts look back."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, select

from bot.access.model import TENANT
from bot.capacity.model import Series
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.upsert import upsert
from storage.tables.audit import audit
from storage.tables.core import events, inbox
from storage.tables.models import model_calls
from storage.tables.watch.capacity import load_hours

HOUR = timedelta(hours=1)
MICRO_CENT = 10_000
REFUSED = ("forbidden", "forged")
STOPPED = ("failed", "given_up")
OF_ALL = (Series.UPDATES,)  # an update comes before it is known whose it is
COUNTED = (Series.UPDATES, Series.BRIEFS, Series.SPEND, Series.FAILURES, Series.REFUSED)


def of(tenant: str) -> Sequence[Series]:
    """What is counted for the tenant."""
    return COUNTED if tenant == TENANT else [series for series in COUNTED if series not in OF_ALL]


async def counted(connection: Connection, tenant: str, series: Series, hour: datetime) -> int:
    """What happened within the hour; SPEND in hundredths of a US dollar."""
    return int((await connection.execute(_query(tenant, series, hour))).scalar_one() or 0)


def _query(tenant: str, series: Series, hour: datetime) -> Select[Any]:
    match series:
        case Series.UPDATES:
            within = _within(inbox.c.received_at, hour)
            return select(func.count()).select_from(inbox).where(inbox.c.source == "telegram", *within)
        case Series.SPEND:
            total = func.coalesce(func.sum(model_calls.c.cost_micro_usd), 0) / MICRO_CENT
            return select(total).where(model_calls.c.tenant == tenant, *_within(model_calls.c.created_at, hour))
        case Series.REFUSED:
            query = select(func.count()).select_from(audit).where(audit.c.tenant == tenant)
            return query.where(audit.c.outcome.in_(REFUSED), *_within(audit.c.at, hour))
        case Series.BRIEFS:
            names: Sequence[str] = ("queued",)
        case _:
            names = STOPPED
    query = select(func.count()).select_from(events).where(events.c.tenant == tenant, events.c.name.in_(names))
    return query.where(*_within(events.c.at, hour))


def _within(column: ColumnElement[datetime], hour: datetime) -> tuple[ColumnElement[bool], ...]:
    return column >= hour, column < hour + HOUR


async def put(tx: Transaction, tenant: str, series: Series, hour: datetime, value: int) -> None:
    """Keep the hour's value."""
    await upsert(tx, load_hours, {"tenant": tenant, "series": series, "hour": hour}, {"value": value})


async def between(
    connection: Connection, tenant: str, series: Series, first: datetime, last: datetime
) -> dict[datetime, int]:
    """The values from that hour on, up to the last."""
    its = (load_hours.c.tenant == tenant, load_hours.c.series == series)
    query = select(load_hours.c.hour, load_hours.c.value).where(
        *its, load_hours.c.hour >= first, load_hours.c.hour <= last
    )
    rows = await connection.execute(query.order_by(load_hours.c.hour))
    return {hour: value for hour, value in rows}


async def at(connection: Connection, tenant: str, series: Series, hour: datetime) -> int | None:
    """The hour's value; None where there is none yet."""
    its = (load_hours.c.tenant == tenant, load_hours.c.series == series, load_hours.c.hour == hour)
    return (await connection.execute(select(load_hours.c.value).where(*its))).scalar_one_or_none()


async def newest(connection: Connection, tenant: str, series: Series, until: datetime) -> datetime | None:
    """The newest hour that is kept, up to that one: later ones are a wrong clock's."""
    its = (load_hours.c.tenant == tenant, load_hours.c.series == series, load_hours.c.hour <= until)
    query = select(func.max(load_hours.c.hour)).where(*its)
    hour: datetime | None = (await connection.execute(query)).scalar_one()
    return hour


async def forget(tx: Transaction, before: datetime) -> int:
    """Delete the hours before that time; returns how many rows went."""
    return (await tx.run(delete(load_hours).where(load_hours.c.hour < before))).rowcount
