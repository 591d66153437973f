"""Keeps what is counted by the minute small: added up over processes, then into hours, then forgotten."""

from datetime import timedelta

from bot.slo.model import DAY, HOUR
from storage.engine.database import Database, Transaction
from storage.slo import counts, states

MERGED = 2 * HOUR  # after that no process writes of a minute any more
MINUTES_KEPT = 3 * DAY + HOUR  # what the longest rule of burning looks back
HOURS_KEPT = timedelta(days=90)


class RollUp:
    """Verb of the job `observability_snapshot`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def roll(self) -> str:
        """Add up what is old enough, and forget what is older still; returns how much that was."""

        async def work(tx: Transaction) -> tuple[int, int, int, int]:
            hour = tx.now.replace(minute=0, second=0, microsecond=0)
            merged = await counts.add_up(tx, counts.MINUTE, counts.MINUTE, hour - MERGED)
            added = await counts.add_up(tx, counts.MINUTE, counts.HOUR, hour - MINUTES_KEPT)
            gone = await counts.forget(tx, counts.HOUR, hour - HOURS_KEPT) + await counts.forget_ahead(tx, hour + DAY)
            return merged, added, gone, await states.forget(tx, hour - HOURS_KEPT)

        merged, added, gone, reports = await self._database.write(work)
        return f"{merged} minutes of processes and {added} minutes added up, {gone} hours and {reports} reports deleted"
