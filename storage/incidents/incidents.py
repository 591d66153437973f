"""Queries on incidents."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, select, update

from bot.alerts.model import Severity
from bot.incidents.model import Incident, Rung
from storage.core.pages import Page
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.types import unindexed
from storage.tables.core import events
from storage.tables.people import people
from storage.tables.watch.alerts import alerts
from storage.tables.watch.incidents import OPEN, incidents

_taker, _closer = people.alias(), people.alias()
# Built once: building a statement takes SQLAlchemy several times longer than running it.
_INCIDENTS = select(
    incidents,
    select(_taker.c.name)
    .where(_taker.c.tenant == incidents.c.tenant, _taker.c.id == incidents.c.taken_by)
    .scalar_subquery()
    .label("taker"),
    select(_closer.c.name)
    .where(_closer.c.tenant == incidents.c.tenant, _closer.c.id == incidents.c.closed_by)
    .scalar_subquery()
    .label("closer"),
).where(incidents.c.tenant == bindparam("its_tenant"))
_BY_ID = _INCIDENTS.where(incidents.c.id == bindparam("incident"))
_ID_LOCKED = _BY_ID.with_for_update(of=incidents)
_THAT_GO_ON = _INCIDENTS.where(OPEN)
_OPEN = _THAT_GO_ON.order_by(incidents.c.id)


def _incident(row: Row[Any]) -> Incident:
    known = {name: row._mapping[name] for name in incidents.c.keys()}  # noqa: SIM118 - a collection of columns
    known |= {"severity": Severity(row.severity), "rung": Rung(row.rung)}
    return Incident(**known, taker=row.taker or "", closer=row.closer or "")


async def add(
    tx: Transaction, tenant: str, severity: Severity, began: datetime, by: int | None, title: str
) -> Incident:
    """Open an incident, by a person in their words or by alerts (None, "")."""
    row: dict[str, Any] = {"tenant": tenant, "title": title, "severity": severity, "opened_by": by}
    row |= {"opened_at": began, "changed_at": tx.now}
    number = (await tx.run(incidents.insert().returning(incidents.c.id), row)).scalar_one()
    found = await find(tx.connection, tenant, number)
    assert found is not None
    return found


async def find(connection: Connection, tenant: str, incident_id: int) -> Incident | None:
    """The tenant's incident of that number."""
    row = (await connection.execute(_BY_ID, {"its_tenant": tenant, "incident": incident_id})).first()
    return None if row is None else _incident(row)


async def held(tx: Transaction, incident: Incident) -> Incident | None:
    """The incident as it is now, held for the rest of the transaction."""
    row = (await tx.run(_ID_LOCKED, {"its_tenant": incident.tenant, "incident": incident.id})).first()
    return None if row is None else _incident(row)


async def all_open(connection: Connection, tenant: str) -> list[Incident]:
    """Those that go on, the oldest first."""
    return [_incident(row) for row in await connection.execute(_OPEN, {"its_tenant": tenant})]


async def climb(tx: Transaction, incident: Incident, rung: Rung) -> bool:
    """Note that people are paged now; False where somebody took or closed it, or another process paged of it."""
    same = (incidents.c.tenant == incident.tenant, incidents.c.id == incident.id)
    seen = (incidents.c.version == incident.version, incidents.c.rung == int(incident.rung))
    last = incidents.c.paged_at.is_(None) if incident.paged_at is None else incidents.c.paged_at == incident.paged_at
    values = {"rung": rung, "paged_at": tx.now}
    return bool((await tx.run(update(incidents).where(*same, *seen, last).values(values))).rowcount)


async def release(tx: Transaction, tenant: str, person_id: int) -> list[Incident]:
    """Nobody has any more what the person had; returns the incidents as they are then."""
    theirs = [one for one in await all_open(tx.connection, tenant) if one.taken_by == person_id]
    freed = [await change(tx, one, taken_by=None, taken_at=None) for one in theirs]
    return [one for one in freed if one is not None]


async def page(connection: Connection, tenant: str, which: Page, *, still_open: bool) -> list[Incident]:
    """A page of all that there were, or of those that go on."""
    rows = await which.of(connection, _THAT_GO_ON if still_open else _INCIDENTS, incidents.c.id, {"its_tenant": tenant})
    return [_incident(row) for row in rows]


async def change(tx: Transaction, incident: Incident, **values: Any) -> Incident | None:
    """Change the incident as it was seen, and return it as it is then; None where somebody was first."""
    same = (incidents.c.tenant == incident.tenant, incidents.c.id == incident.id)
    seen = update(incidents).where(*same, incidents.c.version == incident.version)
    changed = await tx.run(seen.values(version=incident.version + 1, **values))
    return await find(tx.connection, incident.tenant, incident.id) if changed.rowcount else None


async def note(tx: Transaction, incident: Incident, **values: Any) -> None:
    """Change what no button depends on; its version stays."""
    same = (incidents.c.tenant == incident.tenant, incidents.c.id == incident.id)
    await tx.run(update(incidents).where(*same).values(**values))


async def put_in(tx: Transaction, tenant: str, incident_id: int, alert_ids: Collection[int]) -> None:
    """Make these alerts the incident's."""
    same = (unindexed(alerts.c.tenant) == tenant, alerts.c.id.in_(sorted(alert_ids)))
    await tx.run(update(alerts).where(*same).values(incident_id=incident_id))


async def history(connection: Connection, tenant: str, subjects: Sequence[str], limit: int) -> list[Row[Any]]:
    """The events of these subjects with who did each, the oldest first, at most so many of the newest."""
    query = select(events.c.id, events.c.subject, events.c.name, events.c.data, events.c.at, people.c.name.label("who"))
    query = query.outerjoin(people, (people.c.tenant == events.c.tenant) & (people.c.id == events.c.person_id))
    query = query.where(events.c.tenant == tenant, events.c.subject.in_(subjects))
    rows = list(await connection.execute(query.order_by(events.c.id.desc()).limit(limit)))
    return rows[::-1]
