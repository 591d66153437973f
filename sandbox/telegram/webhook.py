"""Pushes updates to the bot's webhook: one at a time, in order, again until the bot answers 2xx."""

import asyncio
import contextlib
import time
from collections import deque

import orjson
from aiohttp import ClientError, ClientSession, ClientTimeout

from sandbox.telegram.state import Json

_HEADER = "X-Telegram-Bot-Api-Secret-Token"
_PATIENCE = ClientTimeout(total=30)


class WebhookPusher:
    """Empties `pending` into `url`, from its first `wake` on; waits `first` (s), doubling up to `longest`, to retry."""

    def __init__(self, url: str, secret: str, pending: deque[Json], first: float, longest: float) -> None:
        self.url = url
        self.last_error: str | None = None
        self.last_error_at = 0.0
        self._headers = {"Content-Type": "application/json"} | ({_HEADER: secret} if secret else {})
        self._pending = pending
        self._first, self._longest = first, longest
        self._news = asyncio.Event()
        self._work: asyncio.Task[None] | None = None

    def wake(self) -> None:
        """There may be something to push."""
        self._news.set()
        if self._work is None:
            self._work = asyncio.get_running_loop().create_task(self._push_all())

    async def close(self) -> None:
        if self._work is not None:
            self._work.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._work

    async def _push_all(self) -> None:
        async with ClientSession(timeout=_PATIENCE) as session:
            while await self._news.wait():
                self._news.clear()
                while self._pending:
                    await self._push_first(session)

    async def _push_first(self, session: ClientSession) -> None:
        update, delay = self._pending[0], self._first
        while (error := await self._push(session, update)) is not None:
            self.last_error, self.last_error_at = error, time.time()
            await asyncio.sleep(delay)
            delay = min(2 * delay, self._longest)
        if self._pending and self._pending[0] is update:
            self._pending.popleft()

    async def _push(self, session: ClientSession, update: Json) -> str | None:
        """None when the bot took the update, otherwise why not, in Telegram's words."""
        try:
            async with session.post(self.url, data=orjson.dumps(update), headers=self._headers) as answer:
                if answer.ok:
                    return None
                return f"Wrong response from the webhook: {answer.status} {answer.reason}"
        except TimeoutError:
            return "Read timeout expired"
        except ClientError as error:
            return f"Connection failed: {type(error).__name__}"
