"""The rows that the figures of a report are made of. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.finance.model import EARNED, LOST
from bot.ledger.model import Account
from bot.reports.model import NOT_MONEY
from bot.reports.periods.model import Period


class What(StrEnum):
    """Of which figure."""

    BRIEFS = "briefs"
    ENDED = "ended"
    WAITING = "waiting"
    APPROVED = "approved"
    STARS = "stars"
    REVENUE = "revenue"
    PAID = "paid"
    REFUNDED = "refunded"
    LOST = "lost"
    FEES = "fees"
    BOOKED = "booked"
    CALLS = "calls"
    LATE = "late"

    @property
    def of_money(self) -> bool:
        """Whether its amounts have a currency."""
        return self in ON or self is What.LATE


@dataclass(frozen=True, slots=True)
class On:
    """Lines of the ledger. sign: by which they count, kinds: of which entries; empty: of all."""

    accounts: Collection[Account]
    sign: int
    kinds: Collection[str] = ()


ON: Mapping[What, On] = {
    What.REVENUE: On(EARNED, -1),
    What.PAID: On(NOT_MONEY, -1, ("payment",)),
    What.REFUNDED: On((Account.REFUNDS,), 1, ("refund",)),
    What.LOST: On(LOST, 1),
    What.FEES: On((Account.STRIPE_FEES,), 1),
    What.BOOKED: On((Account.AI_COST,), 1),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One of them. about: "invoice:12" or "brief:7"; kind: of an entry, a state, or a model's name.

    amount: minor units, millionths of a dollar, stars, or points of a score in hundredths; None where not scored.
    """

    id: int
    at: datetime
    about: str
    kind: str
    amount: int | None


@dataclass(frozen=True, slots=True)
class Rows:
    """Some of a figure's rows, and what all of them are together. currency: of those of money."""

    period: Period
    what: What
    currency: str
    rows: Sequence[Row]
    count: int
    total: int
    now: datetime
