"""The nightly close: of a day that is closed nothing changes any more, but by corrections that are dated into it."""

from datetime import datetime, time, timedelta

from bot.audit.service import record
from bot.tenants.service import Tenants
from storage.engine.database import Database, Transaction
from storage.ledger import closed_days, postings
from storage.reconciliation import mismatches

DAY = timedelta(days=1)
COMMITTED = timedelta(hours=1)  # no transaction lasts so long: what was written before then is there to be seen


class Closing:
    """A day is one of the tenant's time zone. What is told late of it counts for the day on which it is told."""

    def __init__(self, database: Database, tenants: Tenants) -> None:
        self._database = database
        self._tenants = tenants

    async def close_yesterday(self, tenant: str) -> str:
        """Close the books of yesterday, and so of every day before; once. Returns a line about it.

        In the first hour of a day the one before is not closed yet.
        """
        settled = self._database.clock.now() - COMMITTED
        now = settled.astimezone(await self._tenants.zone(tenant))
        until = datetime.combine(now.date(), time(), now.tzinfo)
        day = (until - DAY / 2).date().isoformat()

        async def work(tx: Transaction) -> str:
            waiting = await mismatches.count(tx.connection, tenant)
            last = await postings.newest_before(tx.connection, tenant, settled)
            if not await closed_days.close_day(tx, tenant, day, until, last, waiting):
                return f"{day} was closed before; {waiting} mismatches open"
            await record(tx, tenant, None, "books.closed", f"day:{day}", open_mismatches=waiting)
            return f"{day} closed; {waiting} mismatches open"

        return await self._database.write(work)
