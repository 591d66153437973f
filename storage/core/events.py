"""What happened: events of a subject (a brief, an invoice), which are only ever added to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.tables.core import events

_EVENT = events.insert()


async def add_event(
    tx: Transaction, tenant: str, subject: str, name: str, person_id: int | None = None, **data: Any
) -> None:
    """Record that something happened to `subject` ("brief:1042"); `data` is plain JSON."""
    row = {"tenant": tenant, "subject": subject, "name": name, "data": data, "person_id": person_id or None}
    await tx.run(_EVENT, row | {"at": tx.now})


async def add_events(tx: Transaction, tenant: str, name: str, happened: Mapping[str, Mapping[str, Any]]) -> None:
    """Record the same event of many subjects, that no person brought about; data by subject."""
    row = {"tenant": tenant, "name": name, "person_id": None, "at": tx.now}
    if happened:
        await tx.run(events.insert(), [row | {"subject": subject, "data": data} for subject, data in happened.items()])


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened."""

    id: int
    name: str
    data: dict[str, Any]
    at: datetime


async def last_event(connection: Connection, tenant: str, subject: str) -> Event | None:
    """The newest event of the subject."""
    query = select(events).where(events.c.subject == subject, events.c.tenant == tenant)
    row = (await connection.execute(query.order_by(events.c.id.desc()).limit(1))).first()
    return None if row is None else Event(row.id, row.name, row.data, row.at)


async def has_happened(connection: Connection, tenant: str, name: str) -> bool:
    """Whether there is an event of that name."""
    query = select(events.c.id).where(events.c.tenant == tenant, events.c.name == name).limit(1)
    return (await connection.execute(query)).first() is not None
