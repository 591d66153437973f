"""The draft while it is written, shown to its client now and then. Whatever goes wrong with that, the draft goes on."""

import asyncio
from contextlib import suppress

import structlog

from bot.briefs import cards
from bot.briefs.model import Brief
from bot.kernel.errors import ProviderError
from bot.kernel.text.storable import storable
from bot.kernel.timing import Timing
from bot.kernel.translation import Reader, reading_as
from bot.messages.ports import Chat

log = structlog.get_logger(__name__)


class WrittenDraft:
    """Takes the pieces of one answer as they come (a `bot.models.ports.Preview`), and shows what there is by then.

    Only in private chats, which are all that Telegram has such previews for. While the model is slow the same text is
    shown anew before it would go. reader: the brief's client.
    """

    def __init__(self, chat: Chat, brief: Brief, reader: Reader, timing: Timing) -> None:
        self._chat = chat
        self._reader = reader
        self._timing = timing
        self._brief = brief
        self._pieces: list[str] = []
        self._news = asyncio.Event()
        self._showing: asyncio.Task[None] | None = None

    def __call__(self, piece: str) -> None:
        self._pieces.append(piece)
        self._news.set()
        if self._showing is None and self._brief.chat_id > 0:
            self._showing = asyncio.create_task(self._show())

    def _text(self) -> str:
        return storable("".join(self._pieces))

    async def close(self) -> None:
        """Show nothing any more."""
        if self._showing is not None:
            self._showing.cancel()
            await asyncio.gather(self._showing, return_exceptions=True)

    async def _show(self) -> None:
        await asyncio.sleep(self._timing.preview_after)
        while True:
            self._news.clear()
            try:
                with reading_as(self._reader):
                    text = cards.being_written(self._brief, self._text())
                await self._send(text)
            except ProviderError as error:
                log.info("no preview", brief=self._brief.id, error=str(error))
                if error.retry_after is None:
                    return
                self._chat.hold(self._brief.chat_id, error.retry_after)
                await asyncio.sleep(error.retry_after)
                continue
            await asyncio.sleep(self._timing.preview_gap)
            with suppress(TimeoutError):
                async with asyncio.timeout(self._timing.preview_kept):
                    await self._news.wait()

    async def _send(self, text: str) -> None:
        await self._chat.preview(self._brief.chat_id, self._brief.id, text, self._brief.topic)
