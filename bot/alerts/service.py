"""Outages of providers: whoever notices one, it is one alert, which is over once the provider answers again."""

import asyncio
from datetime import datetime, timedelta

from bot.access.model import TENANT
from bot.alerts.model import Alert
from bot.alerts.raising import clear, raise_
from bot.models.guard import Blocked, Change, News
from storage.alerts import alerts
from storage.engine.database import Database, Transaction, despite_faults

DOWN = "provider_down"
RULES = (DOWN, "key_refused")  # an account that is refused lapses: other calls may well be answered
UNHEARD = timedelta(minutes=5)  # longer than who is not answered leaves a provider alone, and a call takes


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
        if isinstance(change, Change) and change.still:
            async with self._database.reading() as connection:
                alert = await alerts.of(connection, TENANT, DOWN, change.provider)
            if _is_as_known(alert, change, self._database.clock.now()):
                return
        await self._database.write(lambda tx: _note_in(tx, change))


def _is_as_known(alert: Alert | None, change: Change, now: datetime) -> bool:
    """Whether there is nothing to write although a process says how it is still answered.

    One that is answered outweighs one that is not, once nothing was heard of the latter for a while: it may be gone.
    One that is not answered is taken at its word, unless the alert ended so lately that its call was under way then.
    """
    if alert is None or not alert.open:
        return change.up or (alert is not None and _lately(alert.resolved_at, now))
    return change.up and _lately(alert.seen_at, now)


async def _note_in(tx: Transaction, change: News) -> None:
    if not isinstance(change, Change) or not change.up:
        await raise_(tx, _rule(change), change.provider, provider=change.provider, reason=change.reason)
    elif not change.still:
        for rule in RULES:
            await clear(tx, rule, change.provider)
    else:
        alert = await alerts.of(tx.connection, TENANT, DOWN, change.provider, lock=True)
        if not _is_as_known(alert, change, tx.now):
            await clear(tx, DOWN, change.provider)


def _rule(change: News) -> str:
    if isinstance(change, Blocked):
        return "account_refused"
    return "key_refused" if change.refused else DOWN


def _lately(at: datetime | None, now: datetime) -> bool:
    return at is not None and timedelta() <= now - at < UNHEARD
