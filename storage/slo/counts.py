"""Queries on what was counted by the minute. All of it is the installation's, whoever caused it.

A process writes what it counted in a minute as a whole, under a name of its own, so that writing it twice counts once.
What is an hour old is added up over all processes, and after some days into hours.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, bindparam, case, delete, func, literal, select, type_coerce
from sqlalchemy.dialects import postgresql, sqlite

from bot.access.model import TENANT
from bot.ops.series import Count
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.types import Int64, UtcTime, unindexed
from storage.engine.upsert import upsert_all
from storage.tables.watch.slo import metric_counts

MINUTE, HOUR = 60, 3600  # stretches, in seconds
ALL = ""  # the source of what was added up
ROWS = "rows"  # of what is counted out of other rows, and may be counted anew
KEY = ("tenant", "series", "at", "stretch", "source")
Counted = Mapping[tuple[str, datetime], Count]
_OURS = metric_counts.c.tenant == TENANT
_OF = (_OURS, metric_counts.c.series.in_(bindparam("of", expanding=True)), metric_counts.c.at >= bindparam("since"))
_AHEAD = timedelta(
    minutes=1
)  # by which clocks of several machines may differ; further ahead was a clock that was wrong


async def put(tx: Transaction, source: str, counted: Counted, stretch: int = MINUTE) -> None:
    """Write what was counted, by series and minute, in place of what the same source wrote of it before."""
    base = {"tenant": TENANT, "stretch": stretch, "source": source}
    rows = [base | {"series": series, "at": at, "good": c.good, "bad": c.bad} for (series, at), c in counted.items()]
    await upsert_all(tx, metric_counts, KEY, rows)


async def within(
    connection: Connection, series: Collection[str], now: datetime, spans: Sequence[timedelta]
) -> dict[timedelta, Count]:
    """What was counted of these series together within each of these times back from now."""
    sums = [
        func.coalesce(func.sum(case((metric_counts.c.at >= now - span, column), else_=0)), 0)
        for span in spans
        for column in (metric_counts.c.good, metric_counts.c.bad)
    ]
    query = select(*sums).where(*_OF, metric_counts.c.at <= now + _AHEAD)
    row = (await connection.execute(query, {"of": sorted(series), "since": now - max(spans)})).one()
    return {span: Count(int(row[2 * n]), int(row[2 * n + 1])) for n, span in enumerate(spans)}


async def by_hour(connection: Connection, series: Collection[str], since: datetime) -> list[tuple[datetime, Count]]:
    """What was counted of these series together in each hour since then, in order."""
    hour = _hour_of(metric_counts.c.at)
    query = select(hour, func.sum(metric_counts.c.good), func.sum(metric_counts.c.bad)).where(*_OF)
    rows = await connection.execute(query.group_by(hour).order_by(hour), {"of": sorted(series), "since": since})
    return [(at, Count(int(good), int(bad))) for at, good, bad in rows]


async def newest(connection: Connection, series: str, source: str, now: datetime) -> datetime | None:
    """The newest minute up to now that the source wrote of the series."""
    query = select(func.max(metric_counts.c.at)).where(_OURS, metric_counts.c.series == series)
    query = query.where(metric_counts.c.at <= now)
    at: datetime | None = (await connection.execute(query.where(metric_counts.c.source == source))).scalar()
    return at


async def add_up(tx: Transaction, stretch: int, into: int, before: datetime) -> int:
    """Add what is older up over all processes, into stretches of that many seconds; returns how many rows went."""
    old = _older(stretch, before)
    if stretch == into:
        old = (*old, metric_counts.c.source.not_in([ALL, ROWS]))
    at = _hour_of(metric_counts.c.at) if into == HOUR else metric_counts.c.at
    sums = (func.sum(metric_counts.c.good), func.sum(metric_counts.c.bad))
    added = select(literal(TENANT), metric_counts.c.series, at, literal(into, Int64), literal(ALL), *sums)
    dialect = sqlite if tx.connection.dialect.name == "sqlite" else postgresql
    insert = dialect.insert(metric_counts)
    insert = insert.from_select([*KEY, "good", "bad"], added.where(*old).group_by(metric_counts.c.series, at))
    more = {name: metric_counts.c[name] + insert.excluded[name] for name in ("good", "bad")}
    await tx.run(insert.on_conflict_do_update(index_elements=KEY, set_=more))
    return (await tx.run(delete(metric_counts).where(*old))).rowcount


async def forget(tx: Transaction, stretch: int, before: datetime) -> int:
    """Delete what is older; returns how many rows went."""
    old = _older(stretch, before)
    return (await tx.run(delete(metric_counts).where(*old))).rowcount


async def forget_ahead(tx: Transaction, after: datetime) -> int:
    """Delete what is of a time to come, which a wrong clock wrote; returns how many rows went."""
    ours = unindexed(metric_counts.c.tenant) == TENANT
    ahead = (metric_counts.c.stretch.in_([MINUTE, HOUR]), metric_counts.c.at > after, ours)
    return (await tx.run(delete(metric_counts).where(*ahead))).rowcount


def _older(stretch: int, before: datetime) -> tuple[ColumnElement[bool], ...]:
    """All of it is one tenant's, so an index by stretch and time alone finds these."""
    ours = unindexed(metric_counts.c.tenant) == TENANT
    return metric_counts.c.stretch == stretch, metric_counts.c.at < before, ours


def _hour_of(at: ColumnElement[datetime]) -> ColumnElement[datetime]:
    """The beginning of the hour, as it is kept: microseconds since 1970."""
    micros = type_coerce(at, Int64)
    return type_coerce(micros - micros % (HOUR * 1_000_000), UtcTime)
