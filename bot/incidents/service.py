"""What people do about incidents: open, have, note, close, and read all that is known."""

from collections.abc import Awaitable, Callable, Sequence

from bot.access.model import Permission, Person
from bot.alerts import handling
from bot.alerts.model import Severity
from bot.audit.service import record
from bot.incidents.details import Details, details, get, happened, show
from bot.incidents.model import Incident
from bot.incidents.timeline import Happened
from bot.kernel.errors import Refusal, Stale
from bot.kernel.translation import gettext as _
from bot.kernel.translation import number
from storage.alerts import alerts
from storage.core.pages import Page
from storage.engine.database import Database, Transaction
from storage.incidents import incidents

NEWEST = 10
LONGEST = 500
Change = Callable[[Transaction, Incident], Awaitable[Incident | None]]


class Incidents:
    """Verbs on incidents; each raises Forbidden, or Refusal where there is none of that number."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def newest(self, who: Person) -> Sequence[tuple[Incident, Sequence[Happened]]]:
        """The newest, each with what happened."""
        return await self.page(who, Page(limit=NEWEST))

    async def page(
        self, who: Person, which: Page, *, still_open: bool = False
    ) -> Sequence[tuple[Incident, Sequence[Happened]]]:
        """A page of all that there were, or of those that go on, each with what happened."""
        who.require(Permission.WATCH)
        async with self._database.reading() as connection:
            found = await incidents.page(connection, who.tenant, which, still_open=still_open)
            return [(one, await happened(connection, one)) for one in found]

    async def get(self, who: Person, incident_id: int) -> Details:
        """All that is known of one."""
        who.require(Permission.WATCH)
        async with self._database.reading() as connection:
            return await self._details(await get(connection, who.tenant, incident_id))

    async def open(self, who: Person, words: str) -> Details:
        """Open one for what the person sees, once; whoever is on duty is paged until somebody has it."""
        who.require(Permission.WATCH)
        words = _checked(words)

        async def work(tx: Transaction) -> Incident:
            for one in await incidents.all_open(tx.connection, who.tenant):
                if (one.opened_by, one.title) == (who.id, words):  # the same message, dealt with again
                    return one
            incident = await incidents.add(tx, who.tenant, Severity.CRITICAL, tx.now, who.id, words)
            await record(tx, who.tenant, who, "incident.opened", incident.subject, words=words)
            return incident

        return await self._details(await self._database.write(work))

    async def take(self, who: Person, incident_id: int, version: int) -> Details:
        """The person has it, and its alerts: nobody is paged any more. Raises Stale where it is otherwise by now."""

        async def change(tx: Transaction, incident: Incident) -> Incident | None:
            return await take(tx, incident, who)

        return await self._change(who, incident_id, version, change)

    async def close(self, who: Person, incident_id: int, version: int) -> Details:
        """Close it; alerts that are still open stay so. Raises Stale where it is otherwise by now."""

        async def change(tx: Transaction, incident: Incident) -> Incident | None:
            after = await incidents.change(tx, incident, closed_at=tx.now, closed_by=who.id)
            if after is not None:
                await record(tx, who.tenant, who, "incident.closed", incident.subject)
                await show(tx, after)
            return after

        return await self._change(who, incident_id, version, change)

    async def note(self, who: Person, incident_id: int, words: str) -> Details:
        """Write into its timeline."""
        who.require(Permission.WATCH)
        words = _checked(words)

        async def work(tx: Transaction) -> Incident:
            incident = await get(tx.connection, who.tenant, incident_id)
            await incidents.note(tx, incident, changed_at=tx.now)
            await record(tx, who.tenant, who, "incident.noted", incident.subject, words=words)
            await show(tx, incident)
            return incident

        return await self._details(await self._database.write(work))

    async def _change(self, who: Person, incident_id: int, version: int, change: Change) -> Details:
        who.require(Permission.WATCH)

        async def work(tx: Transaction) -> Incident:
            incident = await get(tx.connection, who.tenant, incident_id)
            after = await change(tx, incident) if incident.open and incident.version == version else None
            if after is None:
                said = _(
                    "It has changed since, so nothing was done. /incident_{id} shows how it stands.", id=incident_id
                )
                raise Stale(said)
            return after

        return await self._details(await self._database.write(work))

    async def _details(self, incident: Incident) -> Details:
        async with self._database.reading() as connection:
            return await details(connection, incident, self._database.clock.now())


async def take(tx: Transaction, incident: Incident, who: Person) -> Incident | None:
    """Have the person see to an incident and its open alerts; None where somebody was first."""
    after = await incidents.change(tx, incident, taken_by=who.id, taken_at=tx.now)
    if after is None:
        return None
    await record(tx, incident.tenant, who, "incident.taken", incident.subject)
    for alert in await alerts.of_incident(tx.connection, incident.tenant, incident.id):
        if alert.open and alert.taken_by is None:
            await handling.take(tx, alert, who)
    await show(tx, after)
    return after


def _checked(words: str) -> str:
    words = " ".join(words.split())
    if not any(letter.isalnum() for letter in words):
        raise Refusal(_("Say what you see in a few words. For example: /incident Stripe does not answer"))
    if len(words) > LONGEST:
        raise Refusal(
            _(
                "At most {most} characters, please; this has {n}. Nothing was changed.",
                most=LONGEST,
                n=number(len(words)),
            )
        )
    return words
