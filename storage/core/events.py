"""What happened: events of a subject (a brief, an invoice) and the audit trail. Both are only ever added to."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from storage.core.pages import Page
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.tables.core import audit, events
from storage.tables.people import people

_EVENT = events.insert()
_ENTRY = audit.insert()
_TRAIL = select(audit, people.c.name).outerjoin(people, people.c.id == audit.c.person_id)
_TRAIL = _TRAIL.where(audit.c.tenant == bindparam("its_tenant"))
_OF_SUBJECT = _TRAIL.where(audit.c.subject == bindparam("its_subject"))
_OF_ACTION = _TRAIL.where(audit.c.action == bindparam("its_action"))


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


@dataclass(frozen=True, slots=True)
class Entry:
    """Who did what to which subject, and how it ended ("done", or the rule that refused).

    person_id 0: nobody whom we know; telegram_id is theirs all the same.
    """

    tenant: str
    action: str
    subject: str
    outcome: str
    person_id: int = 0
    telegram_id: int | None = None


@dataclass(frozen=True, slots=True)
class Audited:
    """An entry of the audit trail as it is read. person: their name, "" where nobody is known."""

    id: int
    at: datetime
    person: str
    telegram_id: int | None
    action: str
    subject: str
    outcome: str


async def trail(connection: Connection, tenant: str, which: Page, subject: str = "", action: str = "") -> list[Audited]:
    """A page of the audit trail: all of it, or what is about one subject, or one action."""
    query, given = _TRAIL, {"its_tenant": tenant}
    if subject:
        query, given = _OF_SUBJECT, given | {"its_subject": subject}
    elif action:
        query, given = _OF_ACTION, given | {"its_action": action}
    rows = await which.of(connection, query, audit.c.id, given)
    return [
        Audited(row.id, row.at, row.name or "", row.telegram_id, row.action, row.subject, row.outcome) for row in rows
    ]


async def add_entries(tx: Transaction, entries: Sequence[Entry]) -> None:
    """Write entries of the audit trail."""
    if entries:
        rows = [{**asdict(entry), "person_id": entry.person_id or None, "at": tx.now} for entry in entries]
        await tx.run(_ENTRY, rows)


async def add_audit(tx: Transaction, tenant: str, action: str, subject: str, outcome: str, *, person_id: int) -> None:
    """Write one entry about a person whom we know."""
    await add_entries(tx, [Entry(tenant, action, subject, outcome, person_id)])
