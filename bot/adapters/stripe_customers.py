"""Customers at Stripe: https://docs.stripe.com/api/customers."""

from typing import Any

import stripe

from bot.adapters import stripe_requests as requests
from bot.billing.events import OUR_INSTALLATION, OUR_PERSON
from bot.billing.ports import Attempt


class StripeCustomers:
    """See `bot.billing.ports.Payments.customer`."""

    def __init__(self, client: stripe.StripeClient) -> None:
        self._customers = client.v1.customers

    async def make(self, person_id: int, name: str, email: str | None, attempt: Attempt) -> str:
        known = await self._known(person_id, attempt) if attempt.look_first else None
        if known is not None:
            return known
        marks = {OUR_PERSON: str(person_id), OUR_INSTALLATION: attempt.installation}
        params: Any = {"name": name, "metadata": marks}
        if email:
            params["email"] = email
        once = requests.once("customer", person_id, "create", attempt)
        return (await requests.ask(self._customers.create_async(params, once))).id

    async def _known(self, person_id: int, attempt: Attempt) -> str | None:
        listing = self._customers.list_async({"created": requests.made_since(attempt.since), "limit": 100})
        async for customer in requests.listed(listing):
            marks = customer.metadata.to_dict() if customer.metadata is not None else {}
            if marks.get(OUR_PERSON) == str(person_id) and attempt.made(marks.get(OUR_INSTALLATION)):
                return str(customer.id)
        return None
