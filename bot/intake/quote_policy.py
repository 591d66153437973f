"""What a tenant's clients are quoted."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from bot.briefs.expected import Expected
from bot.kernel.task_type import TaskType
from bot.prices.model import Prices


@dataclass(frozen=True, slots=True)
class QuotePolicy:
    """What a brief costs by type, and the target that its draft must reach by type where no client or admin set
    another (points, 0 to 100). quote_days: after which a quote ends by itself. expected: of what is started now.
    """

    prices: Prices
    targets: Mapping[TaskType, int]
    quote_days: int
    expected: Expected


# Those of a tenant, by its name; not to be asked within a transaction.
QuotePolicyOf = Callable[[str], Awaitable[QuotePolicy]]
