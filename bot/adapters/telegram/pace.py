"""Telegram's limits on sending: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this.

Every message waits for its turn: one at a time per chat, evenly spaced over all chats. One chat bears a short burst,
which the page allows and gives no number for, and then the pace holds again: a work, its file and the question after it
come at once. After a 429, which stops the chat for everything else, there is none before the chat was quiet. A group's
twenty a minute leave no room for any.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext

PRUNE_AT = 10_000
# Messages that are sent and not answered yet: after a kill just these may come twice. With answers in 0.15 s so many
# keep up with the 30 a second that Telegram takes.
ON_THE_WAY = 5


class _Chat:
    """burst: how many may come at once. rested_at: from when on none of those that came counts any more."""

    def __init__(self, gap: float, burst: int) -> None:
        self.lock = asyncio.Lock()
        self._gap = gap
        self._ahead = gap * (burst - 1)
        self.rested_at = 0.0

    @property
    def free_at(self) -> float:
        """When the next may come."""
        return self.rested_at - self._ahead

    def sent(self, at: float) -> None:
        self.rested_at = max(self.rested_at, at) + self._gap

    def hold(self, until: float) -> None:
        """None before then, and no burst."""
        self.rested_at = max(self.rested_at, until + self._ahead)


class Pace:
    """Turns to send. Rates are messages per second; per minute for one group.

    chat_burst: how many may come at once in a chat that is no group, if it was quiet before.
    """

    def __init__(
        self, overall_per_second: float, chat_per_second: float, group_per_minute: float, chat_burst: int = 1
    ) -> None:
        self._overall_gap = 1 / overall_per_second
        self._chat_burst = chat_burst
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
        chat = self._chat(chat_id)
        async with chat.lock:
            await _until(chat.free_at)
            start = max(now(), self._overall_free_at)
            self._overall_free_at = start + self._overall_gap
            await _until(start)
            try:
                async with self._singly if singly else nullcontext(), self._on_the_way:
                    yield
            finally:
                chat.sent(now())

    def _chat(self, chat_id: int) -> _Chat:
        if chat_id not in self._chats:
            burst = 1 if chat_id < 0 else self._chat_burst
            self._chats[chat_id] = _Chat(self._group_gap if chat_id < 0 else self._chat_gap, burst)
        return self._chats[chat_id]

    def has_room(self, chat_id: int) -> bool:
        """Whether a thing may be sent now that no message must wait for; if so, it counts towards the overall rate."""
        now = asyncio.get_running_loop().time()
        chat = self._chats.get(chat_id)
        if self._overall_free_at > now or (chat is not None and (chat.lock.locked() or chat.rested_at > now)):
            return False
        self._overall_free_at = now + self._overall_gap
        return True

    def hold(self, chat_id: int, seconds: float) -> None:
        """Send nothing to the chat for so long, as Telegram asked."""
        self._chat(chat_id).hold(asyncio.get_running_loop().time() + seconds)

    def _prune(self, now: float) -> None:
        self._chats = {key: chat for key, chat in self._chats.items() if chat.lock.locked() or chat.rested_at > now}


async def _until(at: float) -> None:
    """Sleep until that time of the loop. Whose turn it is goes on at once, before anything else that is ready."""
    pause = at - asyncio.get_running_loop().time()
    if pause > 0:
        await asyncio.sleep(pause)
