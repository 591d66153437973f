"""Queries on forecasts: made once a day, and held against the days when they are over."""

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Float, bindparam, case, cast, delete, func, select
from sqlalchemy.sql.elements import ColumnElement

from bot.forecast.model import AHEAD, Expected, Made, PastError, Told
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.types import unindexed
from storage.engine.upsert import upsert_all
from storage.tables.forecast import daily_values, forecast_days, forecasts

_BOUNDS = ("middle", "low80", "high80", "low95", "high95")
_NEWEST = select(forecasts).where(
    forecasts.c.tenant == bindparam("its_tenant"), forecasts.c.series == bindparam("its_series")
)
_NEWEST = _NEWEST.order_by(forecasts.c.made_on.desc()).limit(1)
_DAYS = select(forecast_days).where(
    forecast_days.c.tenant == bindparam("its_tenant"),
    forecast_days.c.series == bindparam("its_series"),
    forecast_days.c.made_on == bindparam("made_on"),
)
_DAYS = _DAYS.order_by(forecast_days.c.day)


def _sum(of: ColumnElement[Any]) -> ColumnElement[float]:
    return func.coalesce(func.sum(cast(of, Float)), 0.0)


def _within(low: ColumnElement[int], high: ColumnElement[int]) -> ColumnElement[float]:
    return case((forecast_days.c.actual.between(low, high), 1.0), else_=0.0)


_OFF = forecast_days.c.actual - forecast_days.c.middle
_ERROR = select(
    func.count(),
    func.count(forecast_days.c.day.distinct()),
    _sum(func.abs(_OFF)),
    _sum(func.abs(forecast_days.c.actual - forecast_days.c.naive)),
    _sum(cast(func.abs(_OFF), Float) / forecast_days.c.scale),
    _sum(_OFF),
    _sum(_within(forecast_days.c.low80, forecast_days.c.high80)),
    _sum(_within(forecast_days.c.low95, forecast_days.c.high95)),
).where(
    forecast_days.c.tenant == bindparam("its_tenant"),
    forecast_days.c.series == bindparam("its_series"),
    forecast_days.c.day >= bindparam("first"),
    forecast_days.c.actual.is_not(None),
)


async def put(tx: Transaction, tenant: str, made: Made) -> None:
    """Keep a forecast; the same day's again takes its place."""
    its = {"tenant": tenant, "series": made.series, "made_on": made.made_on.isoformat()}
    total = its | {"history": made.history, "scale": made.scale} | _whole(made.total)
    await upsert_all(tx, forecasts, ("tenant", "series", "made_on"), [total])
    rows = [
        its | {"day": one.day.isoformat(), "naive": one.naive, "scale": made.scale} | _whole(one.expected)
        for one in made.days
    ]
    await upsert_all(tx, forecast_days, ("tenant", "series", "day", "made_on"), rows)


def _whole(expected: Expected) -> dict[str, int]:
    return {name: round(value) for name, value in asdict(expected).items()}


async def newest(connection: Connection, tenant: str, series: str) -> Made | None:
    """The newest forecast of the series."""
    given = {"its_tenant": tenant, "its_series": series}
    found = (await connection.execute(_NEWEST, given)).mappings().first()
    if found is None:
        return None
    rows = (await connection.execute(_DAYS, given | {"made_on": found["made_on"]})).mappings()
    days = [
        Told(date.fromisoformat(row["day"]), Expected(*(row[name] for name in _BOUNDS)), row["naive"]) for row in rows
    ]
    total = Expected(*(found[name] for name in _BOUNDS))
    return Made(series, date.fromisoformat(found["made_on"]), days, total, found["history"], found["scale"])


@dataclass(frozen=True, slots=True)
class OfDay:
    """What was told of a day last, on which day, and what it had; None while it is not over."""

    made_on: date
    expected: Expected
    actual: int | None


async def of_day(connection: Connection, tenant: str, series: str, day: date) -> OfDay | None:
    """What was told of the day last."""
    its = (forecast_days.c.tenant == tenant, forecast_days.c.series == series, forecast_days.c.day == day.isoformat())
    query = select(forecast_days).where(*its).order_by(forecast_days.c.made_on.desc()).limit(1)
    row = (await connection.execute(query)).mappings().first()
    if row is None:
        return None
    return OfDay(date.fromisoformat(row["made_on"]), Expected(*(row[name] for name in _BOUNDS)), row["actual"])


async def told_since(connection: Connection, tenant: str, first: date) -> list[str]:
    """The series that were told of on that day or later."""
    query = select(forecasts.c.series).where(forecasts.c.made_on >= first.isoformat())
    query = query.where(unindexed(forecasts.c.tenant) == tenant).distinct().order_by(forecasts.c.series)
    return list((await connection.execute(query)).scalars())


async def days(connection: Connection, tenant: str, series: str, first: date, last: date) -> list[str]:
    """The days between these that anything was told of."""
    its = (forecast_days.c.tenant == tenant, forecast_days.c.series == series)
    query = select(forecast_days.c.day).where(*its, forecast_days.c.day.between(first.isoformat(), last.isoformat()))
    return list((await connection.execute(query.distinct().order_by(forecast_days.c.day))).scalars())


async def past_error(connection: Connection, tenant: str, series: str, first: date) -> PastError | None:
    """How far off forecasts were of the days from that one on that are over; None where there are none."""
    given = {"its_tenant": tenant, "its_series": series, "first": first.isoformat()}
    count, days, own, naive, scaled, bias, in80, in95 = (await connection.execute(_ERROR, given)).one()
    if not count:
        return None
    return PastError(days, *(one / count for one in (own, naive, scaled, bias, in80, in95)))


async def forget(tx: Transaction, before: date) -> int:
    """Delete what is of days before that one; returns how many rows went."""
    day, made_on, gone = before.isoformat(), (before - timedelta(days=AHEAD)).isoformat(), 0
    gone += (await tx.run(delete(forecast_days).where(forecast_days.c.day < day))).rowcount
    gone += (await tx.run(delete(forecasts).where(forecasts.c.made_on < made_on))).rowcount
    gone += (await tx.run(delete(daily_values).where(daily_values.c.day < day))).rowcount
    return gone
