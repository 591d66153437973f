"""Webhooks: signed events, sent until they are taken (https://docs.stripe.com/webhooks)."""

import asyncio
import hmac
import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256

import aiohttp

from sandbox.stripe.errors import Json

SENDERS = 4


def sign(payload: str | bytes, secret: str, timestamp: int | None = None) -> str:
    """The `Stripe-Signature` header for a body: HMAC-SHA256 over "timestamp.body" with the endpoint's secret.

    `timestamp` is in seconds since the epoch, now by default. Source: https://docs.stripe.com/webhooks#verify-manually
    """
    stamp = int(time.time()) if timestamp is None else timestamp
    body = payload.encode() if isinstance(payload, str) else payload
    signature = hmac.new(secret.encode(), f"{stamp}.".encode() + body, sha256).hexdigest()
    return f"t={stamp},v1={signature}"


@dataclass(frozen=True)
class BackOff:
    """Seconds before the first retry, what each wait grows by, and the longest wait.

    `retries`: how many there are, None without end. Stripe's own end: after three days live, after three in a sandbox.
    """

    first: float = 0.2
    factor: float = 2.0
    longest: float = 3.0
    retries: int | None = None

    def ends(self, attempt: int) -> bool:
        return self.retries is not None and attempt >= self.retries

    def wait(self, attempt: int) -> float:
        return min(self.first * self.factor ** min(attempt, 64), self.longest)


@dataclass
class Endpoint:
    """Where events go. `kinds` are event types, all of them if empty; `of`: the account and whether it is live."""

    url: str
    secret: str
    kinds: frozenset[str] = frozenset()
    of: tuple[str, bool] | None = None

    def wants(self, event: Json, account: str, livemode: bool) -> bool:
        return self.of in (None, (account, livemode)) and (not self.kinds or event["type"] in self.kinds)


@dataclass
class Delivery:
    """One event on its way to one endpoint."""

    event: Json
    endpoint: Endpoint
    attempt: int = 0
    again: bool = False


@dataclass
class Webhooks:
    """Delivers events in the background. Nothing promises an order, as at Stripe: several senders work at once.

    `deliver_twice` sends every event a second time after it was taken; `shuffle` takes waiting events at random;
    `paused` keeps everything waiting. `timeout` is the time in seconds that an endpoint has to answer. `clock` tells
    the seconds since the epoch by which they are signed.
    """

    back_off: BackOff = field(default_factory=BackOff)
    timeout: float = 10.0
    deliver_twice: bool = False
    shuffle: bool = False
    paused: bool = False
    seed: int = 0
    clock: Callable[[], float] = time.time

    def __post_init__(self) -> None:
        self.endpoints: list[Endpoint] = []
        self._waiting: list[Delivery] = []
        self._unsettled = 0
        self._news = asyncio.Event()
        self._settled = asyncio.Event()
        self._settled.set()
        self._senders: list[asyncio.Task[None]] = []
        self._retries: set[asyncio.TimerHandle] = set()
        self._random = random.Random(self.seed)
        self._session: aiohttp.ClientSession | None = None

    def publisher(self, account: str, livemode: bool) -> Callable[[Json], int]:
        """What queues an event of this account and mode for every endpoint that wants it, and returns how many do.

        Needs a running loop if there are any.
        """

        def publish(event: Json) -> int:
            wanting = [one for one in self.endpoints if one.wants(event, account, livemode)]
            for endpoint in wanting:
                self._unsettled += 1
                self._queue(Delivery(event, endpoint))
            return len(wanting)

        return publish

    def resume(self) -> None:
        """End `paused`."""
        self.paused = False
        self._news.set()

    async def delivered(self) -> None:
        """Wait until every event so far is taken or given up."""
        await self._settled.wait()

    async def close(self) -> None:
        """Stop sending; what was not taken is forgotten."""
        for retry in self._retries:
            retry.cancel()
        for sender in self._senders:
            sender.cancel()
        await asyncio.gather(*self._senders, return_exceptions=True)
        self._senders.clear()
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _queue(self, delivery: Delivery) -> None:
        self._settled.clear()
        self._waiting.append(delivery)
        self._news.set()
        if not self._senders:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=self.timeout))
            self._senders = [asyncio.create_task(self._send_all(self._session)) for _ in range(SENDERS)]

    async def _send_all(self, session: aiohttp.ClientSession) -> None:
        while True:
            await self._news.wait()
            if self.paused or not self._waiting:
                self._news.clear()
                continue
            delivery = self._waiting.pop(self._random.randrange(len(self._waiting)) if self.shuffle else 0)
            if await self._taken(session, delivery):
                self._settle(delivery)
            elif self.back_off.ends(delivery.attempt):
                self._count_down()
            else:
                self._retry_later(delivery)

    async def _taken(self, session: aiohttp.ClientSession, delivery: Delivery) -> bool:
        body = json.dumps(delivery.event, indent=2).encode()
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": sign(body, delivery.endpoint.secret, int(self.clock())),
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        }
        try:
            async with session.post(
                delivery.endpoint.url, data=body, headers=headers, allow_redirects=False
            ) as response:
                return 200 <= response.status < 300
        except (aiohttp.ClientError, TimeoutError):
            return False

    def _settle(self, delivery: Delivery) -> None:
        if self.deliver_twice and not delivery.again:
            self._queue(Delivery(delivery.event, delivery.endpoint, again=True))
            return
        delivery.event["pending_webhooks"] -= 1
        self._count_down()

    def _count_down(self) -> None:
        """One delivery fewer to wait for: it was taken, or given up for good."""
        self._unsettled -= 1
        if self._unsettled == 0:
            self._settled.set()

    def _retry_later(self, delivery: Delivery) -> None:
        wait = self.back_off.wait(delivery.attempt)
        delivery.attempt += 1

        def again() -> None:
            self._retries.discard(timer)
            self._queue(delivery)

        timer = asyncio.get_running_loop().call_later(wait, again)
        self._retries.add(timer)
