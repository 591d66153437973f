"""The area wired up: its verbs, what it says happened, and what follows from alerts."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.access.model import Permission
from bot.alerts.model import Alert
from bot.core import Core
from bot.incidents import leaving, service
from bot.incidents.digests.digests import Digests
from bot.incidents.duty import DutyRoster
from bot.incidents.paging import Pager
from bot.incidents.scanning import Scanning
from bot.incidents.service import Incidents
from bot.incidents.summaries import Summaries
from bot.incidents.writing import Writer
from bot.kernel.events import Event, Reaction
from bot.models.spending import Spend
from bot.watch.mailing import Mailing
from storage.engine.database import Transaction
from storage.incidents import incidents
from storage.people import people

EVENTS: Mapping[str, str] = {
    "incident.opened": "Alerts, or a person, opened an incident.",
    "incident.joined": "An alert belongs to it.",
    "incident.paged": "People were paged of it.",
    "incident.taken": "Somebody sees to it.",
    "incident.noted": "Somebody wrote something into its timeline.",
    "incident.closed": "Somebody closed it.",
    "incident.recovered": "All its alerts are over, so it ended by itself.",
    "duty.begun": "Somebody is on duty.",
    "duty.ended": "Somebody is on duty no more.",
    "incident.released": "Whoever had it may see to it no more, so nobody has it.",
    "duty.offered": "Somebody on duty asked another to take over.",
    "duty.taken": "The other took over.",
}


@dataclass(frozen=True, slots=True)
class Verbs:
    """Incidents, what time makes of them, who is on duty, and digests."""

    incidents: Incidents
    scanning: Scanning
    pager: Pager
    summaries: Summaries
    duty: DutyRoster
    digests: Digests


def reactions() -> Mapping[str, Reaction]:
    """Who has an alert has its incident; who may not see alerts any more is on duty no more, and has none."""
    return {"alert.taken": _taken, "person.role_changed": _lowered, "person.removed": _lowered}


async def _taken(tx: Transaction, event: Event) -> None:
    alert = event.thing
    assert isinstance(alert, Alert)
    if alert.incident_id is None or alert.taken_by is None:
        return
    incident = await incidents.find(tx.connection, event.tenant, alert.incident_id)
    if incident is not None and incident.open and incident.taken_by is None:
        who = await people.by_id(tx.connection, event.tenant, alert.taken_by)
        await service.take(tx, incident, who)


async def _lowered(tx: Transaction, event: Event) -> None:
    who = await people.by_id(tx.connection, event.tenant, event.number)
    if not who.may(Permission.WATCH):
        await leaving.let_go(tx, who)


def build(core: Core, spend: Spend, model: str, mailing: Mailing) -> Verbs:
    """The area on what it stands on. model: the one that writes summaries, notes and digests."""
    writer = Writer(core.database, spend, model)
    return Verbs(
        Incidents(core.database),
        Scanning(core.database),
        Pager(core.database, mailing),
        Summaries(core.database, writer),
        DutyRoster(core.database, writer),
        Digests(core.database, writer),
    )
