"""All that is known of an incident, out of the rows; and its card, brought up to date for whoever was shown it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from bot.access.model import Permission, Person
from bot.alerts.model import Alert, Severity
from bot.incidents import cards
from bot.incidents.model import TOGETHER, Incident
from bot.incidents.timeline import Happened
from bot.kernel.errors import Refusal
from bot.kernel.translation import gettext as _
from bot.messages.service import TELEGRAM, notify
from bot.messages.topics import Topic
from storage.alerts import alerts
from storage.core import outbox
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.incidents import incidents
from storage.people import people

MOST_EVENTS = 500


@dataclass(frozen=True, slots=True)
class Details:
    """An incident at a time, with its alerts as they are now, and all that happened, the oldest first."""

    incident: Incident
    alerts: Sequence[Alert]
    happened: Sequence[Happened]
    at: datetime


async def get(connection: Connection, tenant: str, incident_id: int) -> Incident:
    """The tenant's incident of that number. Raises Refusal where there is none."""
    incident = await incidents.find(connection, tenant, incident_id)
    if incident is None:
        raise Refusal(_("There is no incident {number}. /incident lists them.", number=incident_id))
    return incident


async def details(connection: Connection, incident: Incident, at: datetime) -> Details:
    """All that is known of it."""
    theirs = await alerts.of_incident(connection, incident.tenant, incident.id)
    return Details(incident, theirs, await happened(connection, incident), at)


async def happened(connection: Connection, incident: Incident) -> list[Happened]:
    """Its events and those of its alerts, within its time."""
    own = await _events(connection, incident.tenant, [incident.subject])
    ours = sorted({f"alert:{one.data['alert']}" for one in own if one.name == "joined"})
    others = await _events(connection, incident.tenant, ours) if ours else []
    within = [one for one in others if one.at >= incident.opened_at - TOGETHER and _before_end(one, incident)]
    return sorted([*own, *within], key=lambda one: one.id)


def _before_end(one: Happened, incident: Incident) -> bool:
    return incident.closed_at is None or one.at <= incident.closed_at


async def _events(connection: Connection, tenant: str, subjects: Sequence[str]) -> list[Happened]:
    rows = await incidents.history(connection, tenant, subjects, MOST_EVENTS)
    return [Happened(row.id, row.subject, row.name, row.data, row.at, row.who or "") for row in rows]


async def paged(connection: Connection, incident: Incident) -> set[int]:
    """Whoever was paged of it, by number."""
    own = await _events(connection, incident.tenant, [incident.subject])
    return {person for event in own for person in event.data.get("people", [])}


async def show(tx: Transaction, incident: Incident) -> None:
    """Bring the card up to date of whoever was paged and may still see it."""
    ids = await paged(tx.connection, incident)
    found = await people.by_ids(tx.connection, incident.tenant, ids) if ids else {}
    await _put(tx, incident, [one for one in found.values() if one.may(Permission.WATCH)], new=False)


async def page(tx: Transaction, incident: Incident, to: Sequence[Person]) -> None:
    """Show these people the incident as a new message."""
    await _put(tx, incident, to, new=True)


async def _put(tx: Transaction, incident: Incident, to: Collection[Person], *, new: bool) -> None:
    if not to:
        return
    of = await details(tx.connection, incident, tx.now)
    show_it = partial(cards.card, incident, of.alerts, of.happened, tx.now)
    urgent = incident.open and incident.severity is Severity.CRITICAL
    for person in to:
        slot = f"incident:{incident.id}:{person.telegram_id}:card"
        if new:
            await outbox.show_anew(tx, incident.tenant, TELEGRAM, slot)
        await notify(tx, person, Topic.ALERTS, show_it, slot=slot, urgent=urgent, shown=not new)
