"""Whoever can help is paged, rung by rung, until somebody has the incident."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from bot.access.model import TENANT, Person
from bot.alerts.raising import REACHED, raise_
from bot.audit.service import record
from bot.incidents import cards
from bot.incidents.details import details, page, paged
from bot.incidents.model import Incident, Rung, asleep, woken
from bot.messages.service import ADMINS
from bot.watch.mailing import Mailing
from storage.alerts import alerts
from storage.engine.connection import Connection
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
        now = self._database.clock.now()
        async with self._database.reading() as connection:
            open_ones = await incidents.all_open(connection, tenant)
            due = [one for one in open_ones if await _due(connection, one, now) is not Rung.NOBODY]
        told = sum([await self._database.write(partial(self._page, incident=one)) for one in due])
        return f"{told} people paged of {len(due)} incidents" if due else "nobody to page"

    async def _page(self, tx: Transaction, incident: Incident) -> int:
        now = await incidents.find(tx.connection, incident.tenant, incident.id)
        due = Rung.NOBODY if now is None else await _due(tx.connection, now, tx.now)
        if now is None or due is Rung.NOBODY:  # somebody took or closed it, or it was paged at this moment
            return 0
        rung, to = await _reached(tx, now.tenant, due)
        if not await incidents.climb(tx, now, rung):
            return 0
        ids = [one.id for one in to]
        if rung > now.rung or not set(ids) <= await paged(tx.connection, now):  # the same people again are no news
            who: dict[str, Any] = {"names": [one.name for one in to], "people": ids}
            await record(tx, now.tenant, None, "incident.paged", now.subject, **who, rung=int(rung))
        await page(tx, now, to)
        if rung is Rung.MAIL:
            await self._mail(tx, now, to)
        if not to and now.tenant != TENANT:  # then whoever looks after the installation can help
            await raise_(tx, "ladder_empty", now.tenant, whose=now.tenant)
        return len(to)

    async def _mail(self, tx: Transaction, incident: Incident, to: Sequence[Person]) -> None:
        of = await details(tx.connection, incident, tx.now)
        subject = partial(cards.headline, incident, of.happened)
        show = partial(cards.card, incident, of.alerts, of.happened, tx.now)
        await self._mailing.send(tx, incident.tenant, to, subject, show, f"incident:{incident.id}")


async def _due(connection: Connection, incident: Incident, now: datetime) -> Rung:
    """The rung that people are to be paged on now; NOBODY where nobody is, or all of it was put off."""
    if incident.taken_by is not None or incident.due_rung(now) is Rung.NOBODY:
        return Rung.NOBODY
    found = await alerts.of_incident(connection, incident.tenant, incident.id)
    rung = incident.due_rung(now, woken(found, now))
    waited = incident.paged_at is None or not timedelta() <= now - incident.paged_at < AGAIN
    return max(rung, incident.rung) if not asleep(found, now) and (rung > incident.rung or waited) else Rung.NOBODY


async def _reached(tx: Transaction, tenant: str, rung: Rung) -> tuple[Rung, Sequence[Person]]:
    """Who is paged on that rung; one on which nobody stands whom messages reach is climbed at once."""
    on_duty = [one for one in await duties.on_duty(tx.connection, tenant) if one.reach == REACHED]
    if rung is Rung.FIRST and on_duty:
        return rung, on_duty[:1]
    if rung <= Rung.SECOND and len(on_duty) > 1:
        return Rung.SECOND, on_duty
    admins = await people.with_roles(tx.connection, tenant, *ADMINS)
    known = {person.id for person in on_duty}
    to = [*on_duty, *(one for one in admins if one.id not in known)]
    return max(rung, Rung.ADMINS if any(one.reach == REACHED for one in to) else Rung.MAIL), to
