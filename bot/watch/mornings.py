"""When somebody's quiet hours are over, they read what happened meanwhile, once."""

from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from bot.access.model import Person
from bot.messages.service import TEAM, notify
from bot.messages.topics import Topic
from bot.messages.wishes import QuietHours
from bot.watch import cards
from storage.alerts import alerts
from storage.engine.database import Database, Transaction
from storage.people import people

LOOKED = timedelta(hours=1)  # so long after their end they are looked at even so, where a look failed in between
MOST = 200
DAY = timedelta(days=1)


class Mornings:
    """Verbs on ends of quiet hours."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def look(self, tenant: str, looked: datetime | None) -> str:
        """Tell everybody of the team whose quiet hours have ended since what was kept silent; returns a line.

        looked: when this was last done; None where it never was.
        """
        now = self._database.clock.now()
        async with self._database.reading() as connection:
            team = await people.with_roles(connection, tenant, *TEAM)
        woken = [(one, span) for one in team if (span := ended(one, now, looked)) is not None]

        async def work(tx: Transaction) -> int:
            return sum([await _tell(tx, person, *span) for person, span in woken])

        told = await self._database.write(work) if woken else 0
        return f"{told} read what was kept silent" if told else ""


def ended(person: Person, now: datetime, looked: datetime | None) -> tuple[datetime, datetime] | None:
    """The quiet hours of the person that ended within the last hour, or since it was looked; None where none did."""
    hours = QuietHours.kept(person.quiet_hours)
    if hours is None:
        return None
    zone = ZoneInfo(person.reader.zone)
    there = now.astimezone(zone)
    end = datetime.combine(there.date(), hours.ends, zone)
    if end > there:
        end -= DAY
    begin = datetime.combine(end.date(), hours.begins, zone)
    if begin >= end:
        begin -= DAY
    return (begin, end) if now - end < LOOKED or looked is None or looked < end else None


async def _tell(tx: Transaction, person: Person, begin: datetime, end: datetime) -> bool:
    found = await alerts.between(tx.connection, person.tenant, begin, end, MOST)
    theirs = [alert for alert in found if person.id in alert.told]
    if theirs:
        show = partial(cards.kept_silent, theirs, tx.now)
        await notify(tx, person, Topic.ALERTS, show, key=f"quiet:{person.id}:{end:%Y-%m-%d %H%M}")
    return bool(theirs)
