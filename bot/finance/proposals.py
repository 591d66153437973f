"""Which price a type of work needs for what should be left of it, by what last month cost. Pure.

Refunds, fees and what was lost grow with the price; models do not. So of a price p that left 1 - r - a (r: those as a
part of the revenue, a: models), a price q leaves 1 - r - a * p / q.
"""

import math
from dataclasses import dataclass
from fractions import Fraction

from bot.kernel.money import Money
from bot.kernel.task_type import TaskType

LEAST_ORDERS = 10  # of last month: fewer say too little
MOST_STEP = Fraction(1, 4)  # that a price grows by at once


@dataclass(frozen=True, slots=True)
class Past:
    """A type's last month, in US cents, all currencies together."""

    revenue: int
    models: int
    others: int

    @property
    def margin(self) -> int:
        """What was left."""
        return self.revenue - self.models - self.others

    @property
    def share(self) -> float | None:
        """What part of the revenue was left; None where there was none."""
        return self.margin / self.revenue if self.revenue > 0 else None


@dataclass(frozen=True, slots=True)
class TypePrice:
    """A type's price, its last month, and the price that is proposed; None where the present one is fine, or too little
    is known. would: last month at that price, with as many orders. past: None where no exchange rate is known.
    """

    task_type: TaskType
    price: Money
    past: Past | None
    proposed: Money | None = None
    would: Past | None = None


def proposal(task_type: TaskType, price: Money, past: Past, price_usd: int, target_percent: int) -> TypePrice:
    """The type's price, with a higher one where less than the target was left.

    price_usd: the present price in US cents.
    """
    as_it_is = TypePrice(task_type, price, past)
    enough = price_usd > 0 and past.revenue >= LEAST_ORDERS * price_usd
    if not enough or not past.models or past.margin * 100 >= target_percent * past.revenue:
        return as_it_is
    kept = 1 - Fraction(past.others, past.revenue) - Fraction(target_percent, 100)
    times = 1 + MOST_STEP
    if kept > 0:
        times = min(times, Fraction(past.models, past.revenue) / kept)
    proposed = rounded_up(Money(math.ceil(price.minor * times), price.currency))
    if proposed.minor <= price.minor:
        return as_it_is
    grown = Fraction(proposed.minor, price.minor)
    would = Past(int(past.revenue * grown), past.models, int(past.others * grown))
    return TypePrice(task_type, price, past, proposed, would)


def rounded_up(price: Money) -> Money:
    """A price that people can remember: of two digits, or three that end in 0 or 5."""
    digits = len(str(price.minor))
    step = 1 if digits <= 2 else 5 * 10 ** (digits - 3)
    return Money(-(-price.minor // step) * step, price.currency)
