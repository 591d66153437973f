"""Verbs that show which rows a report's figures are made of."""

from bot.access.model import Permission, Person
from bot.reports.periods.model import Period, midnight
from bot.reports.periods.rows import Rows, What
from bot.tenants.service import Tenants
from storage.core.pages import Page
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.reports import rows

MOST = 20_000  # in a file


class Showing:
    """Verbs that only read; days are those of the tenant's time zone."""

    def __init__(self, database: Database, tenants: Tenants) -> None:
        self._database = database
        self._tenants = tenants

    async def rows(self, who: Person, period: Period, what: What, currency: str, which: Page | None = None) -> Rows:
        """A page of the rows that a figure of the period is made of, or all of them, MOST at most; what waits or is
        late is so now. Raises Forbidden.
        """
        who.require(Permission.READ_REPORTS)
        zone = await self._tenants.zone(who.tenant)
        now = self._database.clock.now()
        time = (midnight(period.first, zone), min(now.astimezone(zone), midnight(period.end, zone)))

        async def work(connection: Connection) -> Rows:
            its = (connection, what, who.tenant, currency, time, now)
            found = await rows.page(*its, which or Page(limit=MOST))
            return Rows(period, what, currency, found, *await rows.together(*its), now)

        return await self._database.snapshot(work)
