"""The account itself and its events (https://docs.stripe.com/api/accounts, https://docs.stripe.com/api/events)."""

from stripe import params

from sandbox.stripe.api import Call, Route
from sandbox.stripe.errors import Json
from sandbox.stripe.lists import page
from sandbox.stripe.store import Store


class Account:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._opened = store.now()

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
            "charges_enabled": True,
            "country": "US",
            "created": self._opened,
            "default_currency": "usd",
            "details_submitted": True,
            "email": "owner@example.com",
            "metadata": {},
            "payouts_enabled": True,
            "type": "standard",
        }

    def event(self, call: Call) -> Json:
        return self._store.events.find(call.id)

    def list_events(self, call: Call) -> Json:
        """Events, newest first. `delivery_success` asks whether every webhook has taken them; `type` may end in `*`."""
        given = dict(call.params)
        success = given.pop("delivery_success", None)
        kinds: list[str] = given.pop("types", [])
        pattern = given.pop("type", "") if given.get("type", "").endswith("*") else ""

        def keep(event: Json) -> bool:
            return (
                (success is None or (event["pending_webhooks"] == 0) is success)
                and (not kinds or event["type"] in kinds)
                and event["type"].startswith(pattern.rstrip("*"))
            )

        return page(self._store.events, given, "/v1/events", keep)
