"""Queries on whether clients would recommend the studio."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, select, update

from bot.growth.model import Nps, Question, QuestionState
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.types import unindexed
from storage.engine.upsert import insert_new
from storage.tables.clients.nps import WAITS, nps_questions

AT_ONCE = 200
_OF_TENANT = select(nps_questions).where(nps_questions.c.tenant == bindparam("its_tenant"))
_BY_ID = _OF_TENANT.where(nps_questions.c.id == bindparam("question")).with_for_update()
_OF_BRIEF = _OF_TENANT.where(nps_questions.c.brief_id == bindparam("brief")).with_for_update()
_NEWEST = select(nps_questions).where(
    nps_questions.c.client_id == bindparam("client"), unindexed(nps_questions.c.tenant) == bindparam("its_tenant")
)
_NEWEST = _NEWEST.order_by(nps_questions.c.id.desc()).limit(1)
_DUE = select(nps_questions.c.brief_id).where(
    WAITS, nps_questions.c.tenant == bindparam("its_tenant"), nps_questions.c.due_at <= bindparam("now")
)
_DUE = _DUE.order_by(nps_questions.c.due_at).limit(AT_ONCE)


def _question(row: Row[Any]) -> Question:
    state = QuestionState(row.state)
    said = (row.score, row.due_at, row.asked_at, row.version, row.created_at)
    return Question(row.id, row.tenant, row.client_id, row.brief_id, state, *said)


async def add(tx: Transaction, tenant: str, client_id: int, brief_id: int, due_at: datetime) -> bool:
    """Have the client asked after that brief; False where that was begun before."""
    row = {"tenant": tenant, "client_id": client_id, "brief_id": brief_id, "state": QuestionState.WAITS}
    return bool(await insert_new(tx, nps_questions, row | {"due_at": due_at, "created_at": tx.now}, "brief_id"))


async def newest(tx: Transaction, tenant: str, client_id: int) -> Question | None:
    """The client's newest question."""
    row = (await tx.run(_NEWEST, {"its_tenant": tenant, "client": client_id})).first()
    return None if row is None else _question(row)


async def of_brief(tx: Transaction, tenant: str, brief_id: int) -> Question | None:
    """The question after that brief, held for the rest of the transaction."""
    row = (await tx.run(_OF_BRIEF, {"its_tenant": tenant, "brief": brief_id})).first()
    return None if row is None else _question(row)


async def find(tx: Transaction, tenant: str, question_id: int) -> Question | None:
    """The question of that number, held for the rest of the transaction."""
    row = (await tx.run(_BY_ID, {"its_tenant": tenant, "question": question_id})).first()
    return None if row is None else _question(row)


async def due(connection: Connection, tenant: str, now: datetime) -> list[int]:
    """The briefs whose question waited for stars long enough, the longest first; 200 at most."""
    return list((await connection.execute(_DUE, {"its_tenant": tenant, "now": now})).scalars())


async def change(tx: Transaction, question: Question, **values: Any) -> Question:
    """Change the question, which is held."""
    statement = update(nps_questions).where(
        nps_questions.c.tenant == question.tenant, nps_questions.c.id == question.id
    )
    values |= {"version": question.version + 1}
    return _question((await tx.run(statement.values(**values).returning(*nps_questions.c))).one())


async def answers(connection: Connection, tenant: str, since: datetime) -> Nps:
    """The answers that were given since then."""
    query = select(nps_questions.c.score, func.count()).where(
        nps_questions.c.tenant == tenant, nps_questions.c.answered_at >= since, nps_questions.c.score.is_not(None)
    )
    rows = await connection.execute(query.group_by(nps_questions.c.score))
    return Nps({int(score): int(count) for score, count in rows})
