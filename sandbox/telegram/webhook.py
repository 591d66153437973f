"""Pushes updates to the bot's webhook, many at once, each again until the bot answers 2xx.

Order is kept among the messages of a chat and among the taps of a person, not between the two: tdlib/telegram-bot-api,
webhook_queue_id. So a text may come before the tap that it follows.
"""

import asyncio
import contextlib
import time
from collections import deque

import orjson
from aiohttp import ClientError, ClientSession, ClientTimeout

from sandbox.telegram.state import Json

_HEADER = "X-Telegram-Bot-Api-Secret-Token"
_PATIENCE = ClientTimeout(total=30)

Lane = tuple[str, int]


class WebhookPusher:
    """Empties `pending` into `url`, from its first `wake` on, by up to `at_once` connections.

    first, longest: how long it waits until it retries, in seconds; it doubles.
    """

    def __init__(
        self, url: str, secret: str, pending: deque[Json], first: float, longest: float, *, at_once: int
    ) -> None:
        self.url = url
        self.at_once = at_once
        self.last_error: str | None = None
        self.last_error_at = 0.0
        self._headers = {"Content-Type": "application/json"} | ({_HEADER: secret} if secret else {})
        self._pending = pending
        self._first, self._longest = first, longest
        self._news = asyncio.Event()
        self._work: asyncio.Task[None] | None = None
        self._lanes: dict[Lane, asyncio.Task[None]] = {}

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
        try:
            async with ClientSession(timeout=_PATIENCE) as session:
                while await self._news.wait():
                    self._news.clear()
                    for lane in dict.fromkeys(map(lane_of, self._pending)):
                        if lane not in self._lanes and len(self._lanes) < self.at_once:
                            self._lanes[lane] = asyncio.create_task(self._serve(session, lane))
        finally:
            for task in self._lanes.values():
                task.cancel()
            await asyncio.gather(*self._lanes.values(), return_exceptions=True)

    async def _serve(self, session: ClientSession, lane: Lane) -> None:
        while (update := next((u for u in self._pending if lane_of(u) == lane), None)) is not None:
            await self._push_until_taken(session, update)
        del self._lanes[lane]
        self._news.set()

    async def _push_until_taken(self, session: ClientSession, update: Json) -> None:
        delay = self._first
        while update in self._pending and (error := await self._push(session, update)) is not None:
            self.last_error, self.last_error_at = error, time.time()
            await asyncio.sleep(delay)
            delay = min(2 * delay, self._longest)
        with contextlib.suppress(ValueError):
            self._pending.remove(update)

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


def lane_of(update: Json) -> Lane:
    """What the update is kept in order with: the taps of its person, or the other updates of its chat."""
    if "callback_query" in update:
        return "person", int(update["callback_query"]["from"]["id"])
    content = next(value for name, value in update.items() if name != "update_id")
    return "chat", int(content["chat"]["id"])
