"""What a payment provider says in plain values: what an invoice asks for, what came in, and what went to the bank."""

from dataclasses import dataclass
from datetime import datetime

from bot.invoices.model import Invoice
from bot.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a payment brought, in the settlement currency: the gross amount and the provider's fee."""

    gross: Money
    fee: Money


@dataclass(frozen=True, slots=True)
class Move:
    """A movement on the balance at the provider, by its id there; gross is negative where money left."""

    id: str
    settled: Settlement


@dataclass(frozen=True, slots=True)
class RemotePayment:
    """A payment that came in by the provider, in the invoice's currency. settlement: None until the provider says."""

    id: str
    amount: Money
    settlement: Settlement | None


@dataclass(frozen=True, slots=True)
class Sums:
    """An invoice's amounts, in minor units.

    subtotal: the lines, before discounts and taxes. total: after both. carried: what the customer owed from before, or
    (negative) a credit of theirs that was used. credited: taken back by credit notes before payment; credited_after:
    after it, of which to_balance is a credit for the customer's next invoice, and back_elsewhere is paid back outside
    of the provider; the rest is refunds, which speak for themselves. off_stripe: paid elsewhere, and marked so.
    tax: added to the lines; tax_included: part of them.
    """

    subtotal: int
    total: int
    discount: int = 0
    tax: int = 0
    carried: int = 0
    credited: int = 0
    off_stripe: int = 0
    shipping: int = 0
    credited_after: int = 0
    tax_included: int = 0
    to_balance: int = 0
    back_elsewhere: int = 0


@dataclass(frozen=True, slots=True)
class RemoteInvoice:
    """An invoice as the provider knows it. status: draft, open, paid, void, uncollectible, or one that we do not know.

    invoice_id, installation, row, subject: what its metadata says of whose it is.
    """

    id: str
    status: str
    currency: str
    sums: Sums
    mode: str
    number: str | None = None
    url: str | None = None
    pdf_url: str | None = None
    invoice_id: int | None = None
    installation: str | None = None
    row: str | None = None
    subject: str | None = None
    paid_at: datetime | None = None
    payments: tuple[RemotePayment, ...] = ()
    due_at: datetime | None = None

    @property
    def asked(self) -> int:
        """What the client is asked for in all, in minor units."""
        return self.sums.total + self.sums.carried - self.sums.credited

    @property
    def received(self) -> int:
        """What came in by whatever way, in minor units."""
        return sum(payment.amount.minor for payment in self.payments) + self.sums.off_stripe

    @property
    def unsettled(self) -> int:
        """How many payments the provider has not settled yet, so that their fee is not known."""
        return sum(payment.settlement is None for payment in self.payments)

    @property
    def covered(self) -> bool:
        """Whether what came in explains that it is paid."""
        return self.received >= self.asked


@dataclass(frozen=True, slots=True)
class RemoteNotice:
    """Something that happened to a payment at the provider: a refund, or a dispute.

    intent: the payment intent whose money it is about. due: until when somebody has to answer. moves: what it moved on
    the balance at the provider until now; more may follow. refund_id, installation, row: what its metadata says of
    whose it is. made_at: when it began, where that is told.
    """

    id: str
    kind: str
    status: str
    amount: Money
    intent: str | None
    reason: str | None = None
    due: datetime | None = None
    moves: tuple[Move, ...] = ()
    refund_id: int | None = None
    installation: str | None = None
    row: str | None = None
    made_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RemoteCharge:
    """A payment by the provider, of which money can be sent back.

    intent: the provider's id of it. amount: what came in by it for the invoice. fee: what the provider keeps, None
    where that is not known yet. ending: the last digits of the card. disputed: the client's bank asks for it back, so
    that the provider refunds nothing. refunds: all that there are of it.
    """

    intent: str
    amount: Money
    fee: Money | None = None
    ending: str = ""
    disputed: bool = False
    refunds: tuple[RemoteNotice, ...] = ()


@dataclass(frozen=True, slots=True)
class RemotePayout:
    """Money that the provider sends to our bank. automatic: by its schedule; counted: what is in it can be listed.

    moves: what it moved on the balance until now: one that failed has moved its money back. reason: why it failed.
    """

    id: str
    status: str
    amount: Money
    arrives: datetime
    automatic: bool = True
    counted: bool = False
    reason: str | None = None
    moves: tuple[Move, ...] = ()


@dataclass(frozen=True, slots=True)
class RemoteMove:
    """A movement on the balance at the provider. category: what it is, in the provider's word ("charge", "refund").

    source: the provider's id of what moved it, and intent: the payment intent whose money that is about. face: what
    that is about in its own currency, which the balance may be kept in or not.
    """

    id: str
    category: str
    settled: Settlement
    created_at: datetime
    source: str | None = None
    intent: str | None = None
    face: Money | None = None
    description: str = ""


@dataclass(frozen=True, slots=True)
class TakenOver:
    """An invoice's row, and what the provider said of it when it was last read. kind: what became of the invoice."""

    invoice: Invoice
    remote: RemoteInvoice
    kind: str
