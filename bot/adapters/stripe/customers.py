"""Customers at Stripe: https://docs.stripe.com/api/customers."""

from datetime import UTC, datetime
from typing import Any

import stripe

from bot.adapters.stripe import requests
from bot.invoices.events import OUR_INSTALLATION, OUR_PERSON, OUR_ROW
from bot.invoices.payer import BillingDetails
from bot.invoices.ports import Attempt


class StripeCustomers:
    """See `customer` and `describe` of `bot.invoices.ports.Payments`."""

    def __init__(self, client: stripe.StripeClient) -> None:
        self._customers = client.v1.customers

    async def make(self, person_id: int, attempt: Attempt) -> str:
        """What may change is not sent: a key must always come with the same values."""
        known = await self._known(person_id, attempt) if attempt.look_first else None
        if known is not None:
            return known
        marks = {OUR_PERSON: str(person_id), **requests.marks(attempt)}
        once = requests.once("customer", person_id, "create", attempt)
        return (await requests.ask(self._customers.create_async({"metadata": marks}, once))).id

    async def describe(self, customer: str, details: BillingDetails) -> None:
        """It needs no key: the same twice is the same, and what is empty is taken away."""
        address: Any = _address(details) if details.country else ""
        params: Any = {"name": details.name, "email": details.email, "address": address}
        await requests.ask(self._customers.update_async(customer, params))

    async def _known(self, person_id: int, attempt: Attempt) -> str | None:
        listing = self._customers.list_async({"created": requests.made_since(attempt.since), "limit": 100})
        async for customer in requests.listed(listing):
            marks = customer.metadata.to_dict() if customer.metadata is not None else {}
            created = datetime.fromtimestamp(customer.created, UTC)
            ours = attempt.made(marks.get(OUR_INSTALLATION), marks.get(OUR_ROW), created)
            if ours and marks.get(OUR_PERSON) == str(person_id):
                return str(customer.id)
        return None


def _address(details: BillingDetails) -> dict[str, str]:
    """Stripe has two lines for what stands above the country; what has more is put on the second."""
    first, _, others = details.address.partition("\n")
    lines = {"country": details.country, "line1": first, "line2": others.replace("\n", ", ")}
    return {name: line for name, line in lines.items() if line}
