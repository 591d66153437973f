"""Invoices: their states, and what rows say of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self

from bot.kernel.money import Money
from bot.kernel.tasks import Pool, TaskKind

OPEN_INVOICE = TaskKind("open_invoice", Pool.QUICK)  # of a delivered brief, by the brief's number
MAKE_INVOICE = TaskKind("make_invoice", Pool.QUICK)  # any, by its own number
BRIEF, HAND = "brief", "hand"


class InvoiceState(StrEnum):
    """NEW: to be made at Stripe. UNKNOWN: asked, no answer came; ask before anything else. OPEN: the client can pay.

    UNCOLLECTIBLE: written off at Stripe, and still payable. MISSING: Stripe does not know it by our key. FAILED: Stripe
    refused it for good. The last two wait for a person; DETAILS waits for the client, since Stripe refused what they
    gave for it. CANCELLED: taken back before Stripe was asked for it.
    """

    NEW = "new"
    UNKNOWN = "unknown"
    OPEN = "open"
    PAID = "paid"
    VOID = "void"
    UNCOLLECTIBLE = "uncollectible"
    MISSING = "missing"
    FAILED = "failed"
    DETAILS = "details"
    CANCELLED = "cancelled"


PAYABLE = frozenset({InvoiceState.OPEN, InvoiceState.UNCOLLECTIBLE})
LOOK_AT_INVOICE = TaskKind("look_at_invoice", Pool.QUICK)  # of an invoice that Stripe knows
VOID_INVOICE = TaskKind("void_invoice", Pool.QUICK)  # of one that somebody decided to have voided
WRITE_OFF_INVOICE = TaskKind("write_off_invoice", Pool.QUICK)  # of one that somebody decided to have written off


def subject_of(kind: str, number: int) -> str:
    """ "brief:1042"."""
    return f"{kind}:{number}"


def brief_of(subject: str) -> int | None:
    """The number of the brief that a subject is; None where it is another thing."""
    kind, _, number = subject.partition(":")
    return int(number) if kind == BRIEF and number.isascii() and number.isdigit() and len(number) < 19 else None


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """What is asked for: so many of something, at so much each."""

    description: str
    quantity: int
    unit: Money

    @property
    def amount(self) -> Money:
        """All of it."""
        return Money(self.unit.minor * self.quantity, self.unit.currency)


def total_of(lines: Sequence[InvoiceLine]) -> Money:
    """What the lines add up to. Raises ValueError where there are none, or in several currencies."""
    if not lines:
        raise ValueError("an invoice has lines")
    return sum((line.amount for line in lines[1:]), lines[0].amount)


@dataclass(frozen=True, slots=True)
class Terms:
    """How an invoice is asked for. due_days: None as INVOICE_DAYS says. grace_until: until when it can be taken back;
    None where it is asked for at once.
    """

    due_days: int | None = None
    grace_until: datetime | None = None


AS_USUAL = Terms()


@dataclass(frozen=True, slots=True)
class InvoiceSummary:
    """What lists say of an invoice. See `Invoice`."""

    state: InvoiceState
    part_paid: bool
    voiding: bool

    @classmethod
    def of(cls, state: InvoiceState, asked_minor: int, paid_minor: int, void_asked_at: datetime | None) -> Self:
        """By what is asked for and what came in, in minor units, and since when it is to be voided."""
        payable = state in PAYABLE
        return cls(state, payable and 0 < paid_minor < asked_minor, payable and void_asked_at is not None)


@dataclass(frozen=True, slots=True)
class Invoice:
    """A row of `invoices`.

    subject: what it is for, by kind and number: "brief:1042", "hand:55". Each thing has one invoice at most.
    account, mode: where at Stripe it is. links_at: when Stripe gave the links, which expire. asked_minor: what Stripe
    asks for in all, where that is known; of that, carried_minor is from before (negative: a credit of the client's),
    and shipping_minor is for shipping.
    void_asked_at: since when it is to be voided, because somebody decided so; kept once it is.
    paid_minor: what came in, elsewhere_minor: of that, what did not come by Stripe. unsettled: payments whose fee is
    not known yet. marked: Stripe's copy bears the code of this installation. credited_after_minor: what credit notes
    gave back once it was paid.
    grace_until: until when it can be taken back, kept once it is; None once Stripe is asked for it. due_days: see
    `Terms`. write_off_asked_at: since when it is to be written off, because somebody decided so. credit_minor: what of
    a referral credit the amount is lower by.
    """

    id: int
    tenant: str
    subject: str
    client_id: int
    amount: Money
    state: InvoiceState
    version: int
    stripe_id: str | None
    number: str | None
    url: str | None
    pdf_url: str | None
    asked_at: datetime | None
    created_at: datetime
    opened_at: datetime | None
    paid_at: datetime | None
    error: str | None = None
    attempt: int = 1
    due_at: datetime | None = None
    account: str | None = None
    mode: str | None = None
    links_at: datetime | None = None
    asked_minor: int | None = None
    carried_minor: int = 0
    shipping_minor: int = 0
    paid_minor: int = 0
    unsettled: int = 0
    marked: bool = True
    credited_after_minor: int = 0
    void_asked_at: datetime | None = None
    grace_until: datetime | None = None
    due_days: int | None = None
    write_off_asked_at: datetime | None = None
    elsewhere_minor: int = 0
    credit_minor: int = 0

    @property
    def brief_id(self) -> int | None:
        """The brief that it is for; None where it is for something else."""
        return brief_of(self.subject)

    @property
    def voiding(self) -> bool:
        """Whether it is on its way to being void, so that it should not be paid any more."""
        return self._summary.voiding

    @property
    def part_paid(self) -> bool:
        """Whether some of what is asked for came in, and some is still to come."""
        return self._summary.part_paid

    @property
    def _summary(self) -> InvoiceSummary:
        return InvoiceSummary.of(self.state, self.asked.minor, self.paid_minor, self.void_asked_at)

    @property
    def voidable(self) -> bool:
        """Whether somebody can decide to have it voided: it waits for money, and none came in yet.

        https://docs.stripe.com/invoicing/integration/workflow-transitions
        """
        return self.state in PAYABLE and not self.voiding and not self.paid_minor and self.stripe_id is not None

    @property
    def can_be_written_off(self) -> bool:
        """Whether somebody can decide to have it written off: Stripe does so with what is open alone."""
        ends = self.voiding or self.write_off_asked_at is not None
        return self.state is InvoiceState.OPEN and not ends and self.stripe_id is not None

    @property
    def can_be_cancelled(self) -> bool:
        """Whether it can be taken back, since Stripe was not asked for it yet."""
        return self.state is InvoiceState.NEW and self.grace_until is not None

    @property
    def asked(self) -> Money:
        """What Stripe asks the client for."""
        return self.amount if self.asked_minor is None else Money(self.asked_minor, self.amount.currency)

    @property
    def paid(self) -> Money:
        """What came in."""
        return Money(self.paid_minor, self.amount.currency)

    @property
    def carried(self) -> Money:
        """What is asked for from before; negative where a credit is used up."""
        return Money(self.carried_minor, self.amount.currency)

    @property
    def shipping(self) -> Money:
        """What is asked for shipping, which only the dashboard adds."""
        return Money(self.shipping_minor, self.amount.currency)

    @property
    def credit(self) -> Money:
        """What of a referral credit its amount is lower by."""
        return Money(self.credit_minor, self.amount.currency)


@dataclass(frozen=True, slots=True)
class Returned:
    """What of an invoice's money went back to its client by refunds, and what is on its way to them."""

    done: Money
    under_way: Money


@dataclass(frozen=True, slots=True)
class Customer:
    """A row of `customers`: a person at Stripe. `stripe_id` is None until Stripe has answered.

    account, mode: where at Stripe it is. marked: Stripe's copy bears the code of this installation.
    """

    person_id: int
    stripe_id: str | None
    attempt: int
    created_at: datetime
    account: str | None = None
    mode: str | None = None
    marked: bool = True


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A row of `payment_mismatches`: what came from Stripe and a person has to look at, mostly since it was not booked.

    brief_id: of the brief whose invoice it is about, if any.
    """

    id: int
    kind: str
    stripe_id: str
    invoice_id: int | None
    brief_id: int | None
    reason: str
    created_at: datetime
