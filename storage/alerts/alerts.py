"""Queries on alerts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, func, select, update

from bot.alerts.model import Alert, Severity
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.upsert import insert_new
from storage.tables.people import people
from storage.tables.watch.alerts import GONE, OPEN, alerts, runbook_runs

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


def _alert(row: Row[Any]) -> Alert:
    known = {name: row._mapping[name] for name in alerts.c.keys()}  # noqa: SIM118 - a collection of columns
    known |= {"severity": Severity(row.severity), "told": tuple(row.told)}
    return Alert(**known, taker=row.taker or "", resolver=row.resolver or "")


async def add(tx: Transaction, tenant: str, rule: str, fingerprint: str, severity: Severity, facts: Any) -> bool:
    """Open an alert that never was before; False where there is a row of it."""
    row: dict[str, Any] = {"tenant": tenant, "rule": rule, "fingerprint": fingerprint, "severity": severity}
    row |= {"facts": facts, "opened_at": tx.now, "seen_at": tx.now, "openings_since": tx.now, "told": []}
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


async def between(connection: Connection, tenant: str, since: datetime, until: datetime, limit: int) -> list[Alert]:
    """Those that opened in that time, the oldest first, at most so many."""
    query = _ALERTS.where(alerts.c.opened_at >= since, alerts.c.opened_at < until).order_by(alerts.c.opened_at)
    return [_alert(row) for row in await connection.execute(query.limit(limit), {"its_tenant": tenant})]


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
