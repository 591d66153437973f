"""Outages of providers: whoever notices one, it is one alert, which is over once the provider answers again."""

import asyncio

from bot.alerts.raising import clear, raise_
from bot.models.guard import Blocked, Change, News
from storage.engine.database import Database, Transaction, despite_faults

RULES = ("provider_down", "key_refused")  # an account that is refused lapses: other calls may well be answered


class Outages:
    """Writes what guards notice into alerts."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.changes: asyncio.Queue[News] = asyncio.Queue()

    async def run(self) -> None:
        """Tell what changes, until cancelled."""
        while True:
            change = await self.changes.get()
            await despite_faults(lambda change=change: self._note(change))  # type: ignore[misc]

    async def _note(self, change: News) -> None:
        await self._database.write(lambda tx: _note_in(tx, change))


async def _note_in(tx: Transaction, change: News) -> None:
    if isinstance(change, Change) and change.up:
        for rule in RULES:
            await clear(tx, rule, change.provider)
    else:
        await raise_(tx, _rule(change), change.provider, provider=change.provider, reason=change.reason)


def _rule(change: News) -> str:
    if isinstance(change, Blocked):
        return "account_refused"
    return "key_refused" if change.refused else "provider_down"
