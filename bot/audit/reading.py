"""The audit log, for those who read it: by person, by subject, by deed, by day."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.access.model import Permission, Person, Role
from bot.audit.model import ALL, Audited, Wanted
from storage.audit import entries
from storage.core.pages import Page
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.people import people

LONGEST = 100  # of what is looked for
TEAM = (Role.ADMIN, Role.OPERATOR, Role.ANALYST)


class Trail:
    """Verbs that only read."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, who: Person, which: Page, words: str = "") -> Sequence[Audited]:
        """A page of it. words: a subject such as "brief:1042", an action such as "session.began" or "/refund", a
        person's name or "person 1007", a day such as "2026-11-28", or one of these and a day; "" for all.

        Raises Forbidden.
        """
        who.require(Permission.READ_REPORTS)
        async with self._database.reading() as connection:
            wanted = await _wanted(connection, who, " ".join(words.split())[:LONGEST])
            return await entries.trail(connection, who.tenant, which, wanted)


async def _wanted(connection: Connection, who: Person, words: str) -> Wanted:
    parts = words.split()
    days = [day for part in parts if (day := _day(part)) is not None]
    rest = " ".join(part for part in parts if _day(part) is None)
    wanted = await _about(connection, who, rest) if rest else ALL
    if not days:
        return wanted
    zone = ZoneInfo(who.reader.zone)
    begins = [datetime.combine(day, datetime.min.time(), zone) for day in (days[0], days[0] + timedelta(days=1))]
    return replace(wanted, since=begins[0], before=begins[1])


def _day(word: str) -> date | None:
    try:
        return date.fromisoformat(word)
    except ValueError:
        return None


async def _about(connection: Connection, who: Person, words: str) -> Wanted:
    kind, _between, number = words.replace("/person_", "person ").partition(" ")
    if kind == "person" and number.isdecimal():
        return Wanted(person_id=int(number))
    if number.isdecimal() and kind.isalpha():
        return Wanted(subject=f"{kind.lower()}:{number}")
    if ":" in words:
        return Wanted(subject=words)
    if " " not in words and ("." in words or words.startswith("/")):
        return Wanted(action=words)
    found = await _called(connection, who, words)
    return Wanted(person_id=found) if found else Wanted(action=words)


async def _called(connection: Connection, who: Person, words: str) -> int:
    """The person of that name, of the team before clients; 0 where there is none."""
    name = words.removeprefix("@").casefold()
    for person in await people.with_roles(connection, who.tenant, *TEAM):
        if person.name.casefold().startswith(name):
            return person.id
    clients = await people.clients_called(connection, who.tenant, words.removeprefix("@"))
    return clients[0].id if clients else 0
