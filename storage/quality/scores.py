"""The score of a draft, by the one rule that the gate goes by: what the judge's looks at it amount to.

The gate's verdict holds the score that counted; a draft on which the gate gave none, such as an edited or flagged one,
has that of `bot.quality.model.counted`.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from bot.quality.model import Evaluation, counted
from storage.briefs.drafts import evaluation_of
from storage.engine.connection import Connection
from storage.tables.briefs import evaluations
from storage.tables.quality import verdicts

AT_ONCE = 500  # ids in one statement


async def of_draft(connection: Connection, tenant: str, draft_id: int | None) -> float | None:
    """A draft's score in points; None where it was not scored, or there is no draft."""
    if draft_id is None:
        return None
    query = select(evaluations.c.draft_id).where(evaluations.c.tenant == tenant, evaluations.c.draft_id == draft_id)
    return await mean(connection, tenant, query)


async def mean(connection: Connection, tenant: str, draft_ids: Select[Any]) -> float | None:
    """The mean score, in points, of the drafts whose ids the query selects; None where none of them was scored."""
    of_gate = verdicts.c.tenant == tenant, verdicts.c.draft_id.in_(draft_ids)
    sums = select(func.coalesce(func.sum(verdicts.c.weighted), 0), func.count(verdicts.c.weighted)).where(*of_gate)
    total, times = (await connection.execute(sums)).one()
    judged = select(verdicts.c.draft_id).where(*of_gate)
    rest = evaluations.c.tenant == tenant, evaluations.c.draft_id.in_(draft_ids), evaluations.c.draft_id.not_in(judged)
    found = await _scores(connection, tenant, rest)
    times += len(found)
    return (int(total) + sum(found)) / times / 100 if times else None


async def _scores(connection: Connection, tenant: str, which: Sequence[ColumnElement[bool]]) -> list[int]:
    """The scores of drafts, those that have any. Criteria are only read of drafts that were looked at more often."""
    often: set[int] = set()
    once: dict[int, int] = {}
    brief = select(evaluations.c.draft_id, evaluations.c.weighted).where(*which, evaluations.c.weighted.is_not(None))
    for draft_id, weighted in await connection.execute(brief):
        if draft_id in once:
            often.add(draft_id)
        once[draft_id] = weighted
    found = [weighted for draft_id, weighted in once.items() if draft_id not in often]
    ids = sorted(often)
    for first in range(0, len(ids), AT_ONCE):
        some = evaluations.c.draft_id.in_(ids[first : first + AT_ONCE])
        query = select(evaluations).where(evaluations.c.tenant == tenant, some)
        looks: dict[int, list[Evaluation]] = defaultdict(list)
        for row in await connection.execute(query.order_by(evaluations.c.draft_id, evaluations.c.look)):
            looks[row.draft_id].append(evaluation_of(row))
        found += [score.weighted for score in map(counted, looks.values()) if score and score.weighted is not None]
    return found
