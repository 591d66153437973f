"""Writing down what came of paid calls for a brief: whatever happens to it meanwhile, their cost is kept."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from bot.briefs.model import Brief
from bot.kernel.errors import Stale
from bot.models.budget import Payer
from bot.models.spending import BilledCall, Spend
from storage.engine.database import Database, Transaction

T = TypeVar("T")


def budget_of(brief: Brief) -> Payer:
    """Whose ceilings the calls for a brief count towards."""
    return Payer(brief.tenant, brief.client_id, brief.id)


async def record_calls(
    database: Database,
    spend: Spend,
    brief: Brief,
    work: Callable[[Transaction], Awaitable[T]],
    paid: Sequence[BilledCall[Any]],
) -> T:
    """Write down what `work` makes of paid calls, and the calls; where the brief was moved meanwhile, the calls alone.

    Returns what `work` does. Raises Stale in that case.
    """

    async def both(tx: Transaction) -> T:
        result = await work(tx)
        await spend.record(tx, budget_of(brief), paid)
        return result

    try:
        return await database.write(both)
    except Stale:
        await database.write(lambda tx: spend.record(tx, budget_of(brief), paid))
        raise
