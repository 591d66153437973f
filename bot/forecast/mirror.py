"""Forecasts in the mirror: a row for each day to come, and for those that are over with what they had."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from bot.forecast.model import AHEAD, LOAD, PARTS
from bot.kernel.money import Money
from bot.mirror.model import DAILY, KEY, Batch, Column, MirrorTable, RowId
from bot.mirror.service import once
from storage.engine.connection import Connection
from storage.forecast import made

BACK = 30  # days that are over


async def row(connection: Connection, one: RowId) -> dict[str, Any] | None:
    """What was told of the day last, and what it had; None where nothing was told."""
    series, _space, day = one.name.partition(" ")
    told = await made.of_day(connection, one.tenant, series, date.fromisoformat(day))
    if told is None:
        return None
    expected, actual = told.expected, told.actual
    return {
        "What": f"{'Briefs' if series == LOAD else series} · {day}",
        "Series": "briefs" if series == LOAD else series,
        "Day": day,
        "Expected": _value(series, expected.middle),
        "80 % from": _value(series, expected.low80),
        "80 % to": _value(series, expected.high80),
        "95 % from": _value(series, expected.low95),
        "95 % to": _value(series, expected.high95),
        "Actual": None if actual is None else _value(series, actual),
        "Told on": told.made_on.isoformat(),
    }


def _value(series: str, value: float) -> float:
    return round(value / PARTS, 2) if series == LOAD else float(Money(round(value), series).decimal)


async def names(connection: Connection, batch: Batch) -> Sequence[str]:
    """The days around today of every series that was told of lately."""
    today, found = batch.now.date(), []
    for series in await made.told_since(connection, batch.tenant, today - timedelta(days=2)):
        days = (today - timedelta(days=BACK), today + timedelta(days=AHEAD + 1))
        found += [f"{series} {day}" for day in await made.days(connection, batch.tenant, series, *days)]
    return once(found, batch)


FORECAST = MirrorTable(
    "Forecast",
    "forecast",
    {
        "What": Column.TITLE,
        "Series": Column.SELECT,
        "Day": Column.DATE,
        "Expected": Column.NUMBER,
        "80 % from": Column.NUMBER,
        "80 % to": Column.NUMBER,
        "95 % from": Column.NUMBER,
        "95 % to": Column.NUMBER,
        "Actual": Column.NUMBER,
        "Told on": Column.DATE,
        KEY: Column.TEXT,
    },
    row,
    names,
    every=DAILY,
)
