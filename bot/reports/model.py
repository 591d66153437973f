"""What a report says, as figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.kernel.money import Money


@dataclass(frozen=True, slots=True)
class DayReport:
    """One day of the business. Money is by currency; costs in millionths of a US dollar.

    quality: the mean of the counted scores in points, None where nothing was scored.
    alone, by_people: drafts approved by the gate and by persons.
    """

    start: datetime
    end: datetime
    received: int
    delivered: int
    waiting: int
    oldest_waiting: timedelta | None
    failed: int
    revenue: tuple[Money, ...]
    revenue_week_before: Mapping[str, Money]
    paid: tuple[Money, ...]
    model_cost_micro_usd: int
    quality: float | None
    alone: int
    by_people: int
