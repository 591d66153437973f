"""What billing needs of a payment provider."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.billing.payer import BillingDetails
from bot.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Attempt:
    """Which asking for a thing this is. Its idempotency keys carry `number`: all tries within an attempt share them.

    since: when the thing was first asked for. look_first: keys may be forgotten, or were not those of the earlier
    attempts, so that the provider is first asked what there is.
    """

    number: int
    since: datetime
    look_first: bool


@dataclass(frozen=True, slots=True)
class InvoiceOrder:
    """An invoice to be made. Its idempotency keys derive from `invoice_id` and `attempt`, so it is made only once.

    days_until_due: None where the provider has no e-mail to send it to: it is paid on the provider's page at any time.
    alone: whether nobody else can have taken the order over by now. A worker that slept for long may find a refusal and
    the next attempt behind it, so it looks again before it goes on.
    """

    invoice_id: int
    brief_id: int
    customer: str
    amount: Money
    description: str
    days_until_due: int | None
    attempt: Attempt
    alone: Callable[[], bool]
    tax_id: str = ""


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a payment brought, in the settlement currency: the gross amount and the provider's fee."""

    gross: Money
    fee: Money


@dataclass(frozen=True, slots=True)
class RemoteInvoice:
    """An invoice as the provider knows it. status: draft, open, paid, void or uncollectible."""

    id: str
    status: str
    number: str | None
    url: str | None
    pdf_url: str | None
    invoice_id: int | None
    paid_at: datetime | None
    settlement: Settlement | None
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PaymentEvent:
    """A verified webhook: the provider's id, its type, and the object that it is about, as plain JSON."""

    id: str
    type: str
    object: dict[str, Any]


class Payments(Protocol):
    """A payment provider. Every verb raises ProviderError; with `unknown` set, the provider may have done it."""

    async def customer(self, person_id: int, attempt: Attempt) -> str:
        """Make the provider's customer for a person, once; returns its id. What it is called, `describe` says."""
        ...

    async def describe(self, customer: str, details: BillingDetails) -> None:
        """Have the customer, its drafts and all that is made for it say these details, and no others."""
        ...

    async def invoice(self, order: InvoiceOrder) -> RemoteInvoice:
        """Make and finalise the invoice, once, going on from whatever the provider has of it already."""
        ...

    async def read_invoice(self, remote_id: str) -> RemoteInvoice:
        """The invoice as it is now; the settlement only where it is paid."""
        ...

    def verify(self, payload: bytes, signature: str, now: datetime) -> PaymentEvent:
        """Check a webhook's signature and time; raises Refusal where it is not the provider's."""
        ...
