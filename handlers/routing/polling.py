"""How updates reach the inbox: kept first, acknowledged after, by polling or by webhook."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import structlog

from bot.access.model import TENANT
from bot.kernel.card import Card
from bot.kernel.errors import ProviderError
from bot.kernel.translation import Reader, best_language, home, reading_as
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.messages.ports import Chat, OtherPoller, TokenRefused
from handlers.routing.update import Update, read
from storage.core import inbox
from storage.core.arriving import arrival_of, number_of
from storage.engine.database import NO_ANSWER, Database, why

log = structlog.get_logger(__name__)
PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 5.0
REFUSED_PAUSE_SECONDS = 30.0  # our token, for example: a gateway on the way may say so too, and it passes
HEAD_START_SECONDS = 0.002  # what came is being answered; asking for more would take the processor in the middle of it
WAIT = N_("I cannot read messages right now. What you sent is safe, and I answer as soon as I can.")

Hide = Callable[[Any], Any]


class UpdateSource(Protocol):
    """Where updates are asked for."""

    async def get_updates(self, offset: int) -> list[Any]:
        """Updates from `offset` on, confirming those before it."""
        ...


def as_it_came(update: Any) -> Any:
    """An update with nothing hidden."""
    return update


async def keep(database: Database, updates: Sequence[Any], hide: Hide = as_it_came) -> None:
    """Keep the updates, each once by its update_id; what has none that is a number, once by what it says.

    hide: what must not be kept as it came.
    """
    arrivals = [arrival_of(TENANT, hide(update)) for update in updates]
    await database.write(lambda tx: inbox.store(tx, arrivals))


async def poll(database: Database, source: UpdateSource, chat: Chat, hide: Hide = as_it_came) -> None:
    """Ask for updates until cancelled. The next question confirms the last answer, which is committed by then."""
    offset, pause = 0, PAUSE_SECONDS
    told: set[int] = set()
    while True:
        updates: list[Any] = []
        try:
            updates = await source.get_updates(offset)
            if updates:
                await keep(database, updates, hide)
                told.clear()
                numbers = [number for number in map(number_of, updates) if number is not None]
                if not numbers:
                    log.error("updates came that have no number, and cannot be confirmed", count=len(updates))
                    await asyncio.sleep(LONGEST_PAUSE_SECONDS)
                offset = max([offset, *(number + 1 for number in numbers)])
                await asyncio.sleep(HEAD_START_SECONDS)
            pause = PAUSE_SECONDS
            continue
        except OtherPoller:
            log.warning("another process polls this bot; stop it, or give each its own token", retry_seconds=pause)
        except NO_ANSWER as error:
            log.warning("updates cannot be kept; Telegram keeps them", error=why(error), retry_seconds=pause)
            for update in map(read, updates):
                if update.chat_id not in told:
                    told.add(update.chat_id)
                    await apologise(chat, update)
        except ProviderError as error:
            refused = error.permanent or isinstance(error, TokenRefused)
            log.warning("updates do not come", error=str(error), permanent=refused, retry_seconds=pause)
            pause = max(pause, error.retry_after or 0, REFUSED_PAUSE_SECONDS if refused else 0)
        await asyncio.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE_SECONDS)


async def apologise(chat: Chat, update: Update) -> None:
    """Tell somebody in their own chat that their words are safe but have to wait, in the language of their app."""
    if not update.private or not update.chat_id:
        return
    with reading_as(Reader(best_language(update.language, home().language), home().zone)):
        card = Card(_(WAIT))
    try:
        await chat.send(update.chat_id, card)
    except ProviderError as error:
        log.warning("could not say that it takes longer", error=str(error))
