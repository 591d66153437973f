"""Queries on what each day came to: counted out of the rows and the ledger, and kept as one row a day.

A day is counted once it has been over for a while. A correction of the ledger that is dated back deletes the row of its
day in its own transaction; a row whose checksum is wrong counts as none. Where there is no row the day itself is read,
so the figures are the same with these rows and without.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, delete, func, select, text

from bot.analytics.model import BY_CHECK, BY_PEOPLE, CALLS, EVENTS, MICRO_USD, Counts, checksum_of, place
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.upsert import upsert
from storage.finance import counting
from storage.finance.folds import midnight
from storage.tables.briefs import decisions
from storage.tables.core import events
from storage.tables.forecast import daily_counts
from storage.tables.models import model_calls

DAY = timedelta(days=1)
_EVENTS = select(events.c.name, func.count()).where(
    events.c.tenant == bindparam("its_tenant"),
    events.c.name.in_(sorted(EVENTS)),
    events.c.at >= bindparam("since"),
    events.c.at < bindparam("until"),
)
_EVENTS = _EVENTS.group_by(events.c.name)
_APPROVED = select(decisions.c.person_id.is_(None), func.count()).where(
    decisions.c.tenant == bindparam("its_tenant"),
    decisions.c.verdict == "approved",
    decisions.c.created_at >= bindparam("since"),
    decisions.c.created_at < bindparam("until"),
)
_APPROVED = _APPROVED.group_by(decisions.c.person_id.is_(None))
_CALLS = select(func.count(), func.coalesce(func.sum(model_calls.c.cost_micro_usd), 0)).where(
    model_calls.c.tenant == bindparam("its_tenant"),
    model_calls.c.created_at >= bindparam("since"),
    model_calls.c.created_at < bindparam("until"),
)
_KEPT = select(daily_counts.c.day, daily_counts.c.counts, daily_counts.c.checksum).where(
    daily_counts.c.tenant == bindparam("its_tenant"),
    daily_counts.c.zone == bindparam("its_zone"),
    daily_counts.c.day >= bindparam("first"),
    daily_counts.c.day < bindparam("end"),
)


async def counted(connection: Connection, tenant: str, since: datetime, until: datetime) -> Counts:
    """What any time comes to, read where it happened."""
    given: dict[str, Any] = {"its_tenant": tenant, "since": since, "until": until}
    found = {EVENTS[name]: int(count) for name, count in await connection.execute(_EVENTS, given)}
    for by_check, count in await connection.execute(_APPROVED, given):
        found[BY_CHECK if by_check else BY_PEOPLE] = int(count)
    calls, micro_usd = (await connection.execute(_CALLS, given)).one()
    found |= {CALLS: int(calls), MICRO_USD: int(micro_usd)}
    sums = await counting.in_all(connection, tenant, since, until)
    found |= {place(account, currency): minor for (_part, _name, account, currency), minor in sums.items()}
    return {name: value for name, value in found.items() if value}


async def of_day(connection: Connection, tenant: str, zone: str, day: date) -> Counts:
    """What a day comes to, read where it happened."""
    there = ZoneInfo(zone)
    return await counted(connection, tenant, midnight(day, there), midnight(day + DAY, there))


async def rows(connection: Connection, tenant: str, zone: str, first: date, end: date) -> Mapping[date, Counts | None]:
    """The days from the first one on, and before the end, that have a row; None: it was damaged."""
    given = {"its_tenant": tenant, "its_zone": zone, "first": first.isoformat(), "end": end.isoformat()}
    found: dict[date, Counts | None] = {}
    for words, written, mark in await connection.execute(_KEPT, given):
        day = date.fromisoformat(words)
        counts = _read(written)
        sound = counts is not None and checksum_of(tenant, zone, day, counts) == mark
        found[day] = counts if sound else None
    return found


def _read(written: Any) -> Counts | None:
    try:
        return {str(name): int(value) for name, value in written.items()}
    except (AttributeError, TypeError, ValueError):
        return None


async def kept(connection: Connection, tenant: str, zone: str, first: date, end: date) -> Mapping[date, Counts]:
    """Those that have a row which is sound."""
    found = await rows(connection, tenant, zone, first, end)
    return {day: counts for day, counts in found.items() if counts is not None}


async def of_time(connection: Connection, tenant: str, zone: str, since: datetime, until: datetime) -> Counts:
    """What any time comes to: its whole days out of their rows, the rest read where it happened."""
    there, found, at = ZoneInfo(zone), Counter[str](), since
    first, end = since.astimezone(there).date(), until.astimezone(there).date()
    days = await kept(connection, tenant, zone, first, end)
    for day in sorted(days):
        begin, over = midnight(day, there), midnight(day + DAY, there)
        if begin < at:
            continue
        if at < begin:
            found.update(await counted(connection, tenant, at, begin))
        found.update(days[day])
        at = over
    if at < until:
        found.update(await counted(connection, tenant, at, until))
    return {name: value for name, value in found.items() if value}


async def count(tx: Transaction, tenant: str, zone: str, days: Collection[date]) -> None:
    """Count these days, and keep a row of each. Nothing is posted meanwhile."""
    if tx.connection.dialect.name == "postgresql":
        await tx.run(text("LOCK TABLE postings IN SHARE MODE"))
    for day in days:
        counts = await of_day(tx.connection, tenant, zone, day)
        written = {name: str(value) for name, value in counts.items()}
        values = {"counts": written, "checksum": checksum_of(tenant, zone, day, counts), "counted_at": tx.now}
        await upsert(tx, daily_counts, {"tenant": tenant, "zone": zone, "day": day.isoformat()}, values)


async def forget(tx: Transaction, tenant: str, at: datetime) -> None:
    """Something was posted that counts for that time: the rows of its day, wherever days begin, hold no more."""
    days = [(at + back * DAY).date().isoformat() for back in (-1, 0, 1)]
    await tx.run(delete(daily_counts).where(daily_counts.c.tenant == tenant, daily_counts.c.day.in_(days)))
