"""What a report says, as figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from bot.briefs.model import State
from bot.kernel.money import Money
from bot.ledger.model import Account

DELIVERED = frozenset({State.DELIVERED, State.INVOICED, State.PAID})
ENDED = frozenset({*DELIVERED, State.REJECTED, State.CANCELLED, State.FAILED})
# All but where money is: what leaves these in the invoice's currency came in, and no credit note counts as money.
NOT_MONEY = (
    Account.RECEIVABLE,
    Account.REVENUE,
    Account.DISCOUNTS,
    Account.TAXES,
    Account.SHIPPING,
    Account.CREDIT_NOTES,
    Account.BAD_DEBTS,
    Account.CUSTOMER_BALANCE,
)


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What became of some briefs, each counted once. waiting: it is under way, for a machine or for a person."""

    delivered: int = 0
    waiting: int = 0
    rejected: int = 0
    cancelled: int = 0
    failed: int = 0

    @classmethod
    def of(cls, counts: Mapping[State, int]) -> Self:
        """By how many of the briefs are in each state."""
        return cls(
            delivered=sum(counts.get(state, 0) for state in DELIVERED),
            waiting=sum(count for state, count in counts.items() if state not in ENDED),
            rejected=counts.get(State.REJECTED, 0),
            cancelled=counts.get(State.CANCELLED, 0),
            failed=counts.get(State.FAILED, 0),
        )

    @property
    def total(self) -> int:
        """How many briefs there are: the sum of the others."""
        return self.delivered + self.waiting + self.rejected + self.cancelled + self.failed


@dataclass(frozen=True, slots=True)
class Late:
    """Invoices whose time to pay is over: how many, what is still to come by currency, and since when the oldest is."""

    count: int
    left: tuple[Money, ...]
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class DayReport:
    """One day of the business. Money is by currency; costs in millionths of a US dollar.

    handed_in: what became of the briefs of that day; from_before: of those handed in earlier that ended on that day,
    or are still under way. to_decide: drafts before people, the oldest of them for so long.
    sent_back: refunds; below 0 where more of them failed, and came back, than were made on that day.
    quality: the mean of the counted scores in points, None where nothing was scored.
    alone, by_people: drafts approved by the gate and by persons. stars: their sum and how many clients gave some.
    """

    start: datetime
    end: datetime
    handed_in: Outcomes
    from_before: Outcomes
    to_decide: int
    oldest_to_decide: timedelta | None
    revenue: tuple[Money, ...]
    revenue_week_before: Mapping[str, Money]
    paid: tuple[Money, ...]
    sent_back: tuple[Money, ...]
    model_cost_micro_usd: int
    quality: float | None
    auto_approved: int
    human_approved: int
    stars: tuple[int, int]
    late: Late
    now: datetime
