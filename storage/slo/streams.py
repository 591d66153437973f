"""Queries on the rows that streams are made of, in the order of their ids; and up to which each was written."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, select

from bot.access.model import TENANT
from bot.ops.streams import LEVEL_EVENTS, Stream
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.types import constant, unindexed
from storage.engine.upsert import upsert
from storage.tables.audit import audit
from storage.tables.core import events, inbox, job_runs
from storage.tables.models import model_calls
from storage.tables.watch.slo import stream_marks

# The table of each, the time of a row, and which rows it is about.
_OF: Mapping[Stream, tuple[Any, ColumnElement[datetime], Sequence[ColumnElement[bool]]]] = {
    Stream.AUDIT: (audit, audit.c.at, ()),
    Stream.SLO_EVENTS: (
        events,
        events.c.at,
        (unindexed(events.c.subject).like("slo:%"), unindexed(events.c.name).in_(LEVEL_EVENTS)),
    ),
    Stream.PROMPT_USAGE: (model_calls, model_calls.c.created_at, ()),
    Stream.SCHEDULER: (job_runs, job_runs.c.scheduled_at, ()),
    Stream.STRIPE_WEBHOOKS: (inbox, inbox.c.received_at, (unindexed(inbox.c.source) == constant("stripe"),)),
}


def _after(stream: Stream) -> Select[Any]:
    rows, _at, which = _OF[stream]
    query = select(rows).where(rows.c.id > bindparam("mark"), rows.c.id <= bindparam("last"), *which)
    return query.order_by(rows.c.id).limit(bindparam("at_most"))


_AFTER = {stream: _after(stream) for stream in Stream}


async def last(connection: Connection, stream: Stream, mark: int, before: datetime) -> int:
    """The id up to which all rows behind the mark are older than that; the mark where there are none."""
    rows, at, _which = _OF[stream]
    behind = rows.c.id > bindparam("mark")
    young = select(func.min(rows.c.id)).where(behind, unindexed(at) >= bindparam("before"))
    first = (await connection.execute(young, {"mark": mark, "before": before})).scalar()
    if first is not None:
        return int(first) - 1
    return int((await connection.execute(select(func.max(rows.c.id)).where(behind), {"mark": mark})).scalar() or mark)


async def after(
    connection: Connection, stream: Stream, mark: int, upto: int, limit: int
) -> Sequence[Mapping[str, Any]]:
    """The stream's next rows behind the mark up to that one, of all tenants."""
    given = {"mark": mark, "last": upto, "at_most": limit}
    return [dict(row._mapping) for row in await connection.execute(_AFTER[stream], given)]


async def newest(connection: Connection, stream: Stream) -> int:
    """The id of the newest row that the stream's table has; 0 where it has none."""
    return int((await connection.execute(select(func.max(_OF[stream][0].c.id)))).scalar() or 0)


async def marks(connection: Connection) -> Mapping[Stream, int]:
    """Up to which row each stream was written."""
    rows = await connection.execute(select(stream_marks).where(stream_marks.c.tenant == TENANT))
    return {Stream(row.stream): row.mark for row in rows}


async def set_mark(tx: Transaction, stream: Stream, mark: int) -> None:
    """Note up to which row the stream was written."""
    await upsert(tx, stream_marks, {"tenant": TENANT, "stream": stream.value}, {"mark": mark})
