"""Telegram's limits on sending: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this.

Every message waits for its turn: one at a time per chat, evenly spaced per chat and over all chats. There are no
bursts, since a burst is what Telegram answers with 429, and a 429 stops the chat for everything else.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext

PRUNE_AT = 10_000
# Messages that are sent and not answered yet: after a kill just these may come twice. With answers in 0.15 s so many
# keep up with the 30 a second that Telegram takes.
ON_THE_WAY = 5


class _Chat:
    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.free_at = 0.0


class Pace:
    """Turns to send. Rates are messages per second; per minute for one group."""

    def __init__(self, overall_per_second: float, chat_per_second: float, group_per_minute: float) -> None:
        self._overall_gap = 1 / overall_per_second
        self._chat_gap = 1 / chat_per_second
        self._group_gap = 60 / group_per_minute
        self._overall_free_at = 0.0
        self._chats: dict[int, _Chat] = {}
        self._on_the_way = asyncio.Semaphore(ON_THE_WAY)
        self._singly = asyncio.Lock()

    @asynccontextmanager
    async def turn(self, chat_id: int, *, singly: bool = False) -> AsyncIterator[None]:
        """Send one message to the chat within the context. Groups have negative ids.

        singly: no other of those is on its way at the same time.

        The gap counts from the end of a send, so however long a message is on its way, the next arrives later.
        """
        now = asyncio.get_running_loop().time
        if len(self._chats) > PRUNE_AT:
            self._prune(now())
        chat = self._chats.setdefault(chat_id, _Chat())
        async with chat.lock:
            await _until(chat.free_at)
            start = max(now(), self._overall_free_at)
            self._overall_free_at = start + self._overall_gap
            await _until(start)
            try:
                async with self._singly if singly else nullcontext(), self._on_the_way:
                    yield
            finally:
                gap = self._group_gap if chat_id < 0 else self._chat_gap
                chat.free_at = max(chat.free_at, now() + gap)

    def has_room(self, chat_id: int) -> bool:
        """Whether a thing may be sent now that no message must wait for; if so, it counts towards the overall rate."""
        now = asyncio.get_running_loop().time()
        chat = self._chats.get(chat_id)
        if self._overall_free_at > now or (chat is not None and (chat.lock.locked() or chat.free_at > now)):
            return False
        self._overall_free_at = now + self._overall_gap
        return True

    def hold(self, chat_id: int, seconds: float) -> None:
        """Send nothing to the chat for so long, as Telegram asked."""
        chat = self._chats.setdefault(chat_id, _Chat())
        chat.free_at = max(chat.free_at, asyncio.get_running_loop().time() + seconds)

    def _prune(self, now: float) -> None:
        self._chats = {key: chat for key, chat in self._chats.items() if chat.lock.locked() or chat.free_at > now}


async def _until(at: float) -> None:
    """Sleep until that time of the loop. Whose turn it is goes on at once, before anything else that is ready."""
    pause = at - asyncio.get_running_loop().time()
    if pause > 0:
        await asyncio.sleep(pause)
