"""What a tenant's clients are quoted, and that a brief may wait for the next morning, for less."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.briefs.expected import Expected, Morning
from bot.briefs.material import Attachment, seconds_of
from bot.briefs.model import Brief
from bot.kernel.errors import Refusal
from bot.kernel.money import Money
from bot.kernel.task_type import TaskType
from bot.kernel.text.words import moment
from bot.kernel.translation import gettext as _
from bot.prices.model import Prices, discounted, price_of


@dataclass(frozen=True, slots=True)
class QuotePolicy:
    """What a brief costs by type, and the target that its draft must reach by type where no client or admin set
    another (points, 0 to 100). quote_days: after which a quote ends by itself. expected: of what is started now.
    morning: of what waits for the next morning.
    """

    prices: Prices
    targets: Mapping[TaskType, int]
    quote_days: int
    expected: Expected
    morning: Morning


# Those of a tenant, by its name; not to be asked within a transaction.
QuotePolicyOf = Callable[[str], Awaitable[QuotePolicy]]


def economy_price(brief: Brief, terms: QuotePolicy) -> Money | None:
    """What the brief costs where it waits; None where that is not offered, or no cheaper."""
    full = brief.full_price or brief.price
    less = discounted(full, terms.morning.percent)
    return less if less.minor < full.minor else None


def price_values(
    brief: Brief, task_type: TaskType, attached: Sequence[Attachment], terms: QuotePolicy
) -> dict[str, Any]:
    """What a quote costs as that type, with these files, by its columns; where it waits, it goes on to do so."""
    seconds = seconds_of(attached)
    full = price_of(task_type, terms.prices, seconds)
    values = {"price_minor": full.minor, "currency": full.currency, "audio_seconds": seconds, "full_minor": None}
    if brief.full_price is not None and (less := discounted(full, terms.morning.percent)).minor < full.minor:
        values |= {"price_minor": less.minor, "full_minor": full.minor}
    return values


def check_morning(brief: Brief, morning: Morning) -> None:
    """Raise Refusal where the brief is due before it would start."""
    if brief.deadline is not None and brief.deadline <= morning.starts_at:
        raise Refusal(
            _(
                "It would start on {start}, and it is due on {deadline}. Have it start at once, or choose another "
                "deadline.",
                start=moment(morning.starts_at),
                deadline=moment(brief.deadline),
            )
        )
