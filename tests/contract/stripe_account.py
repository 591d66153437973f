"""A Stripe stand-in, the unmodified SDK talking to it, and the few steps that most tests begin with."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
import stripe
from stripe import StripeClient

from sandbox.server import Sandbox
from sandbox.stripe.server import StripeStandIn

KEY = "sk_test_echopilot_contract"
SDK_WARNS = pytest.mark.filterwarnings("ignore:Use 'content=:DeprecationWarning")


@dataclass
class Account:
    """The SDK's client and the stand-in that it talks to, at `url`."""

    client: StripeClient
    stand_in: StripeStandIn
    url: str

    async def customer(self, **metadata: str) -> stripe.Customer:
        return await self.client.v1.customers.create_async(
            {"email": "alice@example.com", "name": "Alice", "metadata": metadata}
        )

    async def draft(self, amount: int = 12_000, currency: str = "usd", **metadata: str) -> stripe.Invoice:
        """A draft with one item for a new customer; `amount` in minor units."""
        customer = await self.customer()
        invoice = await self.client.v1.invoices.create_async(
            {
                "customer": customer.id,
                "collection_method": "send_invoice",
                "days_until_due": 14,
                "currency": currency,
                "metadata": metadata,
            }
        )
        await self.client.v1.invoice_items.create_async(
            {
                "customer": customer.id,
                "invoice": invoice.id,
                "amount": amount,
                "currency": currency,
                "description": "A brief",
            }
        )
        return invoice

    async def open(self, amount: int = 12_000, currency: str = "usd", **metadata: str) -> stripe.Invoice:
        """A finalised invoice."""
        draft = await self.draft(amount, currency, **metadata)
        return await self.client.v1.invoices.finalize_invoice_async(draft.id)

    async def charge(
        self, amount: int = 12_000, currency: str = "usd", card: str = "4242424242424242"
    ) -> stripe.Charge:
        """The charge of an invoice that its customer has paid."""
        invoice = await self.open(amount, currency)
        await self.stand_in.pay(invoice.id, card)
        charges = await self.client.v1.charges.list_async({"limit": 1})
        return charges.data[0]


@asynccontextmanager
async def stripe_account(stand_in: StripeStandIn | None = None, *, key: str = KEY) -> AsyncIterator[Account]:
    """Serve a stand-in on a free port, with the SDK pointed at it. Charges are captured at once at first."""
    served = stand_in or StripeStandIn()
    served.capture_after(0)
    http = stripe.HTTPXClient(timeout=15)
    async with Sandbox(served) as sandbox:
        url = f"{sandbox.url}/stripe"
        client = StripeClient(key, base_addresses={"api": url}, http_client=http, max_network_retries=2)
        try:
            yield Account(client, served, url)
        finally:
            await http.close_async()  # type: ignore[no-untyped-call]
