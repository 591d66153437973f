"""Queries on what was given up: rows of the outbox that a provider refused for good, by where they were to go.

A row that a newer one of its slot took the place of is no longer missed.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, case, func, or_, select, update

from storage.core.outbox import signal
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.types import constant, unindexed
from storage.tables.core import outbox

_newer = outbox.alias()
_LATER = select(_newer.c.id).where(
    _newer.c.tenant == outbox.c.tenant,
    _newer.c.channel == outbox.c.channel,
    _newer.c.slot == outbox.c.slot,
    _newer.c.id > outbox.c.id,
)
_GIVEN_UP = outbox.c.state == constant("undeliverable")
_MISSED = (_GIVEN_UP, or_(outbox.c.slot.is_(None), ~_LATER.exists()))
_OF_TENANT = outbox.c.tenant == bindparam("its_tenant")
# The tenant is checked on rows that the index of what was given up has.
_PLACE: tuple[ColumnElement[bool], ...] = (
    unindexed(outbox.c.tenant) == bindparam("its_tenant"),
    outbox.c.channel == bindparam("its_channel"),
    outbox.c.destination == bindparam("to"),
)
_MISSED_THERE = select(outbox.c.id).where(*_PLACE, *_MISSED).limit(1)
MOST_PARTS = 10  # of a delivery
_IS_WORK: ColumnElement[bool] = outbox.c.key.like("brief:%:delivery:%")
# A name for each, since a list as one parameter is written out anew at every call.
_PARTS = select(outbox.c.state).where(
    _OF_TENANT,
    outbox.c.channel == bindparam("its_channel"),
    outbox.c.key.in_([bindparam(f"part_{part}") for part in range(MOST_PARTS)]),
)


@dataclass(frozen=True, slots=True)
class GivenUp:
    """All that was given up for one destination. newest: the id of its newest row; reason: why that one was."""

    newest: int
    channel: str
    destination: str
    rows: int
    reason: str
    since: datetime


async def places(connection: Connection, tenant: str, limit: int) -> list[GivenUp]:
    """Where something was given up, the newest first."""
    place = (outbox.c.channel, outbox.c.destination)
    newest, since = func.max(outbox.c.id).label("newest"), func.min(outbox.c.created_at).label("since")
    grouped = select(newest, *place, func.count().label("rows"), since)
    grouped = grouped.where(unindexed(outbox.c.tenant) == tenant, *_MISSED).group_by(*place)
    found = grouped.order_by(newest.desc()).limit(limit).subquery()
    # Not joined: PostgreSQL may then go through the table by its key.
    reason = select(_newer.c.error).where(_newer.c.tenant == tenant, _newer.c.id == found.c.newest)
    query = select(found, reason.scalar_subquery().label("error")).order_by(found.c.newest.desc())
    rows = await connection.execute(query)
    return [
        GivenUp(row.newest, row.channel, row.destination, row.rows, row.error or "unknown", row.since) for row in rows
    ]


async def place_of(connection: Connection, tenant: str, row_id: int) -> tuple[str, str] | None:
    """The channel and the destination of a row that was given up; None where it is not, or no more."""
    query = select(outbox.c.channel, outbox.c.destination).where(outbox.c.tenant == tenant, outbox.c.id == row_id)
    row = (await connection.execute(query.where(_GIVEN_UP))).first()
    return None if row is None else (row.channel, row.destination)


async def missed_at(connection: Connection, tenant: str, channel: str, destination: str) -> bool:
    """Whether something that was given up for the destination is missed."""
    given = {"its_tenant": tenant, "its_channel": channel, "to": destination}
    return (await connection.execute(_MISSED_THERE, given)).first() is not None


async def send_again(tx: Transaction, tenant: str, channel: str, destination: str) -> int:
    """Have all that was given up for a destination sent once more, finished work first; returns how many rows."""
    work_first = case((_IS_WORK, 0), else_=1)
    query = select(outbox).where(*_PLACE, *_MISSED).order_by(work_first, outbox.c.id)
    place = {"its_tenant": tenant, "its_channel": channel, "to": destination}
    rows = [row for row in (await tx.run(query, place)).all() if await _anew(tx, row)]
    overtaken = update(outbox).where(*_PLACE, _GIVEN_UP, _LATER.exists())  # not what is being given up just now
    await tx.run(overtaken.values(state="replaced"), place)
    if rows:
        tx.wake(signal(channel))
    return len(rows)


async def let_go(tx: Transaction, tenant: str, channel: str, destination: str) -> int:
    """What was given up for a destination is missed no more; returns how many rows."""
    gone = update(outbox).where(*_PLACE, _GIVEN_UP).values(state="replaced")
    return (await tx.run(gone, {"its_tenant": tenant, "its_channel": channel, "to": destination})).rowcount


async def _anew(tx: Transaction, row: Row[Any]) -> bool:
    """A new row in its place, since rows go out in the order of their ids; not where somebody was first."""
    as_it_was = (outbox.c.tenant == row.tenant, outbox.c.id == row.id, outbox.c.state == row.state)
    if not (await tx.run(update(outbox).where(*as_it_was).values(state="replaced", key=None))).rowcount:
        return False
    kept = {name: row._mapping[name] for name in ("tenant", "channel", "destination", "payload", "slot", "key")}
    await tx.run(outbox.insert().values(kept | {"created_at": row.created_at, "run_at": tx.now}))
    return True


def delivery_key(brief_id: int, part: int) -> str:
    """Names a part of a brief's delivery, from 0 on, fewer than MOST_PARTS."""
    return f"brief:{brief_id}:delivery:{part}"


async def missing_work(connection: Connection, tenant: str, channel: str, brief_id: int) -> Collection[str]:
    """The states of what did not arrive of a brief's delivery: "waiting", "undeliverable"; empty where all of it did.

    What was sent so long ago that its rows are gone has arrived.
    """
    keys = {f"part_{part}": delivery_key(brief_id, part) for part in range(MOST_PARTS)}
    states = await connection.execute(_PARTS, {"its_tenant": tenant, "its_channel": channel, **keys})
    return {state for state in states.scalars() if state != "sent"}


def briefs_of(keys: Sequence[str | None]) -> set[int]:
    """The briefs whose work these keys belong to."""
    parts = [key.split(":") for key in keys if key is not None]
    works = (one for one in parts if len(one) == 4 and one[0] == "brief" and one[2] == "delivery")
    return {int(one[1]) for one in works if one[1].isdecimal()}
