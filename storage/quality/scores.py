"""The score of a draft, by the one rule that the gate goes by: what the judge's looks at it amount to.

The gate's verdict holds the score that counted; a draft on which the gate gave none, such as an edited or flagged one,
has that of `bot.quality.model.counted`.
"""

from collections import defaultdict
from typing import Any

from sqlalchemy import Select, select

from bot.quality.model import Evaluation, counted
from storage.briefs.drafts import evaluation_of
from storage.engine.connection import Connection
from storage.tables.briefs import evaluations
from storage.tables.quality import verdicts


async def of_draft(connection: Connection, tenant: str, draft_id: int | None) -> float | None:
    """A draft's score in points; None where it was not scored, or there is no draft."""
    if draft_id is None:
        return None
    query = select(evaluations.c.draft_id).where(evaluations.c.tenant == tenant, evaluations.c.draft_id == draft_id)
    return await mean(connection, tenant, query)


async def mean(connection: Connection, tenant: str, draft_ids: Select[Any]) -> float | None:
    """The mean score, in points, of the drafts whose ids the query selects; None where none of them was scored."""
    judged = select(verdicts.c.draft_id, verdicts.c.weighted).where(
        verdicts.c.tenant == tenant, verdicts.c.draft_id.in_(draft_ids)
    )
    weighted = {row.draft_id: row.weighted for row in await connection.execute(judged)}
    looks: dict[int, list[Evaluation]] = defaultdict(list)
    query = select(evaluations).where(evaluations.c.tenant == tenant, evaluations.c.draft_id.in_(draft_ids))
    query = query.where(evaluations.c.draft_id.not_in(judged.with_only_columns(verdicts.c.draft_id)))
    for row in await connection.execute(query.order_by(evaluations.c.draft_id, evaluations.c.look)):
        looks[row.draft_id].append(evaluation_of(row))
    for draft_id, seen in looks.items():
        counts = counted(seen)
        weighted[draft_id] = None if counts is None else counts.weighted
    scored = [score for score in weighted.values() if score is not None]
    return sum(scored) / len(scored) / 100 if scored else None
