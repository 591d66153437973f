"""How busy the installation is, in the mirror: a row for each thing that is counted or measured by the hour."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from bot.access.model import TENANT
from bot.capacity.model import Series
from bot.mirror.model import HOURLY, KEY, Batch, Column, MirrorTable, RowId
from bot.mirror.service import iso, once
from storage.capacity import hours
from storage.engine.connection import Connection

WHAT = {
    Series.UPDATES: ("Updates from chats", "an hour"),
    Series.BRIEFS: ("Briefs started", "an hour"),
    Series.SPEND: ("Model cost", "US cents an hour"),
    Series.FAILURES: ("Failures", "an hour"),
    Series.REFUSED: ("Refused requests", "an hour"),
    Series.FREE: ("Free disk", "MB"),
    Series.DATABASE: ("Database", "MB"),
    Series.MEMORY: ("Memory of the program", "MB"),
    Series.QUEUE: ("Tasks waiting", "at the hour"),
}
WEEK = timedelta(days=7)


async def row(connection: Connection, one: RowId) -> dict[str, Any] | None:
    """What the newest hour had, beside the same one a week before; None where nothing is known of it."""
    series = Series(one.name)
    hour = await hours.newest(connection, TENANT, series, one.now)
    if hour is None:
        return None
    what, unit = WHAT[series]
    return {
        "What": what,
        "Value": await hours.at(connection, TENANT, series, hour),
        "A week before": await hours.at(connection, TENANT, series, hour - WEEK),
        "Unit": unit,
        "Hour": iso(hour),
    }


async def names(connection: Connection, batch: Batch) -> Sequence[str]:
    """Whatever is known of the last days."""
    known = [one for one in WHAT if await hours.newest(connection, TENANT, one, batch.now) is not None]
    return once([one.value for one in known], batch)


OPS_MONITOR = MirrorTable(
    "Ops Monitor",
    "load",
    {
        "What": Column.TITLE,
        "Value": Column.NUMBER,
        "A week before": Column.NUMBER,
        "Unit": Column.SELECT,
        "Hour": Column.DATE,
        KEY: Column.TEXT,
    },
    row,
    names,
    every=HOURLY,
    for_all=False,
)
