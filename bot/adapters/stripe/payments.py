"""Stripe through its SDK: https://docs.stripe.com/api. Reads and writes plain values of `bot.invoices.ports`."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import aiohttp
import stripe

from bot.adapters.odd_answers import answered_by
from bot.adapters.proxies import proxy_for
from bot.adapters.stripe import requests
from bot.adapters.stripe.balance import StripeBalance
from bot.adapters.stripe.customers import StripeCustomers
from bot.adapters.stripe.events import StripeEvents
from bot.adapters.stripe.invoice_payments import StripeInvoicePayments
from bot.adapters.stripe.invoices import StripeInvoices
from bot.adapters.stripe.probe import lacking, settlement_currencies, tax_rate
from bot.adapters.stripe.refunds import StripeRefunds
from bot.invoices.events import Reread
from bot.invoices.payer import BillingDetails
from bot.invoices.ports import AccessRefused, Attempt, InvoiceOrder, PaymentEvent, Place, RefundOrder
from bot.invoices.remote import RemoteCharge, RemoteInvoice, RemoteMove, RemoteNotice, RemotePayout
from bot.invoices.tax import TaxRate


class _Http(stripe.AIOHTTPClient):
    """The SDK's client, with a reply that breaks off in its middle being as lost, and asked for again, as any other."""

    async def request_async(
        self, method: str, url: str, headers: Mapping[str, str], post_data: Any = None
    ) -> tuple[bytes, int, Mapping[str, str]]:
        try:
            return await super().request_async(method, url, headers, post_data)
        except (aiohttp.ClientError, TimeoutError) as error:
            lost = stripe.APIConnectionError(f"the reply broke off: {error}", should_retry=True)  # type: ignore[no-untyped-call]
            raise lost from error


class StripePayments:
    """See `bot.invoices.ports.Payments`. `webhook_secrets`: one, or two while rotating."""

    def __init__(self, secret_key: str, api_url: str, webhook_secrets: tuple[str, ...]) -> None:
        stripe.enable_telemetry = False
        self._http = _Http(timeout=aiohttp.ClientTimeout(total=15), proxy=proxy_for(api_url))
        self._client = stripe.StripeClient(
            secret_key,
            base_addresses={"api": api_url},
            http_client=self._http,
            max_network_retries=2,
        )
        self._customers, self._invoices = StripeCustomers(self._client), StripeInvoices(self._client)
        self._payments, self._refunds = StripeInvoicePayments(self._client), StripeRefunds(self._client)
        self._events, self._balance = StripeEvents(self._client, webhook_secrets), StripeBalance(self._client)
        self._mode = next((mode for mode in ("live", "test") if f"_{mode}_" in secret_key[:9]), None)
        self._place: Place | None = None

    @answered_by("Stripe")
    async def place(self) -> Place:
        """See `Payments.place`. A key that may not ask for the account is told by its mode alone."""
        if self._place is None:
            try:
                account = await self.account()
            except AccessRefused:
                return Place(None, self._mode)
            self._place = Place(account, self._mode)
        return self._place

    @answered_by("Stripe")
    async def customer(self, person_id: int, attempt: Attempt) -> str:
        return await self._customers.make(person_id, attempt)

    @answered_by("Stripe")
    async def describe(self, customer: str, details: BillingDetails) -> None:
        await self._customers.describe(customer, details)

    @answered_by("Stripe")
    async def invoice(self, order: InvoiceOrder) -> RemoteInvoice:
        return await self._invoices.make(order)

    @answered_by("Stripe")
    async def void(self, invoice_id: int, remote_id: str, attempt: Attempt) -> None:
        await self._invoices.void(invoice_id, remote_id, attempt)

    @answered_by("Stripe")
    async def write_off(self, invoice_id: int, remote_id: str, attempt: Attempt) -> None:
        await self._invoices.write_off(invoice_id, remote_id, attempt)

    @answered_by("Stripe")
    async def read_invoice(self, remote_id: str) -> RemoteInvoice:
        return await self._invoices.read(remote_id)

    @answered_by("Stripe")
    async def invoices_paid_by(self, intent: str) -> list[str]:
        return await self._payments.paid_by(intent)

    @answered_by("Stripe")
    async def charges(self, remote_id: str) -> list[RemoteCharge]:
        return await self._refunds.charges(remote_id)

    @answered_by("Stripe")
    async def refund(self, order: RefundOrder) -> RemoteNotice:
        return await self._refunds.make(order)

    @answered_by("Stripe")
    async def refund_made(self, order: RefundOrder) -> RemoteNotice | None:
        return await self._refunds.made(order)

    @answered_by("Stripe")
    async def notices(self, kind: Reread, remote_id: str) -> list[RemoteNotice]:
        return await self._refunds.notices(kind, remote_id)

    @answered_by("Stripe")
    async def payout(self, remote_id: str) -> RemotePayout:
        return await self._balance.payout(remote_id)

    @answered_by("Stripe")
    async def payouts(self, since: datetime) -> list[RemotePayout]:
        return await self._balance.payouts(since)

    @answered_by("Stripe")
    async def moves(self, since: datetime) -> list[RemoteMove]:
        return await self._balance.moves(since)

    @answered_by("Stripe")
    async def paid_out(self, payout: str) -> list[RemoteMove]:
        return await self._balance.paid_out(payout)

    @answered_by("Stripe")
    async def events(self, kinds: Sequence[str], before: str | None) -> list[PaymentEvent]:
        return await self._events.page(kinds, before)

    async def close(self) -> None:
        await self._http.close_async()  # type: ignore[no-untyped-call]

    @answered_by("Stripe")
    async def account(self) -> str:
        """The account's id, to prove that the key works."""
        return (await requests.ask(self._client.v1.accounts.retrieve_current_async())).id

    @answered_by("Stripe")
    async def lacking(self) -> Mapping[str, str]:
        """The calls that the key may not make, of those that we need, with Stripe's words."""
        return await lacking(self._client)

    @answered_by("Stripe")
    async def tax_rate(self, rate_id: str) -> TaxRate | None:
        """One of the account's tax rates; None where it has none of that id."""
        return await tax_rate(self._client, rate_id)

    @answered_by("Stripe")
    async def settlement_currencies(self) -> frozenset[str]:
        """What the account keeps money in; empty where the key may not read that."""
        return await settlement_currencies(self._client)

    def verify(self, payload: bytes, signature: str, now: datetime) -> PaymentEvent:
        return self._events.verify(payload, signature, now)
