"""What stopped, did not arrive, or is tried for long in vain, for people to see to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.access.model import TENANT, Permission, Person
from bot.alerts.late_messages import late_before
from bot.alerts.model import Alert, Destination
from bot.briefs.model import Brief, State
from bot.invoices.model import Invoice, Mismatch
from bot.messages.service import TELEGRAM
from storage.alerts import alerts, late_messages, undelivered
from storage.alerts.late_messages import Late as Late
from storage.billing import invoices, mismatches
from storage.briefs import briefs
from storage.core.pages import Page
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.partners import partners
from storage.people import people
from storage.queue import failed_tasks
from storage.queue.failed_tasks import FailedTask as FailedTask


@dataclass(frozen=True, slots=True)
class Undelivered:
    """All that was given up for one destination. newest: the id of its newest row; reason: why that one was."""

    newest: int
    channel: str
    to: Destination
    rows: int
    reason: str


@dataclass(frozen=True, slots=True)
class Stops:
    """The newest of each kind: invoices and tasks that stopped, what came from Stripe and was not booked, what did not
    arrive, tasks and messages that are still tried.
    """

    at: datetime
    invoices: Sequence[Invoice] = ()
    tasks: Sequence[FailedTask] = ()
    unbooked: Sequence[Mismatch] = ()
    undelivered: Sequence[Undelivered] = ()
    tried: Sequence[FailedTask] = ()
    late: Sequence[Late] = ()


class Stopped:
    """Verbs that read what stopped; they raise Forbidden."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def newest(self, who: Person, limit: int) -> Stops:
        """The newest of each kind but briefs, at most so many."""
        who.require(Permission.DECIDE)
        now, tenant = self._database.clock.now(), who.tenant
        async with self._database.reading() as connection:
            return Stops(
                at=now,
                invoices=await invoices.failed(connection, tenant, limit),
                tasks=await failed_tasks.newest(connection, tenant, limit),
                unbooked=await mismatches.waiting(connection, tenant, limit),
                undelivered=await _undelivered(connection, tenant, limit),
                tried=await failed_tasks.newest(connection, tenant, limit, trying=True),
                late=await late_messages.late(connection, tenant, late_before(now), limit),
            )

    async def burning(self, tenant: str) -> Sequence[Alert]:
        """The tenant's alerts that are open, the oldest first."""
        async with self._database.reading() as connection:
            return await alerts.all_open(connection, tenant)

    async def silent(self) -> Sequence[str]:
        """The providers that do not answer, by name."""
        async with self._database.reading() as connection:
            return await not_answering(connection)

    async def briefs(self, who: Person, which: Page) -> Sequence[Brief]:
        """A page of the briefs that a fault stopped."""
        who.require(Permission.DECIDE)
        async with self._database.reading() as connection:
            return await briefs.page(connection, who.tenant, which, states=[State.FAILED])


async def not_answering(connection: Connection) -> list[str]:
    """The providers that do not answer or refuse our key, by name."""
    found = await alerts.all_open(connection, TENANT)
    return [str(alert.facts["provider"]) for alert in found if alert.rule in {"provider_down", "key_refused"}]


async def _undelivered(connection: Connection, tenant: str, limit: int) -> Sequence[Undelivered]:
    return [
        Undelivered(
            one.newest,
            one.channel,
            await name_of(connection, tenant, one.channel, one.destination),
            one.rows,
            one.reason,
        )
        for one in await undelivered.places(connection, tenant, limit)
    ]


async def name_of(connection: Connection, tenant: str, channel: str, destination: str) -> Destination:
    """What the outbox calls a place, in words: a person's name, a group, a mail address, a table, a partner."""
    chat = destination.partition("/")[0]
    if channel == "partners":
        partner = await partners.get(connection, tenant, int(destination))
        return Destination(destination if partner is None else partner.name)
    if channel != TELEGRAM:
        return Destination(destination)
    if not chat.isdecimal():
        return Destination(chat, "group")
    person = await people.by_telegram_id(connection, int(chat))
    return Destination(person.name) if person is not None else Destination(chat, "chat")
