"""Queries on how the gate does: its decisions with people's labels, probes, ratings, and adopted lines."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, literal, or_, select

from bot.calibration.figures import Adopted, Decision, Opinions
from bot.calibration.learning import Judged
from bot.kernel.task_type import TaskType
from bot.quality.model import Criterion, Floors
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.types import Flag
from storage.engine.upsert import insert_new
from storage.tables.briefs import briefs, decisions, drafts, evaluations
from storage.tables.people import people
from storage.tables.quality import adopted_lines, probes, prompts, ratings, verdicts

APPROVED = "approved"
NO = literal(False, Flag)


def _counts(tenant: str, since: datetime, task_type: TaskType | None) -> ColumnElement[bool]:
    """The verdicts that may be told of: a draft that is still being audited blind must not show in any figure."""
    told = (verdicts.c.tenant == tenant) & (verdicts.c.created_at >= since)
    told &= or_(verdicts.c.audited == NO, verdicts.c.human.is_not(None))
    return told if task_type is None else told & (verdicts.c.task_type == task_type)


async def decided(
    connection: Connection, tenant: str, since: datetime, floors: Floors, task_type: TaskType | None = None
) -> list[Decision]:
    """The gate's decisions since then, oldest first; of one type where one is given."""
    told = _counts(tenant, since, task_type)
    under = await _under_a_floor(connection, told, floors)
    query = (
        select(verdicts, briefs.c.flags, prompts.c.version.label("prompt_version"))
        .join(briefs, briefs.c.id == verdicts.c.brief_id)
        .outerjoin(prompts, prompts.c.id == verdicts.c.prompt_id)
        .where(told)
        .order_by(verdicts.c.id)
    )
    return [_decision(row, row.draft_id in under) for row in await connection.execute(query)]


def _decision(row: Any, under_a_floor: bool) -> Decision:
    reached = row.weighted is not None and row.weighted >= row.target * 100
    judged = Judged(
        weighted=row.weighted,
        passed=row.passed,
        bound=not row.passed and (reached or under_a_floor or bool(row.flags)),
        good=None if row.human is None else row.human == APPROVED,
        created_at=row.created_at,
    )
    return Decision(
        id=row.id,
        brief_id=row.brief_id,
        task_type=TaskType(row.task_type),
        target=row.target,
        human=row.human,
        blind=row.blind,
        prompt=row.prompt_version,
        judge_model=row.judge_model,
        judged=judged,
    )


async def _under_a_floor(connection: Connection, told: ColumnElement[bool], floors: Floors) -> frozenset[int]:
    """The held drafts that a look found under a floor: those would be held at any line."""
    query = select(evaluations.c.draft_id, evaluations.c.results)
    query = query.join(verdicts, verdicts.c.draft_id == evaluations.c.draft_id)
    return frozenset(
        draft_id
        for draft_id, results in await connection.execute(query.where(told, verdicts.c.passed == NO))
        if any(result["score"] < floors.of(Criterion(result["criterion"])) for result in results)
    )


async def opinions(connection: Connection, tenant: str, verdict_id: int) -> Opinions | None:
    """What gate and person said of the same draft; None where no person decided on it."""
    query = (
        select(verdicts, briefs.c.title, drafts.c.text, decisions.c.reason, people.c.name)
        .join(briefs, briefs.c.id == verdicts.c.brief_id)
        .join(drafts, drafts.c.id == verdicts.c.draft_id)
        .join(people, people.c.id == verdicts.c.person_id)
        .outerjoin(decisions, (decisions.c.draft_id == drafts.c.id) & (decisions.c.person_id == verdicts.c.person_id))
        .where(verdicts.c.tenant == tenant, verdicts.c.id == verdict_id)
        .order_by(decisions.c.id)
    )
    row = (await connection.execute(query)).first()
    if row is None:
        return None
    looks = select(evaluations.c.results).where(evaluations.c.draft_id == row.draft_id).order_by(evaluations.c.look)
    results = (await connection.execute(looks)).scalars().first() or []
    return Opinions(
        brief_id=row.brief_id,
        draft_id=row.draft_id,
        title=row.title,
        text=row.text,
        line=row.target,
        score=None if row.weighted is None else row.weighted // 100,
        passed=row.passed,
        reasons=[(result["criterion"], result["score"], result["reason"]) for result in results],
        human=row.human,
        person=row.name,
        why=row.reason,
        at=row.decided_at,
    )


async def probes_caught(
    connection: Connection, tenant: str, since: datetime, task_type: TaskType | None = None
) -> tuple[int, int]:
    """Of the known-bad drafts put before the judge since then: how many it held, and how many there were."""
    query = select(probes.c.passed, func.count()).where(probes.c.tenant == tenant, probes.c.created_at >= since)
    if task_type is not None:
        query = query.where(probes.c.task_type == task_type)
    counts = {passed: count for passed, count in await connection.execute(query.group_by(probes.c.passed))}
    return counts.get(False, 0), sum(counts.values())


async def stars(
    connection: Connection, tenant: str, since: datetime, task_type: TaskType | None = None
) -> Mapping[int, int]:
    """How many ratings there are of each number of stars."""
    query = select(ratings.c.stars, func.count()).join(briefs, briefs.c.id == ratings.c.brief_id)
    query = query.where(ratings.c.tenant == tenant, ratings.c.created_at >= since)
    if task_type is not None:
        query = query.where(briefs.c.task_type == task_type)
    return {given: count for given, count in await connection.execute(query.group_by(ratings.c.stars))}


async def adopted(connection: Connection, tenant: str) -> Mapping[TaskType, Adopted]:
    """The newest adopted line of each type that has one."""
    newest = select(func.max(adopted_lines.c.id)).where(adopted_lines.c.tenant == tenant)
    query = select(adopted_lines, people.c.name).join(people, people.c.id == adopted_lines.c.person_id)
    rows = await connection.execute(query.where(adopted_lines.c.id.in_(newest.group_by(adopted_lines.c.task_type))))
    return {TaskType(row.task_type): Adopted(row.id, row.target, row.name, row.created_at) for row in rows}


async def adopt(
    tx: Transaction, tenant: str, task_type: TaskType, target: int, replaces: int, evidence: Any, person_id: int
) -> bool:
    """Let the line count from now on; False where `replaces`, the newest one's id (0: none), was replaced before."""
    row = {"tenant": tenant, "task_type": task_type, "target": target, "replaces": replaces, "evidence": evidence}
    row |= {"person_id": person_id, "created_at": tx.now}
    return bool(await insert_new(tx, adopted_lines, row, "tenant", "task_type", "replaces"))
