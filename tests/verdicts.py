"""Decisions of the gate with people's labels, written as rows: a history that would take months by chat."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from bot.access.model import Role
from bot.briefs.model import State
from bot.kernel.ids import content_hash
from bot.kernel.task_type import TaskType
from bot.quality.model import CRITERIA
from storage.engine.database import Database, Transaction
from storage.people import people
from storage.tables.briefs import briefs, decisions, drafts, evaluations
from storage.tables.quality import verdicts

TENANT = "main"


async def gate_decided(
    database: Database,
    number: int,
    task_type: TaskType = TaskType.DRAFTING,
    *,
    points: int,
    passed: bool,
    human: str | None = None,
    scores: Sequence[int] = (),
    days_ago: float = 1,
    **columns: Any,
) -> int:
    """Write so many decisions on drafts of one delivered brief, which is Alice's; returns the brief's id.

    points: the score that counted. human: what Bob decided; of a draft that passed, in a blind audit.
    scores: the judge's by criterion, otherwise all as the points. columns: others of `verdicts`.
    """

    async def work(tx: Transaction) -> int:
        (alice,) = await people.with_roles(tx.connection, TENANT, Role.CLIENT)
        (bob,) = await people.with_roles(tx.connection, TENANT, Role.OPERATOR)
        at = tx.now - timedelta(days=days_ago)
        count = (await tx.run(select(func.count()).select_from(briefs))).scalar_one()
        brief = {"tenant": TENANT, "client_id": alice.id, "chat_id": alice.telegram_id, "source_key": f"seed:{count}"}
        brief |= {"task_type": task_type, "title": f"History {count}", "text": "What was asked for", "currency": "USD"}
        brief |= {"state": State.PAID, "qa_target": 80, "language": "en", "price_minor": 100}
        brief |= {"created_at": at, "updated_at": at}
        brief_id = (await tx.run(briefs.insert().returning(briefs.c.id), brief)).scalar_one()
        one = {"tenant": TENANT, "brief_id": brief_id, "created_at": at}
        texts = [f"Draft {n} of brief {brief_id}" for n in range(1, number + 1)]
        rows = [
            one | {"attempt": n, "text": text, "content_hash": content_hash(text), "model": "gpt-4o"}
            for n, text in enumerate(texts, 1)
        ]
        await tx.run(drafts.insert(), rows)
        ids = list((await tx.run(select(drafts.c.id).where(drafts.c.brief_id == brief_id))).scalars())
        told = {"weighted": points * 100, "passed": passed}
        results = [
            {"criterion": criterion, "score": score, "reason": f"{criterion} it is", "quote": ""}
            for criterion, score in zip(CRITERIA, scores or [points] * len(CRITERIA), strict=True)
        ]
        judge = {"model": "gpt-4o-mini", "look": 1, "results": results}
        await tx.run(evaluations.insert(), [one | told | judge | {"draft_id": draft_id} for draft_id in ids])
        verdict = one | told | {"task_type": task_type, "target": 80, "audited": passed and human is not None}
        verdict |= {"judge_model": "gpt-4o-mini", "human": human, "content_hash": "", "blind": False}
        if human is not None:
            verdict |= {"person_id": bob.id, "decided_at": at}
            label = one | {"person_id": bob.id, "verdict": human, "reason": "Because of that.", "content_hash": ""}
            await tx.run(decisions.insert(), [label | {"draft_id": draft_id} for draft_id in ids])
        await tx.run(verdicts.insert(), [verdict | {"draft_id": draft_id} | columns for draft_id in ids])
        return int(brief_id)

    return await database.write(work)
