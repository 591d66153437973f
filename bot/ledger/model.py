"""The double-entry ledger: accounts, and postings that balance by construction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.kernel.money import Money
from bot.kernel.translation import gettext_noop as N_

LARGEST = 2**63 - 1  # what both databases can keep, on either side of nothing


class Side(StrEnum):
    """Which accounts belong together. HELD: what we have and are owed. OWED: what we owe others."""

    HELD = "held"
    OWED = "owed"
    EARNED = "earned"
    SPENT = "spent"


class Account(StrEnum):
    """Where money stands. Debits are positive amounts, credits negative."""

    RECEIVABLE = "receivable"
    REVENUE = "revenue"
    DISCOUNTS = "discounts"
    TAXES = "taxes"  # what we owe the tax office
    SHIPPING = "shipping"
    CREDIT_NOTES = "credit notes"
    REFUNDS = "refunds"
    DISPUTES = "disputes"  # what a client's bank took back, and was not given back to us
    BAD_DEBTS = "bad debts"  # what was written off, until it is paid after all
    CUSTOMER_BALANCE = "customer balance"  # what Stripe carries over to a client's next invoice
    BANK = "bank"  # paid outside of Stripe, and what Stripe paid out
    STRIPE_PENDING = "stripe pending"  # charged, but not settled yet
    STRIPE_BALANCE = "stripe balance"
    STRIPE_FEES = "stripe fees"
    EXCHANGE = "currency exchange"
    AI_COST = "ai cost"
    MODELS_PAYABLE = "models payable"  # what we owe to the models' providers
    REFERRAL_CREDIT = "referral credit"
    PARTNER_SHARE = "partner share"  # what we owe partners of what their clients paid
    COMMISSIONS = "commissions"  # what these shares cost

    @property
    def side(self) -> Side:
        """Where it stands among the others."""
        return _SIDES[self]

    @property
    def credited(self) -> bool:
        """Whether it usually has more credits than debits, which are then shown as positive."""
        return self.side in {Side.OWED, Side.EARNED}


_SIDES = {
    Account.RECEIVABLE: Side.HELD,
    Account.BANK: Side.HELD,
    Account.STRIPE_PENDING: Side.HELD,
    Account.STRIPE_BALANCE: Side.HELD,
    Account.TAXES: Side.OWED,
    Account.CUSTOMER_BALANCE: Side.OWED,
    Account.MODELS_PAYABLE: Side.OWED,
    Account.REFERRAL_CREDIT: Side.OWED,
    Account.PARTNER_SHARE: Side.OWED,
    Account.REVENUE: Side.EARNED,
    Account.SHIPPING: Side.EARNED,
    Account.DISCOUNTS: Side.EARNED,
    Account.CREDIT_NOTES: Side.EARNED,
    Account.REFUNDS: Side.EARNED,
    Account.DISPUTES: Side.SPENT,
    Account.BAD_DEBTS: Side.SPENT,
    Account.STRIPE_FEES: Side.SPENT,
    Account.AI_COST: Side.SPENT,
    Account.COMMISSIONS: Side.SPENT,
    Account.EXCHANGE: Side.SPENT,
}
WORDS = {
    Account.RECEIVABLE: N_("receivable"),
    Account.BANK: N_("bank"),
    Account.STRIPE_PENDING: N_("on the way to Stripe"),
    Account.STRIPE_BALANCE: N_("Stripe balance"),
    Account.TAXES: N_("tax payable"),
    Account.CUSTOMER_BALANCE: N_("clients' credit"),
    Account.MODELS_PAYABLE: N_("owed for models"),
    Account.REFERRAL_CREDIT: N_("referral credit"),
    Account.PARTNER_SHARE: N_("partners' share"),
    Account.REVENUE: N_("revenue"),
    Account.SHIPPING: N_("shipping"),
    Account.DISCOUNTS: N_("discounts"),
    Account.CREDIT_NOTES: N_("credit notes"),
    Account.REFUNDS: N_("refunds"),
    Account.DISPUTES: N_("disputes"),
    Account.BAD_DEBTS: N_("bad debts"),
    Account.STRIPE_FEES: N_("Stripe fees"),
    Account.AI_COST: N_("AI cost"),
    Account.COMMISSIONS: N_("partner commissions"),
    Account.EXCHANGE: N_("currency exchange"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a posting: a debit (positive) or credit (negative) of an account.

    Raises ValueError for an amount that a database cannot keep.
    """

    account: Account
    amount: Money

    def __post_init__(self) -> None:
        if abs(self.amount.minor) > LARGEST:
            raise ValueError(f"{self.amount.minor} is more than an amount can be")


@dataclass(frozen=True, slots=True)
class Posting:
    """Lines that sum to zero in every currency. `key` makes it once only; zero lines are left out.

    kind: what happened: "invoice", "payment", "correction". reference: what it is about: "invoice:1042". reason: why a
    person made it. Raises ValueError where the lines do not balance.
    """

    key: str
    kind: str
    reference: str
    lines: tuple[Line, ...]
    reason: str | None = None

    def __post_init__(self) -> None:
        sums: dict[str, int] = {}
        for line in self.lines:
            sums[line.amount.currency] = sums.get(line.amount.currency, 0) + line.amount.minor
        if any(sums.values()):
            raise ValueError(f"posting {self.key} does not balance: {sums}")
        object.__setattr__(self, "lines", tuple(line for line in self.lines if line.amount.minor))


@dataclass(frozen=True, slots=True)
class Entry:
    """A posting as it was written: a row of `postings`. corrects: the number of the entry that it corrects.

    written_at: when it was written, where it is dated back to `posted_at`.
    """

    id: int
    tenant: str
    key: str
    kind: str
    reference: str
    posted_at: datetime
    lines: tuple[Line, ...]
    reason: str | None
    written_at: datetime | None = None

    @property
    def corrects(self) -> int | None:
        """The number of the entry that it corrects, if it does."""
        kind, _, number = self.reference.partition(":")
        return int(number) if kind == ENTRY else None

    @property
    def turnover(self) -> tuple[Money, ...]:
        """What it moved in each currency: the sum of its debits."""
        sums: dict[str, int] = {}
        for line in self.lines:
            sums[line.amount.currency] = sums.get(line.amount.currency, 0) + max(0, line.amount.minor)
        return tuple(Money(minor, currency) for currency, minor in sorted(sums.items()))


@dataclass(frozen=True, slots=True)
class ClosedDay:
    """A row of `closed_days`: a day of the tenant's time zone, and when it ended."""

    day: str
    until: datetime
    closed_at: datetime
    open_mismatches: int


ENTRY = "entry"
CORRECTION = "correction"


def correction(entry: Entry, reason: str, instead: Sequence[Line] = ()) -> Posting:
    """What takes the entry back, and puts other lines in its place. An entry is corrected once; that, in turn, too.

    Raises ValueError where those lines do not balance.
    """
    back = (Line(line.account, -line.amount) for line in entry.lines)
    return Posting(f"{CORRECTION}:{entry.id}", CORRECTION, f"{ENTRY}:{entry.id}", (*back, *instead), reason)
