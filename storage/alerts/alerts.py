"""Queries on alerts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, case, delete, func, literal, null, or_, select, update

from bot.alerts.model import OPENED, Alert, Changed, Severity
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.types import UtcTime, unindexed
from storage.engine.upsert import insert_new
from storage.tables.core import events
from storage.tables.people import people
from storage.tables.watch.alerts import GONE, MAILED, OPEN, alerts, runbook_runs

AT_ONCE = 5_000
_taker, _resolver = people.alias(), people.alias()
# Built once: building a statement takes SQLAlchemy several times longer than running it.
_ALERTS = select(
    alerts,
    select(_taker.c.name)
    .where(_taker.c.tenant == alerts.c.tenant, _taker.c.id == alerts.c.taken_by)
    .scalar_subquery()
    .label("taker"),
    select(_resolver.c.name)
    .where(_resolver.c.tenant == alerts.c.tenant, _resolver.c.id == alerts.c.resolved_by)
    .scalar_subquery()
    .label("resolver"),
).where(alerts.c.tenant == bindparam("its_tenant"))
_BY_ID = _ALERTS.where(alerts.c.id == bindparam("alert"))
_OF = _ALERTS.where(alerts.c.rule == bindparam("its_rule"), alerts.c.fingerprint == bindparam("its_fingerprint"))
_OF_LOCKED = _OF.with_for_update(of=alerts)
_OPEN = _ALERTS.where(OPEN).order_by(alerts.c.id)
_LOOSE = _OPEN.where(alerts.c.incident_id.is_(None)).with_for_update(of=alerts)
_ID_LOCKED = _BY_ID.with_for_update(of=alerts)
# Times that were written by a clock that was ahead.
PAST = ("opened_at", "seen_at", "openings_since", "came_at", "gone_since", "nagged_at", "taken_at")


def _alert(row: Row[Any]) -> Alert:
    known = {name: row._mapping[name] for name in alerts.c.keys()}  # noqa: SIM118 - a collection of columns
    known |= {"severity": Severity(row.severity), "told": tuple(row.told), "changed": _changed(row.changed)}
    return Alert(**known, taker=row.taker or "", resolver=row.resolver or "")


def _changed(kept: Any) -> Changed | None:
    if kept is None:
        return None
    return Changed(kept["event"], kept["what"], datetime.fromisoformat(kept["at"]))


def changed(of: Changed) -> dict[str, str]:
    """A change as a row keeps it."""
    return {"event": of.event, "what": of.what, "at": of.at.isoformat()}


async def add(tx: Transaction, tenant: str, rule: str, fingerprint: str, severity: Severity, facts: Any) -> bool:
    """Open an alert that never was before; False where there is a row of it."""
    row: dict[str, Any] = {"tenant": tenant, "rule": rule, "fingerprint": fingerprint, "severity": severity}
    row |= {"facts": facts, "told": []}
    row |= dict.fromkeys(("opened_at", "seen_at", "openings_since", "came_at"), tx.now)
    return bool(await insert_new(tx, alerts, row, "tenant", "rule", "fingerprint"))


async def of(connection: Connection, tenant: str, rule: str, fingerprint: str, *, lock: bool = False) -> Alert | None:
    """The alert of that rule and fingerprint, open or not, with `lock` held for the rest of the transaction."""
    known = {"its_tenant": tenant, "its_rule": rule, "its_fingerprint": fingerprint}
    row = (await connection.execute(_OF_LOCKED if lock else _OF, known)).first()
    return None if row is None else _alert(row)


async def find(connection: Connection, tenant: str, alert_id: int) -> Alert | None:
    """The tenant's alert of that number."""
    row = (await connection.execute(_BY_ID, {"its_tenant": tenant, "alert": alert_id})).first()
    return None if row is None else _alert(row)


async def all_open(connection: Connection, tenant: str) -> list[Alert]:
    """Those that are open, the oldest first."""
    return [_alert(row) for row in await connection.execute(_OPEN, {"its_tenant": tenant})]


async def loose(tx: Transaction, tenant: str) -> list[Alert]:
    """Those that are open and belong to no incident, the oldest first; held for the rest of the transaction."""
    return [_alert(row) for row in await tx.run(_LOOSE, {"its_tenant": tenant})]


async def held(tx: Transaction, alert: Alert) -> Alert | None:
    """The alert as it is now, held for the rest of the transaction."""
    row = (await tx.run(_ID_LOCKED, {"its_tenant": alert.tenant, "alert": alert.id})).first()
    return None if row is None else _alert(row)


async def between(connection: Connection, tenant: str, since: datetime, until: datetime, limit: int) -> list[Alert]:
    """Those that opened in that time, at most so many of the newest, the oldest first."""
    query = _ALERTS.where(alerts.c.opened_at >= since, alerts.c.opened_at <= until)
    query = query.order_by(alerts.c.opened_at.desc(), alerts.c.id.desc()).limit(limit)
    return [_alert(row) for row in await connection.execute(query, {"its_tenant": tenant})][::-1]


async def by_rule(connection: Connection, tenant: str, since: datetime, until: datetime) -> list[tuple[Alert, int]]:
    """Of each rule the newest alert that opened in that time, with how many of it did, the most first."""
    newest, number = func.max(alerts.c.id).label("newest"), func.count().label("number")
    query = select(newest, number).where(alerts.c.tenant == tenant)
    query = query.where(alerts.c.opened_at >= since, alerts.c.opened_at <= until).group_by(alerts.c.rule)
    counts = {row.newest: row.number for row in await connection.execute(query)}
    if not counts:
        return []
    found = _ALERTS.where(alerts.c.id.in_(sorted(counts)))
    rows = [_alert(row) for row in await connection.execute(found, {"its_tenant": tenant})]
    return sorted(((one, counts[one.id]) for one in rows), key=lambda of: (-of[1], of[0].id))


async def over_by_mail(connection: Connection, tenant: str) -> list[Alert]:
    """Those that went by mail and are over, of which that was not mailed yet."""
    query = _ALERTS.where(MAILED, alerts.c.resolved_at.is_not(None)).order_by(alerts.c.id)
    return [_alert(row) for row in await connection.execute(query, {"its_tenant": tenant})]


async def of_incident(connection: Connection, tenant: str, incident_id: int) -> list[Alert]:
    """Those of an incident, the oldest first."""
    query = _ALERTS.where(alerts.c.incident_id == incident_id).order_by(alerts.c.id)
    return [_alert(row) for row in await connection.execute(query, {"its_tenant": tenant})]


async def opened_since(connection: Connection, tenant: str, since: datetime, but: Sequence[str]) -> int:
    """How many opened since then, but for those of some rules."""
    query = select(func.count()).select_from(alerts).where(alerts.c.tenant == tenant, alerts.c.opened_at >= since)
    return int((await connection.execute(query.where(alerts.c.rule.not_in(but)))).scalar_one())


async def change(tx: Transaction, alert: Alert, **values: Any) -> Alert | None:
    """Change the alert as it was seen, and return it as it is then; None where somebody was first."""
    same = (alerts.c.tenant == alert.tenant, alerts.c.id == alert.id, alerts.c.version == alert.version)
    changed = await tx.run(update(alerts).where(*same).values(version=alert.version + 1, **values))
    return await find(tx.connection, alert.tenant, alert.id) if changed.rowcount else None


async def release(tx: Transaction, tenant: str, person_id: int) -> list[Alert]:
    """Nobody has any more what the person had; returns the alerts as they are then."""
    theirs = _ALERTS.where(OPEN, alerts.c.taken_by == person_id).order_by(alerts.c.id)
    found = [_alert(row) for row in await tx.run(theirs, {"its_tenant": tenant})]
    freed = [await change(tx, one, taken_by=None, taken_at=None) for one in found]
    return [one for one in freed if one is not None]


async def bring_back(tx: Transaction, tenant: str, latest_snooze: datetime) -> int:
    """What open alerts have of times to come, which a wrong clock wrote, is now; returns how many rows were wrong."""
    ours = (alerts.c.tenant == tenant, OPEN)
    late = [alerts.c[name] > tx.now for name in PAST]
    snoozed = alerts.c.snoozed_until > latest_snooze
    now = literal(tx.now, UtcTime)
    values = {name: case((alerts.c[name] > now, now), else_=alerts.c[name]) for name in PAST}
    values["snoozed_until"] = case((snoozed, null()), else_=alerts.c.snoozed_until)
    return (await tx.run(update(alerts).where(*ours, or_(snoozed, *late)).values(values))).rowcount


async def openings(connection: Connection, alert: Alert, since: datetime, until: datetime) -> list[datetime]:
    """When it opened within that time."""
    query = select(events.c.at).where(events.c.tenant == alert.tenant, events.c.name == OPENED)
    query = query.where(events.c.at > since, events.c.at <= until, unindexed(events.c.subject) == f"alert:{alert.id}")
    return list((await connection.execute(query)).scalars())


async def note(tx: Transaction, alert: Alert, **values: Any) -> Alert:
    """Change what no button depends on: its version stays, and what people see of it goes on working."""
    await tx.run(update(alerts).where(alerts.c.tenant == alert.tenant, alerts.c.id == alert.id).values(**values))
    found = await find(tx.connection, alert.tenant, alert.id)
    assert found is not None
    return found


async def forget(tx: Transaction, before: datetime) -> int:
    """Delete those that were resolved before that time, at most so many at once; returns how many rows went."""
    query = select(alerts.c.id).where(GONE, alerts.c.resolved_at < before).order_by(alerts.c.resolved_at)
    old = list((await tx.run(query.limit(AT_ONCE))).scalars())
    await tx.run(delete(runbook_runs).where(runbook_runs.c.alert_id.in_(old)))
    return (await tx.run(delete(alerts).where(alerts.c.id.in_(old)))).rowcount
