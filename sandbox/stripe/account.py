"""The account itself and its events (https://docs.stripe.com/api/accounts, https://docs.stripe.com/api/events)."""

from stripe import params

from sandbox.stripe.api import Call, Route
from sandbox.stripe.balance import Balance
from sandbox.stripe.errors import Json, StripeError
from sandbox.stripe.lists import page
from sandbox.stripe.store import Store

KEPT = 30 * 86_400  # seconds for which events are listed
MOST_TYPES = 20


class Account:
    """`restricted`: paths of routes whose POSTs Stripe refuses while it wants something of the account's owner."""

    def __init__(self, store: Store, balance: Balance) -> None:
        self._store, self._balance = store, balance
        self._opened = store.now()
        self.restricted: frozenset[str] = frozenset()

    def check(self, route: Route) -> None:
        """Raises StripeError where the account may not do this at present."""
        if route.method == "POST" and route.path in self.restricted:
            raise StripeError(
                "Your account cannot currently make live charges. The `requirements.disabled_reason` property on the "
                "account will provide information about why this account is currently disabled."
            )

    def routes(self) -> list[Route]:
        return [
            Route("GET", "account", lambda: params.AccountRetrieveCurrentParams, self.retrieve),
            Route("GET", "events", lambda: params.EventListParams, self.list_events),
            Route("GET", "events/{id}", lambda: params.EventRetrieveParams, self.event),
        ]

    def retrieve(self, _call: Call) -> Json:
        return {
            "id": self._store.account_id,
            "object": "account",
            "business_profile": {
                "mcc": None,
                "name": "EchoPilot Sandbox",
                "product_description": None,
                "support_address": None,
                "support_email": None,
                "support_phone": None,
                "support_url": None,
                "url": None,
            },
            "business_type": "company",
            "capabilities": {"card_payments": "active", "transfers": "active"},
            "charges_enabled": not self.restricted,
            "country": "US",
            "created": self._opened,
            "default_currency": self._balance.main_currency,
            "details_submitted": True,
            "email": "owner@example.com",
            "metadata": {},
            "payouts_enabled": True,
            "requirements": {
                "alternatives": [],
                "current_deadline": None,
                "currently_due": [],
                "disabled_reason": "requirements.past_due" if self.restricted else None,
                "errors": [],
                "eventually_due": [],
                "past_due": [],
                "pending_verification": [],
            },
            "type": "standard",
        }

    def event(self, call: Call) -> Json:
        return self._store.events.find(call.id)

    def list_events(self, call: Call) -> Json:
        """Events of 30 days, newest first.

        `delivery_success` asks whether every webhook has taken them; `type` may end in `*`.
        """
        given, oldest = dict(call.params), self._store.now() - KEPT
        if "types" in given and ("type" in given or len(given["types"]) > MOST_TYPES):
            raise StripeError(
                f"Pass `type`, or up to {MOST_TYPES} event types in `types`, and not both.", param="types"
            )
        success = given.pop("delivery_success", None)
        kinds: list[str] = given.pop("types", [])
        pattern = given.pop("type", "") if given.get("type", "").endswith("*") else ""

        def keep(event: Json) -> bool:
            return (
                event["created"] >= oldest
                and (success is None or (event["pending_webhooks"] == 0) is success)
                and (not kinds or event["type"] in kinds)
                and event["type"].startswith(pattern.rstrip("*"))
            )

        return page(self._store.events, given, "/v1/events", keep)
