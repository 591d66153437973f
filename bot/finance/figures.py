"""What is read for a report on money."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.finance.model import Age, Figures, Part, Period
from bot.kernel.money import Money


@dataclass(frozen=True, slots=True)
class View:
    """What is looked at. currency: "" for the first. part: by what figures are told apart."""

    period: Period
    currency: str = ""
    part: Part = Part.ALL


@dataclass(frozen=True, slots=True)
class Report:
    """A period in one currency. months: the first days of its months. currencies: in which something moved.

    parts: the figures of each type or client, by its name, the largest first; names: of clients, by number.
    until: up to when it goes, where that is not the end of its last month.
    """

    view: View
    months: Sequence[date]
    figures: Figures
    currencies: Sequence[str]
    parts: Sequence[tuple[str, Figures]] = ()
    names: Mapping[str, str] | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Months:
    """The last months of one currency, the oldest first; the last goes up to now."""

    currency: str
    by_month: Sequence[tuple[date, Figures]]
    currencies: Sequence[str]


@dataclass(frozen=True, slots=True)
class Receivables:
    """What clients owe in one currency, by age: minor units, and on how many invoices.

    beside: what stands on the receivable account and on no open invoice, such as by a correction.
    """

    currency: str
    by_age: Mapping[Age, tuple[int, int]]
    beside: Money
    currencies: Sequence[str]
    now: datetime

    @property
    def total(self) -> Money:
        """What stands on the receivable account."""
        return Money(sum(minor for minor, _ in self.by_age.values()), self.currency) + self.beside

    @property
    def late(self) -> Money:
        """What should have been paid by now."""
        late = sum(minor for age, (minor, _) in self.by_age.items() if age is not Age.NOT_DUE)
        return Money(late, self.currency)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the file: a month, what of it ("", or by type or client), its name, and the figures."""

    month: date
    part: Part
    name: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class Table:
    """All rows of the file; the names of clients, by number."""

    rows: Sequence[Row]
    names: Mapping[str, str]
    now: datetime


@dataclass(frozen=True, slots=True)
class DayCosts:
    """A day's costs. models, types, clients: by name, in millionths of a US dollar, the dearest first; "" for none.

    calls: of models, how many there were. fees: what Stripe took, by currency. names: of clients, by number.
    """

    day: date
    micro_usd: int
    calls: int
    models: Sequence[tuple[str, int]]
    types: Sequence[tuple[str, int]]
    clients: Sequence[tuple[str, int]]
    names: Mapping[str, str]
    fees: Sequence[Money]

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to tell."""
        return not self.micro_usd and not self.fees
