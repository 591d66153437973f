"""The Stripe stand-in: an account in memory that speaks Stripe's API, webhooks and payment page (API 2026-10-28)."""

import time
from collections.abc import Iterable

from aiohttp import web

from sandbox.faults import Faults
from sandbox.stripe.account import Account
from sandbox.stripe.api import Api, Route
from sandbox.stripe.balance import Balance
from sandbox.stripe.cards import card_of
from sandbox.stripe.customers import Customers
from sandbox.stripe.disputes import Disputes
from sandbox.stripe.errors import Json
from sandbox.stripe.events import Events
from sandbox.stripe.expansion import Expansion
from sandbox.stripe.hosted import Hosted
from sandbox.stripe.invoice_items import InvoiceItems
from sandbox.stripe.invoices import Invoices
from sandbox.stripe.payments import Payments
from sandbox.stripe.refunds import Refunds
from sandbox.stripe.search import Search
from sandbox.stripe.store import Clock, Store
from sandbox.stripe.webhooks import BackOff, Endpoint, Webhooks, sign


class StripeStandIn:
    """One Stripe account in test mode.

    `key` is the only API key taken (any `sk_test_` or `rk_test_` key if None); `public_url` is where the account is
    reached from outside (learned from requests if None); `clock` tells seconds since the epoch. What follows plays
    Stripe, the customer and the bank. Amounts are minor units.
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
        self.webhooks = Webhooks(back_off=back_off or BackOff())
        self._store = store = Store(clock)
        self._events = events = Events(store)
        events.publish = self.webhooks.publish
        self._search = search = Search()
        self._hosted = Hosted(store, public_url)
        self._balance = Balance(store, events)
        self._payments = Payments(store, events, search, self._balance)
        self._refunds = Refunds(store, events, self._balance, self._payments)
        self._disputes = Disputes(store, events, self._balance)
        self._items = InvoiceItems(store, events)
        self._invoices = Invoices(
            store, events, search, self._items, self._payments, self._disputes, self._hosted.address
        )
        self._customers = Customers(store, events, search)
        expansion = Expansion(store)
        expansion.computed = {
            ("invoice", "payments"): self._payments.of_invoice,
            ("invoice", "confirmation_secret"): self._payments.confirmation_secret,
            ("charge", "refunds"): self._refunds.of_charge,
        }
        self._account = Account(store)
        self._api = Api(events, expansion, self.faults, key, self._account.check)

    def application(self) -> web.Application:
        app = web.Application()
        app.add_subapp("/v1/", self._api.application(self._routes(), self._hosted.learn))
        self._hosted.add_routes(app, self._invoices.charge)
        return app

    async def close(self) -> None:
        await self.webhooks.close()

    @property
    def customers(self) -> dict[str, Json]:
        """Every customer by id, in the order of creation, as sent to clients; a deleted one is a stub."""
        return self._store.customers.things

    @property
    def invoices(self) -> dict[str, Json]:
        """Every invoice by id, in the order of creation, as sent to clients; deleted drafts are gone."""
        return self._store.invoices.things

    @property
    def events(self) -> dict[str, Json]:
        """Every event by id, in the order in which they happened, as sent to clients."""
        return self._store.events.things

    @property
    def charges(self) -> dict[str, Json]:
        """Every charge by id, in the order of creation, as sent to clients; failed ones too."""
        return self._store.charges.things

    @property
    def refunds(self) -> dict[str, Json]:
        """Every refund by id, in the order of creation, as sent to clients."""
        return self._store.refunds.things

    def webhook(self, url: str, secret: str, kinds: Iterable[str] = ()) -> Endpoint:
        """Send events of these types (all by default) to `url`, signed with `secret`, from now on."""
        endpoint = Endpoint(url, secret, frozenset(kinds))
        self.webhooks.endpoints.append(endpoint)
        return endpoint

    async def delivered(self) -> None:
        """Wait until every webhook has been taken."""
        await self.webhooks.delivered()

    def event(self, kind: str, thing: Json, previous: Json | None = None) -> Json:
        """An event made up for a test: neither kept nor sent. Sign its JSON with `sign`."""
        return self._events.made(kind, thing, previous)

    @staticmethod
    def sign(payload: str | bytes, secret: str, timestamp: int | None = None) -> str:
        """The `Stripe-Signature` header for a body; `timestamp` in seconds since the epoch, now by default."""
        return sign(payload, secret, timestamp)

    async def pay(self, invoice_id: str, card: str = "4242424242424242") -> Json:
        """Pay an open invoice as the customer would on its page, and return it.

        Raises StripeError: 404 for an unknown invoice, 400 for one that cannot be paid, 402 for a declined card.
        """
        invoice = self._store.invoices.find(invoice_id)
        self._invoices.charge(invoice, card_of(card))
        return invoice

    def hold_requests(self) -> None:
        """Let requests begin (their idempotency keys are taken) but not go on until `release_requests`."""
        self._api.executing.clear()

    def release_requests(self) -> None:
        self._api.executing.set()

    def forget_keys(self) -> None:
        """Let every idempotency key be new again, as Stripe does when keys are a day old."""
        self._api.keys.forget()

    def restrict(self, *paths: str) -> None:
        """Refuse POSTs to these routes (such as "invoices/{id}/finalize") once they have begun; to none by default.

        So Stripe does to an account that owes it documents, until it has them.
        """
        self._account.restricted = frozenset(paths)

    def set_search_lag(self, seconds: float) -> None:
        """Let searches find objects only after this time, as the real index may take a minute."""
        self._search.lag = seconds

    def keep_refunds_pending(self, pending: bool = True) -> None:
        """Let new refunds wait for `settle_refund`."""
        self._refunds.pending = pending

    def settle_refund(self, refund_id: str, *, fails: bool | None = None) -> Json:
        """End a pending refund, or let a succeeded one fail; by default as its card does."""
        return self._refunds.settle(refund_id, fails=fails)

    def make_available(self, currency: str | None = None) -> None:
        """Let pending funds become available now."""
        self._balance.make_available(currency)

    def pay_out(self, currency: str = "usd") -> Json:
        """Make everything in a currency available and pay it out; raises ValueError when there is nothing."""
        return self._balance.pay_out(currency)

    def fail_payout(self, payout_id: str, code: str = "account_closed") -> Json:
        """Let the bank send a payout back."""
        return self._balance.fail_payout(payout_id, code)

    def dispute(self, charge_id: str, reason: str = "fraudulent") -> Json:
        """Let the customer's bank take a payment back."""
        return self._disputes.begin(charge_id, reason)

    def decide_dispute(self, dispute_id: str, *, won: bool) -> Json:
        """Let the bank decide a dispute."""
        return self._disputes.decide(dispute_id, won=won)

    def _routes(self) -> list[Route]:
        parts = (
            self._customers,
            self._invoices,
            self._items,
            self._payments,
            self._refunds,
            self._balance,
            self._disputes,
            self._account,
        )
        return [route for part in parts for route in part.routes()]
