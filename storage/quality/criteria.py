"""The judge's scores by criterion, of a stretch of time: of its newest drafts, so that any year costs the same."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from bot.quality.model import Criterion
from storage.engine.connection import Connection
from storage.engine.types import UtcTime
from storage.tables.briefs import evaluations
from storage.tables.quality import verdicts

FIRST_LOOK = 1
_VERDICTS = (
    select(verdicts.c.draft_id)
    .where(
        verdicts.c.tenant == bindparam("its_tenant"),
        verdicts.c.created_at >= bindparam("since", type_=UtcTime),
        verdicts.c.created_at < bindparam("until", type_=UtcTime),
    )
    .order_by(verdicts.c.created_at.desc())
    .limit(bindparam("at_most"))
    .subquery()
)
_RESULTS = (
    select(evaluations.c.results)
    .join_from(
        _VERDICTS,
        evaluations,
        (evaluations.c.draft_id == _VERDICTS.c.draft_id) & (evaluations.c.look == FIRST_LOOK),
    )
    .where(evaluations.c.tenant == bindparam("its_tenant"))
)


async def scores(
    connection: Connection, tenant: str, since: datetime, until: datetime, at_most: int
) -> list[dict[Criterion, int]]:
    """What the judge gave each of the newest drafts that it decided on in that time; at most so many."""
    given = {"its_tenant": tenant, "since": since, "until": until, "at_most": at_most}
    return [_by_criterion(row.results) for row in await connection.execute(_RESULTS, given)]


def _by_criterion(results: list[dict[str, Any]]) -> dict[Criterion, int]:
    return {Criterion(result["criterion"]): result["score"] for result in results}
