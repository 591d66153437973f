"""How updates reach the inbox: kept first, acknowledged after, by polling or by webhook."""

import asyncio
from collections.abc import Sequence
from typing import Any, Protocol

import structlog
from sqlalchemy.exc import DBAPIError

from bot.access.model import TENANT
from bot.kernel.card import Card
from bot.kernel.errors import ProviderError
from bot.kernel.telegram import Chat, OtherPoller
from handlers.incoming import Incoming, read
from storage import inbox
from storage.database import Database
from storage.inbox import Arrival

log = structlog.get_logger(__name__)
SOURCE = "telegram"
PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 5.0
HEAD_START_SECONDS = 0.002  # what came is being answered; asking for more would take the processor in the middle of it
WAIT = "I cannot take anything in just now. What you sent is safe, and I answer it as soon as I can."


class UpdateSource(Protocol):
    """Where updates are asked for."""

    async def get_updates(self, offset: int) -> list[dict[str, Any]]:
        """Updates from `offset` on, confirming those before it."""
        ...


async def keep(database: Database, updates: Sequence[dict[str, Any]]) -> None:
    """Keep the updates, each once by its update_id."""
    arrivals = [Arrival(TENANT, SOURCE, str(update["update_id"]), update) for update in updates]
    await database.write(lambda tx: inbox.store(tx, arrivals))


async def poll(database: Database, source: UpdateSource, chat: Chat) -> None:
    """Ask for updates until cancelled. The next question confirms the last answer, which is committed by then."""
    offset, pause = 0, PAUSE_SECONDS
    told: set[int] = set()
    while True:
        updates: list[dict[str, Any]] = []
        try:
            updates = await source.get_updates(offset)
            if updates:
                await keep(database, updates)
                offset = updates[-1]["update_id"] + 1
                told.clear()
                await asyncio.sleep(HEAD_START_SECONDS)
            pause = PAUSE_SECONDS
            continue
        except OtherPoller:
            log.warning("another process polls this bot; stop it, or give each its own token", retry_seconds=pause)
        except DBAPIError as error:
            log.warning("updates cannot be kept; Telegram keeps them", error=str(error.orig), retry_seconds=pause)
            for update in map(read, updates):
                if update.chat_id not in told:
                    told.add(update.chat_id)
                    await apologise(chat, update)
        except ProviderError as error:
            if error.permanent:
                raise
            log.warning("updates do not come", error=str(error), retry_seconds=pause)
            pause = max(pause, error.retry_after or 0)
        await asyncio.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE_SECONDS)


async def apologise(chat: Chat, update: Incoming) -> None:
    """Tell somebody in their own chat that their words are safe but have to wait."""
    if not update.private or not update.chat_id:
        return
    try:
        await chat.send(update.chat_id, Card(WAIT))
    except ProviderError as error:
        log.warning("could not say that it takes longer", error=str(error))
