"""Whoever can help is paged, rung by rung, until somebody has the incident."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from bot.access.model import Person
from bot.audit.service import record
from bot.incidents import cards
from bot.incidents.details import details, page
from bot.incidents.model import Incident, Rung
from bot.messages.service import ADMINS
from bot.watch.mailing import Mailing
from storage.engine.database import Database, Transaction
from storage.incidents import duties, incidents
from storage.people import people

AGAIN = timedelta(minutes=5)  # so long after they were paged they are paged again


class Pager:
    """Pages people. mailing: the last rung."""

    def __init__(self, database: Database, mailing: Mailing) -> None:
        self._database = database
        self._mailing = mailing

    async def page(self, tenant: str) -> str:
        """Page whoever is due to be, of each incident that nobody has; returns a line for the job."""
        async with self._database.reading() as connection:
            due = [one for one in await incidents.all_open(connection, tenant) if self._is_due(one)]
        paged = 0
        for incident in due:
            paged += await self._database.write(partial(self._page, incident=incident))
        return f"{paged} people paged of {len(due)} incidents" if due else "nobody to page"

    def _is_due(self, incident: Incident) -> bool:
        now = self._database.clock.now()
        if incident.taken_by is not None or incident.due_rung(now) is Rung.NOBODY:
            return False
        return incident.due_rung(now) > incident.rung or incident.paged_at is None or now - incident.paged_at >= AGAIN

    async def _page(self, tx: Transaction, incident: Incident) -> int:
        now = await incidents.find(tx.connection, incident.tenant, incident.id)
        if now is None or now.version != incident.version:  # somebody took it or closed it at this moment
            return 0
        rung, to = await _reached(tx, incident.tenant, incident.due_rung(tx.now))
        await incidents.note(tx, incident, rung=rung, paged_at=tx.now)
        who: dict[str, Any] = {"names": [one.name for one in to], "people": [one.id for one in to], "rung": int(rung)}
        await record(tx, incident.tenant, None, "incident.paged", incident.subject, **who)
        await page(tx, now, to)
        if rung is Rung.MAIL:
            await self._mail(tx, now, to)
        return len(to)

    async def _mail(self, tx: Transaction, incident: Incident, to: Sequence[Person]) -> None:
        of = await details(tx.connection, incident, tx.now)
        subject = partial(cards.headline, incident, of.happened)
        show = partial(cards.card, incident, of.alerts, of.happened, tx.now)
        await self._mailing.send(tx, incident.tenant, to, subject, show, f"incident:{incident.id}")


async def _reached(tx: Transaction, tenant: str, rung: Rung) -> tuple[Rung, Sequence[Person]]:
    """Who is paged on that rung; a rung on which nobody stands is climbed at once."""
    on_duty = await duties.on_duty(tx.connection, tenant)
    if rung is Rung.FIRST and on_duty:
        return rung, on_duty[:1]
    if rung <= Rung.SECOND and len(on_duty) > 1:
        return Rung.SECOND, on_duty
    admins = await people.with_roles(tx.connection, tenant, *ADMINS)
    known = {person.id for person in on_duty}
    return max(rung, Rung.ADMINS), [*on_duty, *(one for one in admins if one.id not in known)]
