"""Whom a key lets in, and to what (https://docs.stripe.com/keys, https://docs.stripe.com/rate-limits)."""

from collections import deque

from aiohttp import web

from sandbox.stripe.api import Route
from sandbox.stripe.environment import Environment
from sandbox.stripe.errors import StripeError, bad_key, expired_key, foreign_account, no_permission
from sandbox.stripe.events import API_VERSION
from sandbox.stripe.hosted import Hosted
from sandbox.stripe.store import Clock, Store

TEST_KEYS, LIVE_KEYS, RESTRICTED_KEYS = ("sk_test_", "rk_test_"), ("sk_live_", "rk_live_"), ("rk_test_", "rk_live_")
LONGEST_KEY = 255
RESOURCES = {
    "account": "accounts_kyc_basic",
    "balance": "balance",
    "balance_transactions": "balance_transaction_source",
    "charges": "charge",
    "credit_notes": "credit_note",
    "customers": "customer",
    "disputes": "dispute",
    "events": "event",
    "invoice_payments": "invoice",
    "invoiceitems": "invoice",
    "invoices": "invoice",
    "payment_intents": "payment_intent",
    "payouts": "payout",
    "refunds": "charge",
    "tax_rates": "tax_rate",
}


class Door:
    """Finds the account and mode of a request, or refuses it.

    `only`: the one key that is taken; every well-formed key if None. Keys that have no account of their own open the
    first one, in the mode that they name. `per_second`: requests taken in a second by each account and mode, if any.
    """

    def __init__(self, clock: Clock, hosted: Hosted, only: str | None) -> None:
        self.per_second: int | None = None
        self.withheld: frozenset[str] = frozenset()
        self.expired: set[str] = set()
        self._clock, self._hosted, self._only = clock, hosted, only
        self._own: dict[str, tuple[Environment, Environment]] = {}
        self._taken: dict[tuple[str, bool], deque[float]] = {}
        self.accounts = [self._opened()]

    @property
    def environments(self) -> list[Environment]:
        return [environment for account in self.accounts for environment in account]

    def open_account(self, *keys: str) -> Environment:
        """Open another account for these keys; returns its test mode."""
        self.accounts.append(self._opened())
        self._own |= dict.fromkeys(keys, self.accounts[-1])
        return self.accounts[-1][0]

    def environment(self, key: str) -> Environment:
        """The account that a key opens, in the key's mode."""
        return self._own.get(key, self.accounts[0])[key.startswith(LIVE_KEYS)]

    def enter(self, request: web.Request, route: Route) -> Environment:
        """The environment that a request may call; raises StripeError where it may not."""
        key = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        known = key.startswith((*TEST_KEYS, *LIVE_KEYS)) if self._only is None else key == self._only
        if not known:
            raise bad_key(key)
        if key in self.expired:
            raise expired_key(key)
        found = self.environment(key)
        _check_headers(request, key, found)
        self._check_permission(key, route, found)
        self._check_rate(found)
        return found

    def _opened(self) -> tuple[Environment, Environment]:
        test = Store(self._clock)
        return Environment(test, self._hosted), Environment(Store(self._clock, twin=test), self._hosted)

    def _check_permission(self, key: str, route: Route, found: Environment) -> None:
        resource = RESOURCES[route.path.partition("/")[0]]
        needed = f"{resource}_{'read' if route.method == 'GET' else 'write'}"
        lacking = {needed, f"{resource}_read"} & self.withheld if needed.endswith("write") else {needed} & self.withheld
        if key.startswith(RESTRICTED_KEYS) and lacking:
            raise no_permission(key, found.id, needed)

    def _check_rate(self, found: Environment) -> None:
        if self.per_second is None:
            return
        now = self._clock()
        taken = self._taken.setdefault((found.id, found.livemode), deque())
        while taken and taken[0] <= now - 1:
            taken.popleft()
        if len(taken) >= self.per_second:
            raise StripeError(
                "Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.",
                status=429,
                code="rate_limit",
            )
        taken.append(now)


def _check_headers(request: web.Request, key: str, found: Environment) -> None:
    account, version = request.headers.get("Stripe-Account", found.id), request.headers.get("Stripe-Version")
    if account != found.id:
        raise foreign_account(key, account)
    if version not in (None, API_VERSION):
        raise StripeError(f"Invalid Stripe API version: {version}")
    if len(request.headers.get("Idempotency-Key", "")) > LONGEST_KEY:
        raise StripeError(
            f"Idempotency keys can have up to {LONGEST_KEY} characters, and this one has more.",
            kind="idempotency_error",
        )
