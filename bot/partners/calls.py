"""How often somebody may call, counted in the database, since several processes may answer."""

from datetime import datetime, timedelta

from bot.access.model import TENANT
from bot.partners.model import Allowance, TooMany
from storage.engine.database import Database
from storage.partners import call_counts
from storage.partners.call_counts import Counted

WINDOW = timedelta(seconds=60)
# Who fails again and again waits twice as long after each time; who waited that long begins anew.
FAILURES = 5
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=60), timedelta(hours=1)
REMEMBERED = timedelta(hours=6)


class Calls:
    """Verbs that count. bucket: whose calls, and of what kind."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def count(self, bucket: str, most: int, tenant: str = TENANT) -> Allowance:
        """Count a call; raises TooMany where there were that many within the last 60 seconds.

        Whoever is refused costs a read, and no write.
        """
        now = self._database.clock.now()
        async with self._database.reading() as connection:
            before = await call_counts.so_far(connection, tenant, bucket, now, WINDOW)
        if before is not None and before.calls >= most:
            raise TooMany(_until_next(before, now))
        counted = await self._database.write(lambda tx: call_counts.count(tx, tenant, bucket, WINDOW))
        if counted.calls > most:
            raise TooMany(_until_next(counted, now))
        return Allowance(most, most - counted.calls, _until_next(counted, now))

    async def check_failures(self, bucket: str) -> None:
        """Raise TooMany where somebody failed so often that they have to wait."""
        now = self._database.clock.now()
        async with self._database.reading() as connection:
            failed = await call_counts.so_far(connection, TENANT, bucket, now, REMEMBERED)
        if failed is None or failed.calls < FAILURES:
            return
        wait = min(FIRST_WAIT * 2 ** min(failed.calls - FAILURES, 10), LONGEST_WAIT)
        if now < failed.last_at + wait:
            raise TooMany((failed.last_at + wait - now).total_seconds())

    async def failed(self, bucket: str) -> None:
        """Count a failure."""
        await self._database.write(lambda tx: call_counts.count(tx, TENANT, bucket, REMEMBERED))

    async def succeeded(self, bucket: str) -> None:
        """Forget the failures before it."""
        now = self._database.clock.now()
        async with self._database.reading() as connection:
            failed = await call_counts.so_far(connection, TENANT, bucket, now, REMEMBERED)
        if failed is not None:
            await self._database.write(lambda tx: call_counts.clear(tx, TENANT, bucket))


def _until_next(counted: Counted, now: datetime) -> float:
    return max(0.0, (counted.began_at + WINDOW - now).total_seconds())
