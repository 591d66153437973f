"""Queries on drafts, their evaluations, the decisions on them, and what the models cost."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, exists, func, literal, select

from bot.briefs.model import Brief, Draft
from bot.kernel.ids import content_hash
from bot.quality.model import Criterion, Evaluation, Result
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.types import EPOCH, UtcTime, unindexed
from storage.engine.upsert import insert_new
from storage.tables.briefs import decisions, drafts, evaluations
from storage.tables.core import events
from storage.tables.models import model_calls

# Built once: building a statement takes SQLAlchemy several times longer than running it.
_DRAFTS = select(drafts).where(drafts.c.tenant == bindparam("its_tenant"), drafts.c.brief_id == bindparam("brief"))
_DRAFTS = _DRAFTS.order_by(drafts.c.attempt)
_LOOKS = select(evaluations).where(evaluations.c.tenant == bindparam("its_tenant"))
_EVALUATIONS = _LOOKS.where(evaluations.c.brief_id == bindparam("brief")).order_by(
    evaluations.c.draft_id, evaluations.c.look
)
_LOOKS_AT = _LOOKS.where(evaluations.c.draft_id == bindparam("draft")).order_by(evaluations.c.look)
_SPENT = select(func.coalesce(func.sum(model_calls.c.cost_micro_usd), 0)).where(
    model_calls.c.tenant == bindparam("its_tenant"), model_calls.c.brief_id == bindparam("brief")
)
# Where nothing was written down of it, all of its calls count.
_GOT_ON = select(func.coalesce(func.max(events.c.at), literal(EPOCH, UtcTime))).where(
    events.c.subject == bindparam("subject"),
    unindexed(events.c.tenant) == bindparam("its_tenant"),
    unindexed(events.c.name) != "held",
)
_JUDGED_SINCE = exists().where(
    evaluations.c.tenant == model_calls.c.tenant,
    evaluations.c.brief_id == model_calls.c.brief_id,
    evaluations.c.created_at >= model_calls.c.created_at,
)
_ASKED = select(
    func.count(),
    func.count().filter(model_calls.c.outcome == "failed"),
    func.count().filter(model_calls.c.created_at >= bindparam("since")),
).where(
    model_calls.c.tenant == bindparam("its_tenant"),
    model_calls.c.brief_id == bindparam("brief"),
    model_calls.c.purpose == bindparam("its_purpose"),
    model_calls.c.created_at >= _GOT_ON.scalar_subquery(),
    ~_JUDGED_SINCE,
)
LOAD = select(drafts).where(drafts.c.id == bindparam("draft"))
_CALL, _DECISION = model_calls.insert(), decisions.insert()


def _draft(row: Row[Any]) -> Draft:
    return Draft(
        row.id, row.brief_id, row.attempt, row.text, row.content_hash, row.model, row.created_at, row.author_id
    )


def evaluation_of(row: Row[Any]) -> Evaluation:
    """The evaluation in a row that has every column of `evaluations`."""
    results = tuple(Result(Criterion(r["criterion"]), r["score"], r["reason"], r["quote"]) for r in row.results)
    return Evaluation(row.draft_id, row.look, results, row.weighted, row.passed, row.model)


async def add_draft(
    tx: Transaction,
    brief: Brief,
    attempt: int,
    text: str,
    model: str,
    *,
    author_id: int | None = None,
    prompt_id: int | None = None,
    file_format: str | None = None,
) -> Draft:
    """Keep the draft of this attempt; if there is one already it stands, and is returned."""
    row: dict[str, Any] = {"tenant": brief.tenant, "brief_id": brief.id, "attempt": attempt, "text": text}
    row |= {"model": model, "author_id": author_id, "prompt_id": prompt_id, "format": file_format}
    row |= {"content_hash": content_hash(text), "created_at": tx.now}
    added = await insert_new(tx, drafts, row, "brief_id", "attempt")
    if added:
        return Draft(added[0], brief.id, attempt, text, row["content_hash"], model, tx.now, author_id)
    draft = await draft_of(tx.connection, brief.tenant, brief.id, attempt)
    assert draft is not None
    return draft


async def draft_of(connection: Connection, tenant: str, brief_id: int, attempt: int) -> Draft | None:
    """The brief's draft of that attempt; None where there is none."""
    query = select(drafts).where(drafts.c.tenant == tenant, drafts.c.brief_id == brief_id)
    row = (await connection.execute(query.where(drafts.c.attempt == attempt))).first()
    return None if row is None else _draft(row)


async def get_draft(connection: Connection, tenant: str, draft_id: int) -> Draft:
    """The draft, which has to be there."""
    query = select(drafts).where(drafts.c.tenant == tenant, drafts.c.id == draft_id)
    return _draft((await connection.execute(query)).one())


async def load_draft(connection: Connection, draft_id: int) -> Draft:
    """The draft of whichever tenant, for work that no person asked for."""
    return _draft((await connection.execute(LOAD, {"draft": draft_id})).one())


async def draft_before(connection: Connection, tenant: str, draft: Draft) -> Draft | None:
    """The draft that this one took the place of: of an edited one the draft that was edited, else the attempt before.

    None for a first one.
    """
    query = select(drafts).where(drafts.c.tenant == tenant, drafts.c.brief_id == draft.brief_id)
    query = query.where(drafts.c.attempt < draft.attempt)
    if draft.author_id is not None:
        # the decision that a text had to be edited was written in the same transaction as the edited text
        edited = select(decisions.c.draft_id).where(
            decisions.c.tenant == tenant,
            decisions.c.brief_id == draft.brief_id,
            decisions.c.verdict == "edited",
            decisions.c.created_at == draft.created_at,
        )
        query = query.where(drafts.c.id.in_(edited))
    row = (await connection.execute(query.order_by(drafts.c.attempt.desc()).limit(1))).first()
    return None if row is None else _draft(row)


async def newest_attempt(connection: Connection, tenant: str, brief_id: int) -> int:
    """The number of the brief's newest draft; 0 where there is none."""
    query = select(func.coalesce(func.max(drafts.c.attempt), 0)).where(drafts.c.tenant == tenant)
    return int((await connection.execute(query.where(drafts.c.brief_id == brief_id))).scalar_one())


async def prompt_of(connection: Connection, tenant: str, draft_id: int) -> int | None:
    """The version of the prompt that the draft was written by; None where a person wrote it, or it was the code's."""
    query = select(drafts.c.prompt_id).where(drafts.c.tenant == tenant, drafts.c.id == draft_id)
    row = (await connection.execute(query)).one()
    return None if row.prompt_id is None else int(row.prompt_id)


async def drafts_of(connection: Connection, tenant: str, brief_id: int) -> list[Draft]:
    """The brief's drafts, the first attempt first."""
    return [_draft(row) for row in await connection.execute(_DRAFTS, {"its_tenant": tenant, "brief": brief_id})]


async def add_evaluation(tx: Transaction, brief: Brief, evaluation: Evaluation) -> Evaluation:
    """Keep the evaluation; if this look at the draft is there already it stands, and is returned."""
    results = [
        {"criterion": r.criterion, "score": r.score, "reason": r.reason, "quote": r.quote} for r in evaluation.results
    ]
    row = {"tenant": brief.tenant, "brief_id": brief.id, "draft_id": evaluation.draft_id, "look": evaluation.look}
    row |= {"results": results, "weighted": evaluation.weighted, "passed": evaluation.passed}
    row |= {"model": evaluation.model, "created_at": tx.now}
    if await insert_new(tx, evaluations, row, "draft_id", "look"):
        return evaluation
    kept = [e for e in await evaluations_of(tx.connection, brief.tenant, brief.id) if e.draft_id == evaluation.draft_id]
    return next(e for e in kept if e.look == evaluation.look)


async def evaluations_of(connection: Connection, tenant: str, brief_id: int) -> list[Evaluation]:
    """The evaluations of all of the brief's drafts."""
    rows = await connection.execute(_EVALUATIONS, {"its_tenant": tenant, "brief": brief_id})
    return [evaluation_of(row) for row in rows]


async def evaluations_of_draft(connection: Connection, tenant: str, draft_id: int) -> list[Evaluation]:
    """The evaluations of one draft, in the order of the looks."""
    rows = await connection.execute(_LOOKS_AT, {"its_tenant": tenant, "draft": draft_id})
    return [evaluation_of(row) for row in rows]


async def add_calls(tx: Transaction, tenant: str, brief_id: int | None, calls: Sequence[Mapping[str, Any]]) -> None:
    """Record calls of models; each has the other columns of `model_calls`."""
    common = {"tenant": tenant, "brief_id": brief_id, "created_at": tx.now}
    if calls:
        await tx.run(_CALL, [{**call, **common} for call in calls])


async def asked(connection: Connection, brief: Brief, purpose: str, since: datetime) -> tuple[int, int, int]:
    """How many of the brief's calls for this purpose were, or may have been, paid for since it last got on, be it by
    an evaluation alone.

    And how many of them were never answered, and how many made since that time.
    """
    these = {"its_tenant": brief.tenant, "subject": f"brief:{brief.id}", "brief": brief.id, "its_purpose": purpose}
    row = (await connection.execute(_ASKED, these | {"since": since})).one()
    return int(row[0]), int(row[1]), int(row[2])


async def spent(connection: Connection, tenant: str, brief_id: int) -> int:
    """What the models cost for the brief so far, in millionths of a US dollar."""
    return int((await connection.execute(_SPENT, {"its_tenant": tenant, "brief": brief_id})).scalar_one())


async def approved_hash(connection: Connection, tenant: str, brief_id: int) -> str | None:
    """The hash of the text that was approved last; None where none was."""
    query = select(decisions.c.content_hash).where(decisions.c.tenant == tenant, decisions.c.brief_id == brief_id)
    query = query.where(decisions.c.verdict == "approved")
    return (await connection.execute(query.order_by(decisions.c.id.desc()).limit(1))).scalar_one_or_none()


async def add_decision(
    tx: Transaction, brief: Brief, draft: Draft, verdict: str, person_id: int | None, reason: str | None = None
) -> None:
    """Record who decided what on which text (bound by its hash); person None is the automatic gate."""
    row = {"tenant": brief.tenant, "brief_id": brief.id, "draft_id": draft.id, "content_hash": draft.content_hash}
    row |= {"person_id": person_id, "verdict": verdict, "reason": reason, "created_at": tx.now}
    await tx.run(_DECISION, row)
