"""Queries on which model drafted what, how it was decided on, and what it cost."""

from datetime import datetime

from sqlalchemy import case, func, select

from bot.capacity.model import Drafted
from bot.kernel.task_type import TaskType
from storage.engine.connection import Connection
from storage.engine.types import unindexed
from storage.tables.briefs import briefs, decisions, drafts
from storage.tables.models import model_calls


async def drafted(connection: Connection, tenant: str, since: datetime) -> list[Drafted]:
    """Of what was decided on since then: how many drafts of each model by type, and how many were approved."""
    approved = func.sum(case((decisions.c.verdict == "approved", 1), else_=0))
    query = select(briefs.c.task_type, drafts.c.model, func.count(), approved).select_from(decisions)
    query = query.join(drafts, (drafts.c.id == decisions.c.draft_id) & (unindexed(drafts.c.tenant) == tenant))
    query = query.join(briefs, (briefs.c.id == decisions.c.brief_id) & (unindexed(briefs.c.tenant) == tenant))
    query = query.where(decisions.c.tenant == tenant, decisions.c.created_at >= since, drafts.c.author_id.is_(None))
    rows = await connection.execute(query.group_by(briefs.c.task_type, drafts.c.model))
    return [Drafted(TaskType(kind), model, count, int(good)) for kind, model, count, good in rows]


async def costs(connection: Connection, tenant: str, since: datetime) -> dict[str, int]:
    """What a draft of each model cost since then, on average, in millionths of a US dollar."""
    query = select(model_calls.c.model, func.sum(model_calls.c.cost_micro_usd), func.count())
    query = query.where(model_calls.c.tenant == tenant, model_calls.c.created_at >= since)
    rows = await connection.execute(query.where(model_calls.c.purpose == "draft").group_by(model_calls.c.model))
    return {model: round(int(total) / count) for model, total, count in rows}
