"""Queries on the inbox: what came from outside, kept before it is acknowledged."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, bindparam, delete, select, type_coerce, update

from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.types import not_among
from storage.engine.upsert import insert_new
from storage.tables.core import inbox

# Built once: building a statement takes SQLAlchemy several times longer than running it.
_WAITING = select(inbox).where(inbox.c.source == bindparam("its_source"), inbox.c.processed_at.is_(None))
_WAITING = _WAITING.where(not_among(inbox.c.id, "known")).order_by(inbox.c.id).limit(bindparam("at_most"))
_PROCESSED = update(inbox).where(inbox.c.id == bindparam("arrival"))
_PROCESSED = _PROCESSED.values(processed_at=bindparam("now"), error=bindparam("why"))


Kept = tuple[int, Any]  # an arrival's id and payload, whether it was dealt with or not


@dataclass(frozen=True, slots=True)
class Arrival:
    """Something that came: `external_id` is the sender's own id for it, unique per source.

    `kept_only`: why nothing is to be done about it; it is kept as dealt with.
    """

    tenant: str
    source: str
    external_id: str
    payload: Any
    kept_only: str | None = None


@dataclass(frozen=True, slots=True)
class InboxRow:
    """An arrival that nobody has dealt with yet."""

    id: int
    external_id: str
    payload: Any
    attempts: int
    received_at: datetime


def signal(source: str) -> str:
    """The signal that wakes whoever deals with arrivals from that source."""
    return f"inbox:{source}"


async def store(tx: Transaction, arrivals: Sequence[Arrival]) -> list[int]:
    """Keep the arrivals; one that is there already is left out. Returns the ids of the new rows."""
    rows = [
        {
            "tenant": arrival.tenant,
            "source": arrival.source,
            "external_id": arrival.external_id,
            "payload": arrival.payload,
            "received_at": tx.now,
            "processed_at": None if arrival.kept_only is None else tx.now,
            "error": arrival.kept_only,
        }
        for arrival in arrivals
    ]
    for source in {arrival.source for arrival in arrivals if arrival.kept_only is None}:
        tx.wake(signal(source))
    return await insert_new(tx, inbox, rows, "source", "external_id")


async def waiting(connection: Connection, source: str, limit: int, without: Set[int] = frozenset()) -> list[InboxRow]:
    """Arrivals not dealt with, oldest first; none of the ids in `without`."""
    given = {"its_source": source, "at_most": limit, "known": without}
    rows = await connection.execute(_WAITING, given)
    return [InboxRow(row.id, row.external_id, row.payload, row.attempts, row.received_at) for row in rows]


async def after(connection: Connection, source: str, arrival_id: int, limit: int) -> list[InboxRow]:
    """Arrivals not dealt with that came after that one, oldest first."""
    query = _WAITING.where(inbox.c.id > arrival_id)
    rows = await connection.execute(query, {"its_source": source, "at_most": limit, "known": ()})
    return [InboxRow(row.id, row.external_id, row.payload, row.attempts, row.received_at) for row in rows]


async def near(connection: Connection, source: str, arrival_id: int, distance: int, words: str) -> list[Kept]:
    """What came shortly before or after that arrival and has those words somewhere, oldest first."""
    return await _holding(connection, source, words, inbox.c.id.between(arrival_id - distance, arrival_id + distance))


async def between(connection: Connection, source: str, since: datetime, until: datetime, words: str) -> list[Kept]:
    """What came in that time and has those words somewhere, oldest first."""
    return await _holding(connection, source, words, inbox.c.received_at.between(since, until))


async def _holding(connection: Connection, source: str, words: str, place: ColumnElement[bool]) -> list[Kept]:
    query = select(inbox.c.id, inbox.c.payload).where(inbox.c.source == source, place).order_by(inbox.c.id)
    rows = await connection.execute(query.where(type_coerce(inbox.c.payload, Text).contains(words, autoescape=True)))
    return [(row.id, row.payload) for row in rows]


async def get(connection: Connection, arrival_id: int) -> InboxRow | None:
    """The arrival, unless it was dealt with."""
    query = select(inbox).where(inbox.c.id == arrival_id, inbox.c.processed_at.is_(None))
    row = (await connection.execute(query)).first()
    return None if row is None else InboxRow(row.id, row.external_id, row.payload, row.attempts, row.received_at)


async def mark_processed(tx: Transaction, ids: Sequence[int], error: str | None = None) -> None:
    """Note that these arrivals were dealt with; error: what went wrong, None where nothing did."""
    if ids:
        await tx.run(_PROCESSED, [{"arrival": arrival_id, "now": tx.now, "why": error} for arrival_id in ids])


async def reopen(tx: Transaction, source: str, names: Sequence[str], ended: str, at_most: int) -> list[int]:
    """Have those that ended with these words dealt with anew, each so many times at most; returns their ids."""
    values = {"processed_at": None, "error": None, "received_at": tx.now, "attempts": inbox.c.attempts + 1}
    query = update(inbox).where(inbox.c.source == source, inbox.c.external_id.in_(names), inbox.c.attempts < at_most)
    query = query.where(inbox.c.processed_at.is_not(None), inbox.c.error.endswith(ended, autoescape=True))
    return list((await tx.run(query.values(values).returning(inbox.c.id))).scalars()) if names else []


async def mark_tried(tx: Transaction, arrival_id: int, error: str) -> None:
    """Count a failed attempt; the arrival stays."""
    values = {"attempts": inbox.c.attempts + 1, "error": error}
    await tx.run(update(inbox).where(inbox.c.id == arrival_id).values(values))


async def put_back(tx: Transaction, source: str, arrival_id: int) -> None:
    """Have what was given up dealt with anew."""
    values = {"processed_at": None, "attempts": 0, "error": None}
    await tx.run(update(inbox).where(inbox.c.id == arrival_id, inbox.c.source == source).values(values))
    tx.wake(signal(source))


async def forget(tx: Transaction, before: datetime) -> int:
    """Delete what was dealt with before that time; returns how many rows went."""
    return (await tx.run(delete(inbox).where(inbox.c.processed_at < before))).rowcount
