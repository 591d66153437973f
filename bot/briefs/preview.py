"""The draft while it is written, shown to its client now and then. Whatever goes wrong with that, the draft goes on."""

import asyncio

import structlog

from bot.briefs import cards
from bot.briefs.model import Brief
from bot.kernel.errors import ProviderError
from bot.kernel.telegram import Chat
from bot.kernel.text import storable

log = structlog.get_logger(__name__)
FIRST_AFTER_SECONDS = 1.0  # what is written faster than that needs no preview
GAP_SECONDS = 1.0


class WrittenDraft:
    """Takes the pieces of one answer as they come (a `bot.platform.ports.Preview`), and shows what there is by then.

    Only in private chats, which are all that Telegram has such previews for.
    """

    def __init__(self, chat: Chat, brief: Brief) -> None:
        self._chat = chat
        self._brief = brief
        self._pieces: list[str] = []
        self._next_at: float | None = None
        self._sending: asyncio.Task[None] | None = None
        self._shown = brief.chat_id > 0

    def __call__(self, piece: str) -> None:
        self._pieces.append(piece)
        now = asyncio.get_running_loop().time()
        if self._next_at is None:
            self._next_at = now + FIRST_AFTER_SECONDS
        if self._shown and now >= self._next_at and (self._sending is None or self._sending.done()):
            self._next_at = now + GAP_SECONDS
            self._sending = asyncio.create_task(self._send(cards.being_written(self._brief, self._text())))

    def _text(self) -> str:
        return storable("".join(self._pieces))

    async def close(self) -> None:
        """Show nothing any more."""
        self._shown = False
        if self._sending is not None:
            self._sending.cancel()
            await asyncio.gather(self._sending, return_exceptions=True)

    async def _send(self, text: str) -> None:
        try:
            await self._chat.preview(self._brief.chat_id, self._brief.id, text)
        except ProviderError as error:
            self._shown = False
            log.info("no preview", brief=self._brief.id, error=str(error))
