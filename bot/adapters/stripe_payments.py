"""Stripe through its SDK: https://docs.stripe.com/api. Reads and writes plain values of `bot.billing.ports`."""

from collections.abc import AsyncIterator, Awaitable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import aiohttp
import stripe

from bot.adapters.proxies import proxy_for
from bot.billing.payer import BillingDetails
from bot.billing.ports import Attempt, InvoiceOrder, PaymentEvent, RemoteInvoice, Settlement
from bot.kernel.errors import KeyUsed, ProviderError, Refusal
from bot.kernel.money import Money
from bot.kernel.text import read_json

T = TypeVar("T")
TOLERANCE = timedelta(seconds=300)
OUR_ID = "echopilot_invoice"
OUR_PERSON = "echopilot_person"
CLOCKS_DIFFER = timedelta(days=1)  # at most, ours and Stripe's
WITH_PAYMENTS = ["payments.data.payment.payment_intent"]  # Stripe expands four levels at most


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
    """See `bot.billing.ports.Payments`. `webhook_secrets`: one, or two while rotating."""

    def __init__(self, secret_key: str, api_url: str, webhook_secrets: tuple[str, ...]) -> None:
        stripe.enable_telemetry = False
        self._http = _Http(timeout=aiohttp.ClientTimeout(total=15), proxy=proxy_for(api_url))
        self._client = stripe.StripeClient(
            secret_key,
            base_addresses={"api": api_url},
            http_client=self._http,
            max_network_retries=2,
        )
        self._secrets = webhook_secrets

    async def customer(self, person_id: int, attempt: Attempt) -> str:
        """See `Payments.customer`. What may change is not sent: a key must always come with the same values."""
        known = await self._known_customer(person_id, attempt.since) if attempt.look_first else None
        if known is not None:
            return known
        params: Any = {"metadata": {OUR_PERSON: str(person_id)}}
        made = await _ask(
            self._client.v1.customers.create_async(params, _once("customer", person_id, "create", attempt.number))
        )
        return made.id

    async def describe(self, customer: str, details: BillingDetails) -> None:
        """See `Payments.describe`. It needs no key: the same twice is the same, and what is empty is taken away."""
        address: Any = _address(details) if details.country else ""
        params: Any = {"name": details.name, "email": details.email, "address": address}
        await _ask(self._client.v1.customers.update_async(customer, params))

    async def _known_customer(self, person_id: int, since: datetime) -> str | None:
        listing = self._client.v1.customers.list_async({"created": _from(since), "limit": 100})
        async for customer in _listed(listing):
            if customer.metadata is not None and customer.metadata.to_dict().get(OUR_PERSON) == str(person_id):
                return str(customer.id)
        return None

    async def invoice(self, order: InvoiceOrder) -> RemoteInvoice:
        """See `Payments.invoice`. A draft that holds a line already is only finalised."""
        attempt = order.attempt
        kept = await self._standing(order) if attempt.look_first else None
        if kept is None:
            made = await self._draft(order)
            kept = made if order.alone() else await self._standing(order) or made
        if kept.status != "draft":
            return _remote(kept)
        if not kept.lines.data:
            await self._add_item(order, kept.id)
        once = _once("invoice", order.invoice_id, "finalise", attempt.number)
        return _remote(
            await _ask(self._client.v1.invoices.finalize_invoice_async(kept.id, {"auto_advance": False}, once))
        )

    async def _standing(self, order: InvoiceOrder) -> stripe.Invoice | None:
        """The one that counts, whoever looks: what is finalised, or else the oldest draft. Other drafts are deleted,
        as are those to be collected in another way, since the client has an e-mail by now or has none any more.

        Stripe's lists, unlike its searches, have what was just written.
        """
        invoices = self._client.v1.invoices
        listing = invoices.list_async({"customer": order.customer, "created": _from(order.attempt.since), "limit": 100})
        ours = [invoice async for invoice in _listed(listing) if _our_id(invoice) == order.invoice_id]
        fit = [one for one in ours if one.status != "draft" or one.collection_method == _collecting(order)]
        kept = min(reversed(fit), key=lambda invoice: invoice.status == "draft", default=None)
        for stray in ours:
            if stray is not kept and stray.status == "draft":
                await _ask(invoices.delete_async(stray.id))
        return kept

    async def _draft(self, order: InvoiceOrder) -> stripe.Invoice:
        params: Any = {
            "customer": order.customer,
            "currency": order.amount.currency.lower(),
            "auto_advance": False,
            "pending_invoice_items_behavior": "exclude",
            "metadata": {OUR_ID: str(order.invoice_id), "echopilot_brief": str(order.brief_id)},
        }
        once = _once("invoice", order.invoice_id, "create", order.attempt.number)
        return await _ask(self._client.v1.invoices.create_async(params | _terms(order), once))

    async def _add_item(self, order: InvoiceOrder, draft: str) -> None:
        await _ask(
            self._client.v1.invoice_items.create_async(
                {
                    "customer": order.customer,
                    "invoice": draft,
                    "amount": order.amount.minor,
                    "currency": order.amount.currency.lower(),
                    "description": order.description[:500],
                },
                _once("invoice", order.invoice_id, "item", order.attempt.number),
            )
        )

    async def read_invoice(self, remote_id: str) -> RemoteInvoice:
        invoice = await _ask(self._client.v1.invoices.retrieve_async(remote_id, {"expand": WITH_PAYMENTS}))
        return _remote(invoice, await self._settlement(invoice))

    async def _settlement(self, invoice: stripe.Invoice) -> Settlement | None:
        """What the paid payments brought; None where nothing was paid through Stripe."""
        totals: Settlement | None = None
        for payment in invoice.payments.data if invoice.payments is not None else []:
            intent = payment.payment.payment_intent
            if payment.status != "paid" or not isinstance(intent, stripe.PaymentIntent) or not intent.latest_charge:
                continue
            charges = self._client.v1.charges
            charge = await _ask(charges.retrieve_async(str(intent.latest_charge), {"expand": ["balance_transaction"]}))
            settled = charge.balance_transaction
            if isinstance(settled, stripe.BalanceTransaction):
                currency = settled.currency.upper()
                gross, fee = Money(settled.amount, currency), Money(settled.fee, currency)
                totals = Settlement(totals.gross + gross, totals.fee + fee) if totals else Settlement(gross, fee)
        return totals

    async def close(self) -> None:
        await self._http.close_async()  # type: ignore[no-untyped-call]

    async def account(self) -> str:
        """The account's id, to prove that the key works."""
        return (await _ask(self._client.v1.accounts.retrieve_current_async())).id

    def verify(self, payload: bytes, signature: str, now: datetime) -> PaymentEvent:
        """See `Payments.verify`. The SDK's own check takes times in the future, and raises other errors on junk."""
        sent_at = _sent_at(signature)
        if sent_at is None or abs(now - sent_at) > TOLERANCE:
            raise Refusal("The webhook's time is missing or more than five minutes off.")
        for secret in self._secrets:
            try:
                stripe.WebhookSignature.verify_header(payload.decode(), signature, secret)
            except (stripe.SignatureVerificationError, UnicodeDecodeError):
                continue
            return _event(payload)
        raise Refusal("The webhook's signature is not Stripe's.")


def _once(kind: str, row: int, step: str, attempt: int) -> Any:
    return {"idempotency_key": f"ep:{kind}:{row}:{step}:v{attempt}"}


def _address(details: BillingDetails) -> dict[str, str]:
    """Stripe has two lines for what stands above the country; what has more is put on the second."""
    first, _, others = details.address.partition("\n")
    lines = {"country": details.country, "line1": first, "line2": others.replace("\n", ", ")}
    return {name: line for name, line in lines.items() if line}


def _collecting(order: InvoiceOrder) -> str:
    """Stripe sends an invoice only to who has an e-mail; any other is paid on its page, and nothing is charged."""
    return "charge_automatically" if order.days_until_due is None else "send_invoice"


def _terms(order: InvoiceOrder) -> dict[str, Any]:
    """How it is collected, until when, and the client's tax id, printed as they wrote it: Stripe's own needs a type."""
    terms: dict[str, Any] = {"collection_method": _collecting(order)}
    if order.days_until_due is not None:
        terms["days_until_due"] = order.days_until_due
    if order.tax_id:
        terms["custom_fields"] = [{"name": "Tax ID", "value": order.tax_id}]
    return terms


def _from(since: datetime) -> Any:
    return {"gte": int((since - CLOCKS_DIFFER).timestamp())}


async def _listed(listing: Awaitable[stripe.ListObject[Any]]) -> AsyncIterator[Any]:
    """Everything in a list, newest first, page by page."""
    page = await _ask(listing)
    while True:
        for one in page.data:
            yield one
        if not page.has_more:
            return
        page = await _ask(page.next_page_async())


def _sent_at(signature: str) -> datetime | None:
    parts = dict(part.partition("=")[::2] for part in signature.split(","))
    stamp = parts.get("t", "")
    return datetime.fromtimestamp(int(stamp), UTC) if stamp.isascii() and stamp.isdigit() and len(stamp) < 12 else None


def _event(payload: bytes) -> PaymentEvent:
    try:
        event = read_json(payload)
        return PaymentEvent(str(event["id"]), str(event["type"]), dict(event["data"]["object"]))
    except (ValueError, KeyError, TypeError):
        raise Refusal("The webhook's body is not a Stripe event.") from None


def _remote(invoice: stripe.Invoice, settlement: Settlement | None = None) -> RemoteInvoice:
    paid_at = invoice.status_transitions.paid_at
    return RemoteInvoice(
        id=invoice.id,
        status=str(invoice.status),
        number=invoice.number,
        url=invoice.hosted_invoice_url,
        pdf_url=invoice.invoice_pdf,
        invoice_id=_our_id(invoice),
        paid_at=datetime.fromtimestamp(paid_at, UTC) if paid_at else None,
        settlement=settlement,
        due_at=datetime.fromtimestamp(invoice.due_date, UTC) if invoice.due_date else None,
    )


def _our_id(invoice: stripe.Invoice) -> int | None:
    ours = invoice.metadata.to_dict().get(OUR_ID, "") if invoice.metadata is not None else ""
    return int(ours) if ours.isdigit() else None


async def _ask(request: Awaitable[T]) -> T:
    """Await a request to Stripe and turn what goes wrong into errors that carry the decision."""
    try:
        return await request
    except stripe.APIConnectionError as error:
        raise ProviderError("Stripe", f"no answer: {error.user_message or 'connection failed'}", unknown=True) from None
    except stripe.RateLimitError:
        raise ProviderError("Stripe", "too many requests", retry_after=2.0) from None
    except (stripe.APIError, stripe.IdempotencyError) as error:
        if isinstance(error, stripe.IdempotencyError) and error.http_status != 409:
            raise KeyUsed("Stripe", str(error.user_message or error)) from None
        raise ProviderError("Stripe", str(error.user_message or error), unknown=True) from None
    except stripe.StripeError as error:
        raise ProviderError("Stripe", str(error.user_message or error), permanent=True) from None
