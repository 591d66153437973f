"""How updates reach the inbox: kept first, acknowledged after, by polling or by webhook."""

import asyncio
from collections.abc import Sequence
from typing import Any, Protocol

import structlog

from bot.kernel.errors import ProviderError
from bot.kernel.telegram import OtherPoller
from storage import inbox
from storage.database import Database
from storage.inbox import Arrival

log = structlog.get_logger(__name__)
SOURCE = "telegram"
PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0


class UpdateSource(Protocol):
    """Where updates are asked for."""

    async def get_updates(self, offset: int) -> list[dict[str, Any]]:
        """Updates from `offset` on, confirming those before it."""
        ...


async def keep(database: Database, updates: Sequence[dict[str, Any]]) -> None:
    """Keep the updates, each once by its update_id."""
    arrivals = [Arrival(SOURCE, str(update["update_id"]), update) for update in updates]
    await database.write(lambda tx: inbox.store(tx, arrivals))


async def poll(database: Database, source: UpdateSource) -> None:
    """Ask for updates until cancelled. The next question confirms the last answer, which is committed by then."""
    offset, pause = 0, PAUSE_SECONDS
    while True:
        try:
            updates = await source.get_updates(offset)
            if updates:
                await keep(database, updates)
                offset = updates[-1]["update_id"] + 1
            pause = PAUSE_SECONDS
        except OtherPoller:
            log.warning("another process polls this bot; stop it, or give each its own token", retry_seconds=pause)
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
        except ProviderError as error:
            if error.permanent:
                raise
            log.warning("updates do not come", error=str(error), retry_seconds=pause)
            await asyncio.sleep(max(pause, error.retry_after or 0))
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
