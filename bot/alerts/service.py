"""Outages of providers: admins hear of each once when it begins and once when it is over, whoever notices it."""

import asyncio
from functools import partial

from bot.access.model import TENANT
from bot.alerts import cards
from bot.audit.service import record
from bot.kernel.ids import content_hash
from bot.messages.service import ADMINS, notify_roles
from bot.messages.topics import Topic
from bot.models.guard import Blocked, Change, News
from storage.core import events
from storage.engine.database import Database, Transaction, despite_faults

DOWN, UP = "down", "up"


class Outages:
    """Writes what guards notice into the events of the subject "provider:<name>"; these say what was told already."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.changes: asyncio.Queue[News] = asyncio.Queue()

    async def run(self) -> None:
        """Tell what changes, until cancelled."""
        while True:
            change = await self.changes.get()
            await despite_faults(lambda change=change: self._note(change))  # type: ignore[misc]

    async def _note(self, change: News) -> None:
        if isinstance(change, Blocked):
            await self._database.write(lambda tx: _tell_blocked(tx, change))
        else:
            await self._database.write(lambda tx: self._note_in(tx, change))

    async def _note_in(self, tx: Transaction, change: Change) -> None:
        subject = f"provider:{change.provider}"
        last = await events.last_event(tx.connection, TENANT, subject)
        down = last is not None and last.name == DOWN
        if change.up != down:
            return
        if change.up:
            assert last is not None
            show = partial(cards.provider_up, change.provider, last.at, tx.now)
        else:
            down_card = cards.key_refused if change.refused else cards.provider_down
            show = partial(down_card, change.provider, change.reason, tx.now)
        name = UP if change.up else DOWN
        await record(tx, TENANT, None, f"provider.{name}", subject, reason=change.reason)
        # Two processes that notice it at the same moment follow the same event, and so write the same key.
        key = f"{subject}:{name}:{last.id if last else 0}"
        await notify_roles(tx, TENANT, ADMINS, Topic.TROUBLE, show, key=key)


async def _tell_blocked(tx: Transaction, blocked: Blocked) -> None:
    """Tell admins, once a day for the same words."""
    show = partial(cards.account_refused, blocked.provider, blocked.reason)
    key = f"blocked:{content_hash(blocked.reason)[:16]}:{tx.now:%Y-%m-%d}"
    await notify_roles(tx, TENANT, ADMINS, Topic.TROUBLE, show, key=key)
