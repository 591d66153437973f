"""What people do about alerts: see them, have one, put it off, say that it is over."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.access.model import Permission, Person
from bot.alerts.model import SNOOZE, Alert
from bot.alerts.raising import over, show
from bot.audit.service import record
from bot.kernel.errors import Refusal, Stale
from bot.kernel.translation import gettext as _
from storage.alerts import alerts
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction

Change = Callable[[Transaction, Alert], Awaitable[Alert | None]]


@dataclass(frozen=True, slots=True)
class Standing:
    """All alerts that are open at a time, the worst first."""

    at: datetime
    alerts: Sequence[Alert]


class Alerts:
    """Verbs on alerts; each raises Forbidden."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def standing(self, who: Person) -> Standing:
        """Those that are open."""
        who.require(Permission.WATCH)
        async with self._database.reading() as connection:
            found = await alerts.all_open(connection, who.tenant)
        return Standing(self._database.clock.now(), sorted(found, key=lambda one: (one.severity.rank, one.id)))

    async def get(self, who: Person, alert_id: int) -> Alert:
        """One of them, open or not. Raises Refusal where there is none of that number."""
        who.require(Permission.WATCH)
        async with self._database.reading() as connection:
            return await get(connection, who.tenant, alert_id)

    async def take(self, who: Person, alert_id: int, version: int) -> Alert:
        """The person sees to it, so nobody is told of it any more. Raises Stale where it is not as they saw it."""

        async def change(tx: Transaction, alert: Alert) -> Alert | None:
            return await take(tx, alert, who)

        return await self._change(who, alert_id, version, change)

    async def snooze(self, who: Person, alert_id: int, version: int, choice: str = "") -> Alert:
        """Nobody is told of it for a while. choice: the name of how long, "" for SNOOZE.

        Raises Stale where it is not as they saw it, or may not be put off for so long.
        """

        async def change(tx: Transaction, alert: Alert) -> Alert | None:
            span = alert.severity.snoozes.get(choice, None if choice else SNOOZE)
            if span is None:
                return None
            after = await alerts.change(tx, alert, snoozed_until=tx.now + span)
            if after is not None:
                await record(tx, alert.tenant, who, "alert.snoozed", f"alert:{alert.id}", thing=after)
                await show(tx, after)
            return after

        return await self._change(who, alert_id, version, change)

    async def resolve(self, who: Person, alert_id: int, version: int) -> Alert:
        """Say that it is over; where it is not, it opens again. Raises Stale where it is not as they saw it."""

        async def change(tx: Transaction, alert: Alert) -> Alert | None:
            return await over(tx, alert, who)

        return await self._change(who, alert_id, version, change)

    async def _change(self, who: Person, alert_id: int, version: int, change: Change) -> Alert:
        who.require(Permission.WATCH)

        async def work(tx: Transaction) -> Alert:
            alert = await seen(tx.connection, who.tenant, alert_id, version)
            after = await change(tx, alert)
            if after is None:
                raise stale(alert_id)
            return after

        return await self._database.write(work)


async def take(tx: Transaction, alert: Alert, who: Person) -> Alert | None:
    """Have the person see to an alert that nobody has; None where somebody was first."""
    after = await alerts.change(tx, alert, taken_by=who.id, taken_at=tx.now, snoozed_until=None)
    if after is not None:
        await record(tx, alert.tenant, who, "alert.taken", f"alert:{alert.id}", thing=after)
        await show(tx, after)
    return after


async def get(connection: Connection, tenant: str, alert_id: int) -> Alert:
    """The tenant's alert of that number. Raises Refusal where there is none."""
    alert = await alerts.find(connection, tenant, alert_id)
    if alert is None:
        raise Refusal(_("There is no alert {number}. /alerts lists those that are open.", number=alert_id))
    return alert


async def seen(connection: Connection, tenant: str, alert_id: int, version: int) -> Alert:
    """The alert, open, as somebody saw it. Raises Refusal; Stale where it is otherwise by now."""
    alert = await get(connection, tenant, alert_id)
    if not alert.open or alert.version != version:
        raise stale(alert_id)
    return alert


def stale(alert_id: int) -> Stale:
    """What somebody reads who tapped on what is otherwise by now."""
    return Stale(_("It has changed since, so nothing was done. /alert_{id} shows how it stands.", id=alert_id))
