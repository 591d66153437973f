"""Figures of growth, for those who read reports."""

from datetime import timedelta

from bot.access.model import Permission, Person
from bot.growth.model import AGAIN_AFTER, Growth
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.growth import figures, nps


class Figures:
    """Who came, who paid, and who would recommend the studio."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_days(self, who: Person, days: int) -> Growth:
        """The last days; answers are of the last 90 in any case, since nobody is asked more often. Raises Forbidden."""
        who.require(Permission.READ_REPORTS)
        now = self._database.clock.now()
        since = now - timedelta(days=days)

        async def work(connection: Connection) -> Growth:
            leads, converted = await figures.came(connection, who.tenant, since)
            answers = await nps.answers(connection, who.tenant, now - AGAIN_AFTER)
            return Growth(days, leads, converted, answers, await figures.brought(connection, who.tenant, since))

        return await self._database.snapshot(work)
