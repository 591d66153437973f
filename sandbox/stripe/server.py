"""The Stripe stand-in: accounts in memory that speak Stripe's API, webhooks and payment page (API 2026-10-28)."""

import json
import time
from collections.abc import Iterable, Mapping
from typing import Any

from aiohttp import web

from sandbox.faults import Fault, Faults
from sandbox.memory import Memory
from sandbox.stripe.api import Api
from sandbox.stripe.controls import Controls
from sandbox.stripe.door import Door
from sandbox.stripe.environment import Environment
from sandbox.stripe.errors import Json, StripeError
from sandbox.stripe.hosted import Hosted
from sandbox.stripe.store import Clock, new_id
from sandbox.stripe.webhooks import BackOff, Endpoint, Webhooks, sign


class StripeStandIn(Controls):
    """A Stripe account in test mode and in live mode, as the key says; `open_account` opens others.

    `key` is the only API key taken (any secret or restricted key if None); `public_url` is where the account is
    reached from outside (learned from requests if None); `clock` tells seconds since the epoch. What `Controls` adds
    plays Stripe, the customer and the bank.
    """

    name = "stripe"

    def __init__(
        self,
        *,
        key: str | None = None,
        public_url: str | None = None,
        clock: Clock = time.time,
        back_off: BackOff | None = None,
    ) -> None:
        self.faults = Faults()
        self.webhooks = Webhooks(back_off=back_off or BackOff(), clock=clock)
        self._hosted = Hosted(public_url)
        super().__init__(Door(clock, self._hosted, key))
        self._api = Api(self.faults, self._door.enter)
        self._publish()

    def application(self) -> web.Application:
        app = web.Application()
        app.add_subapp("/v1/", self._api.application(list(self.test.routes.values()), self._hosted.learn))
        self._hosted.add_routes(app)
        return app

    async def close(self) -> None:
        for here in self._door.environments:
            here.payments.forget_captures()
        await self.webhooks.close()

    def memory(self) -> Memory:
        """All that the first account's test mode knows, and where its invoices are paid."""
        return {"test": self.test.memory(), "hosted": self._hosted.memory()}

    def remember(self, memory: Mapping[str, Any]) -> None:
        """Know what another one knew."""
        self.test.remember(memory["test"])
        self._hosted.remember(memory["hosted"], self.test.store, self.test.collection)
        self._publish()

    @property
    def customers(self) -> dict[str, Json]:
        """The customers of the first account's test mode, see `Environment`."""
        return self.test.customers

    @property
    def invoices(self) -> dict[str, Json]:
        """The invoices of the first account's test mode, see `Environment`."""
        return self.test.invoices

    @property
    def events(self) -> dict[str, Json]:
        """The events of the first account's test mode, see `Environment`."""
        return self.test.events

    @property
    def charges(self) -> dict[str, Json]:
        """The charges of the first account's test mode, see `Environment`."""
        return self.test.charges

    @property
    def refunds(self) -> dict[str, Json]:
        """The refunds of the first account's test mode, see `Environment`."""
        return self.test.refunds

    def account_of(self, key: str) -> Environment:
        """The account and mode that a key opens."""
        return self._door.environment(key)

    def open_account(self, *keys: str) -> Environment:
        """Let these keys open an account of their own from now on; returns its test mode."""
        opened = self._door.open_account(*keys)
        self._publish()
        return opened

    def expire_key(self, key: str) -> None:
        """Let a key's time be over, as when it was rolled."""
        self._door.expired.add(key)

    def withhold(self, *permissions: str) -> None:
        """Let restricted keys lack these ("invoice_write", "accounts_kyc_basic_read"); none by default.

        Whoever may write may read: without the reading the writing is refused too.
        """
        self._door.withheld = frozenset(permissions)

    def limit_rate(self, per_second: int | None) -> None:
        """Take so many requests a second for each account and mode: Stripe does 25 in a sandbox, 100 live."""
        self._door.per_second = per_second

    def lock(self, where: str, times: int | None = 1) -> None:
        """Let requests that match `where` ("POST .*/finalize") meet an object that somebody else is changing."""
        error = StripeError(
            "This object cannot be accessed right now because another API request or Stripe process is currently "
            "accessing it. If you see this error intermittently, retry the request.",
            status=429,
            code="lock_timeout",
        )
        body = json.dumps(error.body(new_id("req")))
        self.faults.add(Fault(where, "status", times=times, status=error.status, body=body))

    def expire_links(self) -> None:
        """Let every link to an invoice's page or PDF so far come to its end; reading the invoice shows another."""
        self._hosted.end_links()

    def webhook(self, url: str, secret: str, kinds: Iterable[str] = (), key: str | None = None) -> Endpoint:
        """Send events of these types (all by default) to `url`, signed with `secret`, from now on.

        Stripe's endpoints belong to one account and mode: those of `key`. Without one, events of all of them are sent.
        """
        of = None if key is None else (self.account_of(key).id, self.account_of(key).livemode)
        endpoint = Endpoint(url, secret, frozenset(kinds), of)
        self.webhooks.endpoints.append(endpoint)
        return endpoint

    async def delivered(self) -> None:
        """Wait until every webhook has been taken, or given up."""
        await self.webhooks.delivered()

    def event(self, kind: str, thing: Json, previous: Json | None = None) -> Json:
        """An event made up for a test: neither kept nor sent. Sign its JSON with `sign`."""
        return self.test.event_log.made(kind, thing, previous)

    @staticmethod
    def sign(payload: str | bytes, secret: str, timestamp: int | None = None) -> str:
        """The `Stripe-Signature` header for a body; `timestamp` in seconds since the epoch, now by default."""
        return sign(payload, secret, timestamp)

    def hold_requests(self) -> None:
        """Let requests begin (their idempotency keys are taken) but not go on until `release_requests`."""
        self._api.executing.clear()
        self._api.begun.clear()

    async def request_held(self) -> None:
        """Wait until a request has begun since `hold_requests`."""
        await self._api.begun.wait()

    def release_requests(self) -> None:
        self._api.executing.set()

    def _publish(self) -> None:
        for here in self._door.environments:
            here.event_log.publish = self.webhooks.publisher(here.id, here.livemode)
