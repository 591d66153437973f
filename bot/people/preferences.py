"""What people choose for themselves: the time zone of times, the language of the chat, the format of finished work."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from bot.access.model import Permission, Person
from bot.audit.service import record
from bot.kernel.errors import Refusal
from bot.kernel.text.file_format import FileFormat
from bot.kernel.translation import gettext as _
from bot.kernel.translation import languages
from bot.messages.topics import Topic
from bot.messages.wishes import MAY_BE_OFF, Hear, QuietHours, wished
from bot.people import zones
from bot.people.ports import Places
from storage.engine.database import Database, Transaction
from storage.people import people

MOST_OFFERED = 12  # zones of one name: those of the largest countries


class Preferences:
    """Verbs on one's own. Each raises Forbidden for whom nobody let in, and returns the person as they are then."""

    def __init__(self, database: Database, places: Places) -> None:
        self._database = database
        self._places = places

    async def zones_named(self, who: Person, words: str) -> Sequence[str]:
        """The time zones that the words may mean: a name of IANA's, a city, a country. Raises Refusal for none."""
        who.require(Permission.USE)
        found = await asyncio.to_thread(self._zones_named, words, self._database.clock.now())
        if not found:
            raise Refusal(
                _(
                    "I know no time zone “{words}”. Write a larger city near you, such as Lahore, or share your "
                    "location.",
                    words=words.strip()[:40],
                )
            )
        return found[:MOST_OFFERED]

    def _zones_named(self, words: str, now: datetime) -> Sequence[str]:
        return zones.named(words, now) or zones.distinct([one.zone for one in self._places.called(words)], now)

    async def zone_at(self, who: Person, latitude: float, longitude: float) -> str:
        """The time zone of a place that was shared. Raises Refusal where there is none."""
        who.require(Permission.USE)
        zone = await asyncio.to_thread(self._places.zone_at, latitude, longitude)
        if not await asyncio.to_thread(zones.is_one, zone):
            raise Refusal(_("I do not know the time zone of that place. Write a city: /timezone Lahore."))
        return zone

    async def zone_of(self, number: int) -> str | None:
        """The zone of the number that a button carries; None where no version knows it."""
        return (await asyncio.to_thread(zones.numbered)).get(number)

    async def set_zone(self, who: Person, zone: str | None) -> Person:
        """Show the person times of that zone from now on; None: of their tenant's."""
        who.require(Permission.USE)

        async def work(tx: Transaction) -> Person:
            await record(tx, who.tenant, who, "person.zone_set", f"person:{who.id}", zone=zone)
            return await people.set_time_zone(tx, who, zone)

        return await self._database.write(work)

    async def set_language(self, who: Person, language: str | None, *, app: str = "") -> Person:
        """Speak with the person in that language from now on; None: in their app's. Raises Refusal for others.

        app: which one that is by now, where it says so.
        """
        who.require(Permission.USE)
        if language is not None and language not in languages():
            raise Refusal(_("I do not speak that language yet. /language shows which I do."))

        async def work(tx: Transaction) -> Person:
            await record(tx, who.tenant, who, "person.language_set", f"person:{who.id}", language=language)
            return await people.set_languages(tx, who, language, app)

        return await self._database.write(work)

    async def set_file_format(self, who: Person, wanted: FileFormat) -> Person:
        """Have the person's finished texts come as such files from now on, where a brief says nothing else."""
        who.require(Permission.SUBMIT_BRIEFS)

        async def work(tx: Transaction) -> Person:
            await record(tx, who.tenant, who, "person.file_format_set", f"person:{who.id}", format=wanted.value)
            return await people.set_file_format(tx, who, wanted)

        return await self._database.write(work)

    async def set_quiet_hours(self, who: Person, hours: QuietHours | None) -> Person:
        """Be loud no more to the person in these hours of their own clock; None: at any time."""
        who.require(Permission.WATCH)
        kept = "" if hours is None else str(hours)

        async def work(tx: Transaction) -> Person:
            await record(tx, who.tenant, who, "person.quiet_hours_set", f"person:{who.id}", hours=kept)
            return await people.set_quiet_hours(tx, who, kept)

        return await self._database.write(work)

    async def set_heard(self, who: Person, topic: Topic, how: Hear) -> Person:
        """Have the person hear of a topic loudly, silently or not at all. Raises Refusal for what concerns them."""
        who.require(Permission.WATCH)
        if topic not in MAY_BE_OFF:
            raise Refusal(_("That cannot be switched off: it waits for you. /alerts shows what can."))

        async def work(tx: Transaction) -> Person:
            now = await people.by_id(tx.connection, who.tenant, who.id)
            subject = f"person:{who.id}"
            await record(tx, who.tenant, who, "person.heard_set", subject, topic=topic.name.lower(), how=how.value)
            return await people.set_heard(tx, now, wished(now.heard, topic, how))

        return await self._database.write(work)
