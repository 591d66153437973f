"""Writing down what came of paid calls for a brief: whatever happens to it meanwhile, their cost is kept."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from bot.briefs.model import Brief
from bot.kernel.errors import Stale
from bot.models.budget import Payer
from bot.models.spending import BilledCall, Spend
from storage.engine.database import Database, Transaction


def budget_of(brief: Brief) -> Payer:
    """Whose ceilings the calls for a brief count towards."""
    return Payer(brief.tenant, brief.client_id, brief.id)


async def record_calls(
    database: Database,
    spend: Spend,
    brief: Brief,
    work: Callable[[Transaction], Awaitable[None]],
    paid: Sequence[BilledCall[Any]],
) -> None:
    """Write down what `work` makes of paid calls, and the calls; where the brief was moved meanwhile, the calls alone.

    Raises Stale in that case.
    """

    async def both(tx: Transaction) -> None:
        await work(tx)
        await spend.record(tx, budget_of(brief), paid)

    try:
        await database.write(both)
    except Stale:
        await database.write(lambda tx: spend.record(tx, budget_of(brief), paid))
        raise
