"""What billing and reconciliation need of a payment provider."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.invoices.events import Reread
from bot.invoices.model import InvoiceLine, total_of
from bot.invoices.payer import BillingDetails
from bot.invoices.remote import RemoteCharge, RemoteInvoice, RemoteMove, RemoteNotice, RemotePayout
from bot.invoices.tax import TaxRate
from bot.kernel.errors import ProviderError
from bot.kernel.money import Money

CLOCKS_DIFFER = timedelta(minutes=5)  # at most, ours and the provider's


class CustomerMissing(ProviderError):
    """The provider does not know the customer whose id we keep: deleted, or of another account or mode."""


class DetailsRefused(ProviderError):
    """The provider says no to what the client gave for their invoices, and asking again with the same cannot help.

    field: which of their `BillingDetails` it is about.
    """

    def __init__(self, provider: str, message: str, field: str) -> None:
        super().__init__(provider, message, permanent=True)
        self.field = field


class ThingMissing(ProviderError):
    """The provider does not know the thing that was asked for by its id."""


class AccessRefused(ProviderError):
    """The provider refuses our key, or what the key may do: no fault of the invoice, which waits."""


class KeyRefused(AccessRefused):
    """The provider refuses our key altogether: it is wrong, or its time is over."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where our key leads: the provider's account (None: the key may not ask) and its mode, "live" or "test"."""

    account: str | None
    mode: str | None

    def other_than(self, account: str | None, mode: str | None) -> bool:
        """Whether an id that was kept with this account and mode is of another place; what is not known may fit."""
        return _differ(self.account, account) or _differ(self.mode, mode)


def _differ(here: str | None, there: str | None) -> bool:
    return here is not None and there is not None and here != there


@dataclass(frozen=True, slots=True)
class Attempt:
    """Which asking for a thing this is. Its idempotency keys carry `installation` and `number`: all tries within an
    attempt share them.

    since: when the thing was first asked for. look_first: keys may be forgotten, or were not those of the earlier
    attempts, so that the provider is first asked what there is. unmarked: what an earlier version of EchoPilot began
    bears our number, but not our installation. row: by what the row is told from any other of its number, as there is
    one in a database that was put back from a backup, and in a copy; it is in the keys and in the metadata as well.
    """

    number: int
    since: datetime
    look_first: bool
    installation: str
    unmarked: bool = False
    row: str = ""

    def made(self, installation: str | None, row: str | None, created: datetime) -> bool:
        """Whether a thing with these marks in its metadata can be of this attempt, or an earlier one of ours.

        What an earlier version made bears no mark of its row: it is told by its age.
        """
        if installation != self.installation and not (self.unmarked and installation is None):
            return False
        return row == self.row if row is not None and self.row else created >= self.since - CLOCKS_DIFFER


@dataclass(frozen=True, slots=True)
class InvoiceOrder:
    """An invoice to be made. Its idempotency keys derive from `invoice_id` and `attempt`, so it is made only once.

    subject: what it is for, as its row says.
    days_until_due: None where the provider has no e-mail to send it to: it is paid on the provider's page at any time.
    alone: whether nobody else can have taken the order over by now. A worker that slept for long may find a refusal and
    the next attempt behind it, so it looks again before it goes on. tax_rate: the provider's id of the one that it
    bears; "" for none.
    """

    invoice_id: int
    subject: str
    customer: str
    lines: tuple[InvoiceLine, ...]
    days_until_due: int | None
    attempt: Attempt
    alone: Callable[[], bool]
    tax_id: str = ""
    tax_rate: str = ""

    @property
    def amount(self) -> Money:
        """What its lines add up to."""
        return total_of(self.lines)


@dataclass(frozen=True, slots=True)
class RefundOrder:
    """Money of a payment to be sent back. Its idempotency key derives from `refund_id` and `attempt`."""

    refund_id: int
    intent: str
    amount: Money
    attempt: Attempt


@dataclass(frozen=True, slots=True)
class PaymentEvent:
    """A verified webhook: the provider's id, its type, and the object that it is about, as plain JSON.

    account: whose event it is where that is not our own account (a connected one). at: when it happened, where it was
    asked for.
    """

    id: str
    type: str
    object: dict[str, Any]
    account: str | None = None
    at: datetime | None = None


class Payments(Protocol):
    """A payment provider. Every verb raises ProviderError; with `unknown` set, the provider may have done it."""

    async def place(self) -> Place:
        """Where our key leads; asked once, then remembered."""
        ...

    async def customer(self, person_id: int, attempt: Attempt) -> str:
        """Make the provider's customer for a person, once; returns its id. What it is called, `describe` says."""
        ...

    async def describe(self, customer: str, details: BillingDetails) -> None:
        """Have the customer, its drafts and all that is made for it say these details, and no others.

        Raises CustomerMissing.
        """
        ...

    async def invoice(self, order: InvoiceOrder) -> RemoteInvoice:
        """Make and finalise the invoice, once, going on from whatever the provider has of it already.

        Raises CustomerMissing, KeyUsed, or ThingMissing where somebody deleted the draft meanwhile.
        """
        ...

    async def void(self, invoice_id: int, remote_id: str, attempt: Attempt) -> None:
        """Have an invoice voided, once in an attempt. Raises ThingMissing; what was paid or ended is refused."""
        ...

    async def write_off(self, invoice_id: int, remote_id: str, attempt: Attempt) -> None:
        """Have an open invoice marked as uncollectible, once in an attempt. Raises ThingMissing; others are refused."""
        ...

    async def read_invoice(self, remote_id: str) -> RemoteInvoice:
        """The invoice as it is now, with its payments. Raises ThingMissing."""
        ...

    async def invoices_paid_by(self, intent: str) -> list[str]:
        """The ids of the invoices that a payment intent pays for, the first first; mostly one."""
        ...

    async def charges(self, remote_id: str) -> list[RemoteCharge]:
        """The payments that came in by the provider for an invoice. Raises ThingMissing."""
        ...

    async def refund(self, order: RefundOrder) -> RemoteNotice:
        """Send money of a payment back, once. Raises ThingMissing, KeyUsed; what is not left or disputed is refused."""
        ...

    async def refund_made(self, order: RefundOrder) -> RemoteNotice | None:
        """The refund that was made for that row before; None where there is none."""
        ...

    async def notices(self, kind: Reread, remote_id: str) -> list[RemoteNotice]:
        """A refund or dispute as it is now, or all refunds of a charge."""
        ...

    async def tax_rate(self, rate_id: str) -> TaxRate | None:
        """One of the account's tax rates; None where it has none of that id."""
        ...

    async def payout(self, remote_id: str) -> RemotePayout:
        """A payout to the bank as it is now. Raises ThingMissing."""
        ...

    async def payouts(self, since: datetime) -> list[RemotePayout]:
        """The payouts that were made since then, as they are now, newest first."""
        ...

    async def moves(self, since: datetime) -> list[RemoteMove]:
        """All that moved on the balance since then, newest first."""
        ...

    async def paid_out(self, payout: str) -> list[RemoteMove]:
        """What is in a payout that the provider has counted together, itself among it."""
        ...

    async def events(self, kinds: Sequence[str], before: str | None) -> list[PaymentEvent]:
        """A hundred of the provider's events of these types (20 at most), newest first; `before`: older than that one.

        It keeps them for 30 days. Of their objects only their own ids and their invoices' are given.
        """
        ...

    def verify(self, payload: bytes, signature: str, now: datetime) -> PaymentEvent:
        """Check a webhook's signature and time; raises Refusal where it is not the provider's."""
        ...
