"""Writing down what came of paid calls: whatever happens to the brief meanwhile, their cost is kept."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from bot.briefs.model import Brief
from bot.kernel.errors import Stale
from storage import drafts
from storage.database import Database, Transaction

Call = dict[str, Any]  # the columns of `model_calls` that record it


async def add_calls(tx: Transaction, brief: Brief, calls: Sequence[Call]) -> None:
    for call in calls:
        await drafts.add_call(tx, brief.tenant, brief.id, call)


async def write_paid(
    database: Database, brief: Brief, work: Callable[[Transaction], Awaitable[None]], calls: Sequence[Call]
) -> None:
    """Write down the calls and what `work` makes of them; where the brief was moved meanwhile, the calls alone.

    Raises Stale in that case.
    """

    async def both(tx: Transaction) -> None:
        await add_calls(tx, brief, calls)
        await work(tx)

    try:
        await database.write(both)
    except Stale:
        await database.write(lambda tx: add_calls(tx, brief, calls))
        raise
