"""Events of Stripe's: webhooks that are verified, and the list of what there was: https://docs.stripe.com/api/events."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import stripe

from bot.adapters.stripe import requests
from bot.invoices.ports import PaymentEvent
from bot.kernel.errors import Refusal
from bot.kernel.text.storable import read_json

TOLERANCE = timedelta(seconds=300)


class StripeEvents:
    """See `events` and `verify` of `bot.invoices.ports.Payments`. `secrets`: one, or two while rotating."""

    def __init__(self, client: stripe.StripeClient, secrets: tuple[str, ...]) -> None:
        self._events = client.v1.events
        self._secrets = secrets

    async def page(self, kinds: Sequence[str], before: str | None) -> list[PaymentEvent]:
        """See `Payments.events`."""
        params: Any = {"types": list(kinds), "limit": 100} | ({"starting_after": before} if before else {})
        page = await requests.ask(self._events.list_async(params))
        return [_listed(one) for one in page.data]

    def verify(self, payload: bytes, signature: str, now: datetime) -> PaymentEvent:
        """See `Payments.verify`. The SDK's own check takes times in the future, and raises other errors on junk."""
        if not signature.isascii():
            raise Refusal("The webhook's signature is not Stripe's.")
        sent_at = _sent_at(signature)
        if sent_at is None or abs(now - sent_at) > TOLERANCE:
            raise Refusal("The webhook's time is missing or more than five minutes off.")
        for secret in self._secrets:
            try:
                stripe.WebhookSignature.verify_header(payload.decode(), signature, secret)
            except (stripe.SignatureVerificationError, UnicodeDecodeError):
                continue
            return event_in(payload)
        raise Refusal("The webhook's signature is not Stripe's.")


def _listed(event: stripe.Event) -> PaymentEvent:
    account, at = getattr(event, "account", None), datetime.fromtimestamp(event.created, UTC)
    return PaymentEvent(event.id, event.type, _named(event.data.object), account, at)


def event_in(payload: bytes) -> PaymentEvent:
    """The event that a webhook's body is. Raises Refusal where it is none."""
    try:
        event = read_json(payload)
        whose = event.get("account")
        return PaymentEvent(
            str(event["id"]), str(event["type"]), dict(event["data"]["object"]), None if whose is None else str(whose)
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Refusal("The webhook's body is not a Stripe event.") from None


def _sent_at(signature: str) -> datetime | None:
    parts = dict(part.partition("=")[::2] for part in signature.split(","))
    stamp = parts.get("t", "")
    return datetime.fromtimestamp(int(stamp), UTC) if stamp.isascii() and stamp.isdigit() and len(stamp) < 12 else None


def _named(thing: Any) -> dict[str, Any]:
    """Its id, and the invoice's that it is about where it says so."""
    return {name: thing[name] for name in ("id", "invoice") if name in thing}
