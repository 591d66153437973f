"""Counts by the minute: kept in memory while something happens, and written by the batch, so that nobody waits for it.

A process that is told to stop writes what it has; one that is killed loses the last 15 s of its counts at most.
"""

import secrets
from collections import defaultdict
from datetime import UTC, datetime, timedelta

from bot.kernel.clock import Clock
from bot.ops.series import Count
from storage.engine.database import Database, Transaction
from storage.slo import counts

MINUTE = timedelta(minutes=1)
MOST = 20_000  # counts that are held while the database takes nothing; the oldest go first
Key = tuple[str, str, datetime]  # the source, the series and the minute


class Minutes:
    """What this process counted, by series and minute. Asked from the event loop alone.

    Each minute is written as a whole. Where the machine's time goes back, what was written of a minute would be written
    over, so that the process goes on under another name.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._source = secrets.token_hex(4)
        self._minute, self._over = datetime.min.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)
        self._counts: defaultdict[Key, list[int]] = defaultdict(lambda: [0, 0])
        self._changed: set[Key] = set()

    def note(self, series: str, *, good: bool, times: int = 1) -> None:
        """Count something that went well, or did not, just now."""
        now = self._clock.now()
        if not self._minute <= now < self._over:
            self._source = secrets.token_hex(4) if now < self._minute else self._source
            self._minute = now.replace(second=0, microsecond=0)
            self._over = self._minute + MINUTE
        key = (self._source, series, self._minute)
        self._counts[key][not good] += times
        self._changed.add(key)

    async def write(self, database: Database) -> None:
        """Write what was counted since the last time; what the database does not take is written later."""
        keys, self._changed = self._changed, set()
        counted: defaultdict[str, dict[tuple[str, datetime], Count]] = defaultdict(dict)
        for source, series, minute in keys:
            counted[source][series, minute] = Count(*self._counts[source, series, minute])

        async def work(tx: Transaction) -> None:
            for source, rows in counted.items():
                await counts.put(tx, source, rows)

        try:
            if counted:
                await database.write(work)
        except BaseException:
            self._changed |= keys
            self._shorten()
            raise
        over = self._clock.now() - MINUTE
        old = [key for key in self._counts if (key[2] < over or key[0] != self._source) and key not in self._changed]
        for key in old:
            del self._counts[key]

    def _shorten(self) -> None:
        for key in sorted(self._counts, key=lambda key: key[2])[: max(0, len(self._counts) - MOST)]:
            del self._counts[key]
            self._changed.discard(key)
