"""Alerts are grouped into incidents, which open, grow, and end by themselves once all of it is over."""

from datetime import timedelta
from typing import Any

from bot.alerts.model import Alert, Severity
from bot.alerts.raising import has_told, tell
from bot.alerts.raising import show as show_alert
from bot.audit.service import record
from bot.incidents.details import show
from bot.incidents.model import CALM, Incident, group_of, grouped, worst
from storage.alerts import alerts
from storage.engine.database import Database, Transaction
from storage.incidents import incidents
from storage.people import people


class Scanning:
    """Looks after the incidents of a tenant."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def scan(self, tenant: str) -> str:
        """Group what is open, and close what is over; returns a line for the job."""
        async with self._database.reading() as connection:
            loose = [one for one in await alerts.all_open(connection, tenant) if one.incident_id is None]
            going_on = await incidents.all_open(connection, tenant)
        if not loose and not going_on:
            return "there is no incident"
        return await self._database.write(lambda tx: _scan(tx, tenant))


async def _scan(tx: Transaction, tenant: str) -> str:
    joined, opened = await _group(tx, tenant)
    closed = sum([await _settle(tx, one) for one in await incidents.all_open(tx.connection, tenant)])
    return f"{opened} opened, {joined} alerts joined, {closed} ended"


async def _group(tx: Transaction, tenant: str) -> tuple[int, int]:
    """Returns how many alerts joined an incident, and how many incidents were opened."""
    loose = await alerts.loose(tx, tenant)
    going_on = await incidents.all_open(tx.connection, tenant)
    theirs = {one.id: await alerts.of_incident(tx.connection, tenant, one.id) for one in going_on}
    groups = {number: {group_of(alert) for alert in found} for number, found in theirs.items()}
    plan = grouped(loose, going_on, groups)
    joined = sum([await _join(tx, one, plan.joins[one.id]) for one in going_on if one.id in plan.joins])
    if plan.opens:
        began = min(alert.opened_at for alert in plan.opens)
        incident = await incidents.add(tx, tenant, worst(plan.opens), began, None, "")
        await record(tx, tenant, None, "incident.opened", incident.subject)
        joined += await _join(tx, incident, plan.opens)
    return joined, int(bool(plan.opens))


async def _join(tx: Transaction, seen: Incident, found: list[Alert]) -> int:
    """Returns how many joined: none where somebody closed it at this moment, and then the next scan sees to them.

    Whoever closes or takes the incident as it was before does not know of these, so it is another version.
    """
    incident = await incidents.held(tx, seen)
    if incident is None or not incident.open:
        return 0
    await incidents.put_in(tx, incident.tenant, incident.id, [alert.id for alert in found])
    severity = min(incident.severity, worst(found), key=lambda one: one.rank)
    now = await incidents.change(tx, incident, severity=severity, changed_at=tx.now, calm_since=None)
    for alert in found:
        data: dict[str, Any] = {"alert": alert.id, "rule": alert.rule, "facts": dict(alert.facts)}
        await record(tx, incident.tenant, None, "incident.joined", incident.subject, **data)
    if incident.taken_by is not None:
        await _assign(tx, incident, incident.taken_by, found)
    if now is not None:
        await show(tx, now)
    return len(found)


async def _assign(tx: Transaction, incident: Incident, person_id: int, found: list[Alert]) -> None:
    """Who has an incident has what joins it, and hears of it where it is critical."""
    who = await people.by_id(tx.connection, incident.tenant, person_id)
    for alert in [one for one in found if one.taken_by is None]:
        after = await alerts.change(tx, alert, taken_by=who.id, taken_at=tx.now, snoozed_until=None)
        if after is None:
            continue
        await record(tx, incident.tenant, None, "alert.assigned", f"alert:{alert.id}", thing=after)
        await show_alert(tx, after)
        if alert.severity is Severity.CRITICAL and not await has_told(tx, after, who):
            await tell(tx, after, [who])


async def _settle(tx: Transaction, incident: Incident) -> bool:
    """Whether it ended: of one that people opened nobody knows but they."""
    found = await alerts.of_incident(tx.connection, incident.tenant, incident.id)
    if incident.opened_by is not None:
        return False
    if not found or any(alert.open for alert in found):
        if incident.calm_since is not None:
            await incidents.note(tx, incident, calm_since=None)
        return False
    if incident.calm_since is None:
        await incidents.note(tx, incident, calm_since=tx.now)
        return False
    if timedelta() <= tx.now - incident.calm_since < CALM:
        return False
    after = await incidents.change(tx, incident, closed_at=tx.now)
    if after is None:
        return False
    await record(tx, incident.tenant, None, "incident.recovered", incident.subject)
    await show(tx, after)
    return True
