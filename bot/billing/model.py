"""Invoices and the double-entry ledger: states, accounts, and postings that balance by construction."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.kernel.money import Money
from bot.kernel.tasks import Crew, Kind

OPEN_INVOICE = Kind("open_invoice", Crew.ERRANDS)  # of a delivered brief


class InvoiceState(StrEnum):
    """NEW: to be made at Stripe. UNKNOWN: asked, no answer came; ask before anything else. OPEN: the client can pay.

    FAILED: Stripe refused it for good; a person looks at why, and has it asked again.
    """

    NEW = "new"
    UNKNOWN = "unknown"
    OPEN = "open"
    PAID = "paid"
    VOID = "void"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Invoice:
    """A row of `invoices`."""

    id: int
    tenant: str
    brief_id: int
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


@dataclass(frozen=True, slots=True)
class Customer:
    """A row of `customers`: a person at Stripe. `stripe_id` is None until Stripe has answered."""

    person_id: int
    stripe_id: str | None
    attempt: int
    created_at: datetime


class Account(StrEnum):
    """Where money stands. Debits are positive amounts, credits negative."""

    RECEIVABLE = "receivable"
    REVENUE = "revenue"
    STRIPE_BALANCE = "stripe balance"
    STRIPE_FEES = "stripe fees"
    EXCHANGE = "currency exchange"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a posting: a debit (positive) or credit (negative) of an account."""

    account: Account
    amount: Money


@dataclass(frozen=True, slots=True)
class Posting:
    """Lines that sum to zero in every currency. `key` makes it once only; zero lines are left out.

    Raises ValueError where the lines do not balance.
    """

    key: str
    kind: str
    reference: str
    lines: tuple[Line, ...]

    def __post_init__(self) -> None:
        sums: dict[str, int] = {}
        for line in self.lines:
            sums[line.amount.currency] = sums.get(line.amount.currency, 0) + line.amount.minor
        if any(sums.values()):
            raise ValueError(f"posting {self.key} does not balance: {sums}")
        object.__setattr__(self, "lines", tuple(line for line in self.lines if line.amount.minor))


def invoice_opened(invoice_id: int, amount: Money) -> Posting:
    """The client owes the amount, and it is earned."""
    lines = (Line(Account.RECEIVABLE, amount), Line(Account.REVENUE, -amount))
    return Posting(f"invoice:{invoice_id}:opened", "invoice", f"invoice:{invoice_id}", lines)


def invoice_paid(invoice_id: int, amount: Money, gross: Money, fee: Money) -> Posting:
    """The amount came in; Stripe settled it as `gross` and kept `fee` of that, both in the settlement currency.

    Where that is another currency than the invoice's, the exchange account stands between the two.
    """
    lines = [
        Line(Account.STRIPE_BALANCE, gross - fee),
        Line(Account.STRIPE_FEES, fee),
        Line(Account.RECEIVABLE, -amount),
    ]
    if gross != amount:
        lines += [Line(Account.EXCHANGE, amount), Line(Account.EXCHANGE, -gross)]
    return Posting(f"invoice:{invoice_id}:paid", "payment", f"invoice:{invoice_id}", tuple(lines))
