"""Queries on all that is recorded of one brief, for its replay; each by a key or an index."""

from collections.abc import Sequence

from sqlalchemy import select

from bot.replay.timeline import Called, Decided, Happened, Looked, Rows
from storage.briefs.drafts import evaluation_of
from storage.engine.connection import Connection
from storage.tables.briefs import decisions, drafts, evaluations
from storage.tables.core import events
from storage.tables.models import model_calls
from storage.tables.people import people


async def of_brief(connection: Connection, tenant: str, brief_id: int, quote_id: int | None) -> Rows:
    """Every event, call, look and decision of the brief. quote_id: its id before its yes."""
    return Rows(
        await _events(connection, tenant, [brief_id] if quote_id is None else [quote_id, brief_id]),
        await _calls(connection, tenant, brief_id),
        await _looks(connection, tenant, brief_id),
        await _decisions(connection, tenant, brief_id),
    )


async def _events(connection: Connection, tenant: str, ids: Sequence[int]) -> list[Happened]:
    subjects = [f"brief:{one}" for one in ids]
    query = select(events, people.c.name.label("person")).outerjoin(people, people.c.id == events.c.person_id)
    query = query.where(events.c.tenant == tenant, events.c.subject.in_(subjects)).order_by(events.c.id)
    return [Happened(row.at, row.name, row.person, row.data) for row in await connection.execute(query)]


async def _calls(connection: Connection, tenant: str, brief_id: int) -> list[Called]:
    query = select(model_calls).where(model_calls.c.tenant == tenant, model_calls.c.brief_id == brief_id)
    return [
        Called(
            row.created_at,
            row.purpose,
            row.prompt_version,
            row.model,
            row.outcome,
            row.input_tokens,
            row.output_tokens,
            row.cost_micro_usd,
            row.latency_ms,
        )
        for row in await connection.execute(query.order_by(model_calls.c.id))
    ]


async def _looks(connection: Connection, tenant: str, brief_id: int) -> list[Looked]:
    query = select(evaluations, drafts.c.attempt).join(drafts, drafts.c.id == evaluations.c.draft_id)
    query = query.where(drafts.c.tenant == tenant, drafts.c.brief_id == brief_id).order_by(evaluations.c.id)
    return [Looked(row.created_at, row.attempt, evaluation_of(row)) for row in await connection.execute(query)]


async def _decisions(connection: Connection, tenant: str, brief_id: int) -> list[Decided]:
    query = select(decisions, drafts.c.attempt, people.c.name.label("person"))
    query = query.join(drafts, drafts.c.id == decisions.c.draft_id)
    query = query.outerjoin(people, people.c.id == decisions.c.person_id)
    query = query.where(decisions.c.tenant == tenant, decisions.c.brief_id == brief_id).order_by(decisions.c.id)
    return [
        Decided(row.created_at, row.verdict, row.person, row.attempt, row.content_hash, row.reason)
        for row in await connection.execute(query)
    ]
