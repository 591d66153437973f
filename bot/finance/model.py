"""What a time earned and cost, by the ledger: each currency for itself, in minor units. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from bot.kernel.money import Money
from bot.ledger.model import Account

EARNED = (Account.REVENUE, Account.SHIPPING, Account.DISCOUNTS, Account.CREDIT_NOTES)
LOST = (Account.DISPUTES, Account.BAD_DEBTS)
# Of the accounts that earn and cost, all but the exchange of currencies, where two of them meet.
ACCOUNTS = (*EARNED, Account.REFUNDS, *LOST, Account.STRIPE_FEES, Account.AI_COST, Account.COMMISSIONS)
# Beside these: what models cost whom, in millionths of a dollar. The ledger books them by the day, in cents, so that a
# type's or a client's part of AI cost is its share of what is booked.
WEIGHT = "weight of models"
BY_HAND = "hand"  # the type of what is invoiced by hand
OTHERS = "others"  # the name of all that are not named
Sums = Mapping[tuple[str, str], int]  # by account and currency
Key = TypeVar("Key", int, str)


class Part(StrEnum):
    """What sums are told apart by: not at all, by type of work, by client."""

    ALL = ""
    TYPE = "type"
    CLIENT = "client"


class Period(StrEnum):
    """What is looked at, in whole months of the tenant's time zone; the last one up to now."""

    MONTH = "month"
    BEFORE = "before"
    YEAR = "year"


MONTHS = 12  # of Period.YEAR, and of what is shown by month


@dataclass(frozen=True, slots=True)
class Figures:
    """What came in and went out in one currency; costs are positive."""

    currency: str
    revenue: int = 0
    refunds: int = 0
    lost: int = 0
    fees: int = 0
    models: int = 0
    commissions: int = 0

    @property
    def costs(self) -> int:
        """All that is taken off."""
        return sum(self.taken)

    @property
    def taken(self) -> tuple[int, int, int, int, int]:
        """Refunds, what was lost, fees, models, commissions."""
        return self.refunds, self.lost, self.fees, self.models, self.commissions

    @property
    def margin(self) -> int:
        """What is left."""
        return self.revenue - self.costs

    @property
    def share(self) -> float | None:
        """What part of the revenue is left; None where there is none to take a part of."""
        return self.margin / self.revenue if self.revenue > 0 else None

    @property
    def empty(self) -> bool:
        """Whether nothing moved."""
        return not any((self.revenue, *self.taken))

    def money(self, minor: int) -> Money:
        """An amount of it."""
        return Money(minor, self.currency)


def figures_of(sums: Sums, currency: str) -> Figures:
    """The figures of one currency, out of what stands on the accounts."""

    def on(accounts: Iterable[Account]) -> int:
        return sum(sums.get((account.value, currency), 0) for account in accounts)

    return Figures(
        currency,
        revenue=-on(EARNED),
        refunds=on([Account.REFUNDS]),
        lost=on(LOST),
        fees=on([Account.STRIPE_FEES]),
        models=on([Account.AI_COST]),
        commissions=on([Account.COMMISSIONS]),
    )


def currencies_of(sums: Sums, first: str) -> list[str]:
    """The currencies in which something moved, that one first."""
    found = {currency for (account, currency), minor in sums.items() if minor and account != WEIGHT}
    return sorted(found, key=lambda one: (one != first, one))


def shares(amount: int, weights: Mapping[Key, int]) -> dict[Key, int]:
    """The amount by weights that are not negative, in whole parts that add up to it; {} where there are no weights.

    https://en.wikipedia.org/wiki/Largest_remainder_method
    """
    total = sum(weights.values())
    if not total:
        return {}
    exact = {key: divmod(amount * weight, total) for key, weight in weights.items()}
    parts = {key: whole for key, (whole, _rest) in exact.items()}
    missing = amount - sum(parts.values())
    for key in sorted(exact, key=lambda one: (-exact[one][1], str(one)))[:missing]:
        parts[key] += 1
    return parts


def split(named: Mapping[tuple[str, str, str], int], currency: str) -> list[tuple[str, Figures]]:
    """The figures of each name in one currency, the largest revenue first.

    named: sums by name, account and currency; their AI cost, which the ledger books for all alike, is given to each by
    what models cost it.
    """
    by_name: defaultdict[str, dict[tuple[str, str], int]] = defaultdict(dict)
    weights: dict[str, int] = {}
    booked = 0
    for (name, account, of), minor in named.items():
        if account == WEIGHT:
            weights[name] = minor
        elif of == currency and account == Account.AI_COST.value:
            booked += minor
        elif of == currency:
            by_name[name][account, of] = minor
    for name, minor in (shares(booked, weights) or {"": booked}).items():
        by_name[name][Account.AI_COST.value, currency] = minor
    found = [(name, figures_of(sums, currency)) for name, sums in by_name.items()]
    kept = [(name, figures) for name, figures in found if not figures.empty]
    return sorted(kept, key=lambda one: (one[0] == "", -one[1].revenue, one[1].costs, one[0]))


def topped(currency: str, parts: Sequence[tuple[str, Figures]], most: int) -> list[tuple[str, Figures]]:
    """The first of them, and the others as one; what is of none stands last."""
    named, of_none = [one for one in parts if one[0]], [one for one in parts if not one[0]]
    if len(named) <= most:
        return [*named, *of_none]
    rest = together(currency, (figures for _, figures in named[most - 1 :]))
    return [*named[: most - 1], (OTHERS, rest), *of_none]


def together(currency: str, figures: Iterable[Figures]) -> Figures:
    """The sum of several."""
    found = list(figures)
    return Figures(
        currency,
        revenue=sum(one.revenue for one in found),
        refunds=sum(one.refunds for one in found),
        lost=sum(one.lost for one in found),
        fees=sum(one.fees for one in found),
        models=sum(one.models for one in found),
        commissions=sum(one.commissions for one in found),
    )


def first_of_month(day: date, back: int = 0) -> date:
    """The first day of the month that lies so many months before that of the day."""
    months = day.year * 12 + day.month - 1 - back
    return date(months // 12, months % 12 + 1, 1)


def months_of(period: Period, today: date) -> list[date]:
    """The first days of the period's months, the oldest first."""
    match period:
        case Period.MONTH:
            return [first_of_month(today)]
        case Period.BEFORE:
            return [first_of_month(today, 1)]
    return [first_of_month(today, back) for back in range(MONTHS - 1, -1, -1)]


class Age(StrEnum):
    """How long an invoice has been due."""

    NOT_DUE = "not due"
    MONTH = "1-30"
    TWO = "31-60"
    THREE = "61-90"
    OLDER = "older"


_ENDS = ((timedelta(days=30), Age.MONTH), (timedelta(days=60), Age.TWO), (timedelta(days=90), Age.THREE))


def age_of(due_at: datetime | None, now: datetime) -> Age:
    """The age of what is due then; what may be paid at any time is not due."""
    if due_at is None or due_at > now:
        return Age.NOT_DUE
    return next((age for end, age in _ENDS if now - due_at <= end), Age.OLDER)


@dataclass(frozen=True, slots=True)
class Owed:
    """An open invoice, and what stands on the receivable account for it."""

    invoice_id: int
    due_at: datetime | None
    left: Money


def aged(owed: Sequence[Owed], now: datetime) -> dict[Age, tuple[int, int]]:
    """What is owed by age, in minor units of the one currency, and on how many invoices."""
    found: dict[Age, tuple[int, int]] = {}
    for one in owed:
        age = age_of(one.due_at, now)
        minor, count = found.get(age, (0, 0))
        found[age] = (minor + one.left.minor, count + 1)
    return {age: found[age] for age in Age if age in found}
