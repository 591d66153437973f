"""Queries on how the gate does: its decisions with people's labels, probes, ratings, and adopted lines."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Table, func, literal, or_, select

from bot.calibration.figures import Adopted, Decision, Labels, Opinions, Tally
from bot.calibration.learning import Judged
from bot.kernel.task_type import TaskType
from bot.quality.model import Floors
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.types import Bool, unindexed
from storage.engine.upsert import insert_new
from storage.quality import folds
from storage.tables.briefs import briefs, decisions, drafts, evaluations
from storage.tables.people import people
from storage.tables.quality import (
    adopted_lines,
    label_counts,
    probe_counts,
    prompts,
    star_counts,
    verdict_counts,
    verdicts,
)

APPROVED = "approved"
AFTER_ALL = datetime(9999, 1, 1, tzinfo=UTC)
NO = literal(False, Bool)


def _counts(tenant: str, since: datetime, task_type: TaskType | None) -> ColumnElement[bool]:
    """The verdicts that may be told of: a draft that is still being audited blind must not show in any figure."""
    told = (verdicts.c.tenant == tenant) & (verdicts.c.created_at >= since)
    told &= or_(verdicts.c.audited == NO, verdicts.c.human.is_not(None))
    return told if task_type is None else told & (verdicts.c.task_type == task_type)


async def decided(
    connection: Connection, tenant: str, since: datetime, task_type: TaskType | None = None
) -> list[Decision]:
    """The gate's decisions since then, oldest first; of one type where one is given. It may be long."""
    query = _DECISIONS.where(_counts(tenant, since, task_type)).order_by(verdicts.c.id)
    return [_decision(row) for row in await connection.execute(query)]


async def where_the_line_decides(connection: Connection, tenant: str, since: datetime, floors: Floors) -> set[int]:
    """Ids of the decisions since then that people made too, and that nothing but the score held or let pass."""
    decides = folds.line_decides(connection.dialect.name, floors)
    statement = (
        f"SELECT v.id FROM verdicts v WHERE {folds.TOLD} AND v.human IS NOT NULL AND v.weighted IS NOT NULL"  # noqa: S608
        f" AND {decides}"
    )
    values = {"tenant": tenant, "since": since, "until": AFTER_ALL}
    return set((await connection.execute(folds.timed(statement), values)).scalars())


async def worst(
    connection: Connection, tenant: str, since: datetime, task_type: TaskType | None, limit: int
) -> list[Decision]:
    """The decisions since then on which gate and person were furthest apart, furthest first."""
    apart = func.abs(verdicts.c.weighted - verdicts.c.target * 100)
    passed = verdicts.c.passed == literal(value=True, type_=Bool)
    query = _DECISIONS.where(_counts(tenant, since, task_type), verdicts.c.human.is_not(None), apart > 0)
    query = query.where(passed != (verdicts.c.human == APPROVED)).order_by(apart.desc(), verdicts.c.id).limit(limit)
    return [_decision(row) for row in await connection.execute(query)]


_DECISIONS = select(verdicts, prompts.c.version.label("prompt_version")).outerjoin(
    prompts, prompts.c.id == verdicts.c.prompt_id
)


def _decision(row: Any) -> Decision:
    return Decision(
        id=row.id,
        brief_id=row.brief_id,
        task_type=TaskType(row.task_type),
        weighted=row.weighted,
        target=row.target,
        passed=row.passed,
        human=row.human,
        blind=row.blind,
        prompt=row.prompt_version,
        judge_model=row.judge_model,
        created_at=row.created_at,
    )


async def tallies(
    connection: Connection, tenant: str, since: datetime, floors: Floors, task_type: TaskType | None = None
) -> list[Tally]:
    """How many decisions of each kind there were since then."""
    parts = await folds.parts(connection, tenant, since, AFTER_ALL, floors)
    sums: dict[tuple[Any, ...], list[int]] = {}
    counted = _of_folds(verdict_counts, tenant, parts, task_type, ("decisions", "scored", "weighted"))
    rows = (await connection.execute(counted)).all() if parts.folds else []
    for row in [*rows, *await _between(connection, tenant, parts, folds.decided(_of(task_type)), task_type)]:
        kind = (row.prompt_id, row.judge_model, bool(row.passed), bool(row.blind), row.good)
        of_kind = sums.setdefault(kind, [0, 0, 0])
        of_kind[:] = [sum(two) for two in zip(of_kind, map(int, row[-3:]), strict=True)]
    ids = {prompt_id for prompt_id, *_ in sums if prompt_id is not None}
    numbers = select(prompts.c.id, prompts.c.version).where(prompts.c.tenant == tenant, prompts.c.id.in_(ids))
    version = {prompt_id: number for prompt_id, number in await connection.execute(numbers)} if ids else {}
    return [
        Tally(version.get(prompt_id), judge, passed, blind, None if good is None else bool(good), *of_kind)
        for (prompt_id, judge, passed, blind, good), of_kind in sums.items()
    ]


async def labels(
    connection: Connection, tenant: str, since: datetime, floors: Floors, task_type: TaskType | None = None
) -> list[Labels]:
    """How people decided since then, by points, on what nothing but its score held or let pass."""
    parts = await folds.parts(connection, tenant, since, AFTER_ALL, floors)
    query = folds.labelled(connection.dialect.name, floors, _of(task_type))
    counted = _of_folds(label_counts, tenant, parts, task_type, ("labels",))
    rows = (await connection.execute(counted)).all() if parts.folds else []
    rows = [*rows, *await _between(connection, tenant, parts, query, task_type)]
    return [Labels(row.task_type, row.judge_model, row.points, bool(row.good), int(row.labels)) for row in rows]


def _of(task_type: TaskType | None, of: str = "v.") -> str:
    return "" if task_type is None else f"AND {of}task_type = :type"


def _of_folds(
    table: Table, tenant: str, parts: folds.Parts, task_type: TaskType | None, counts: tuple[str, ...]
) -> Select[Any]:
    """The sums of these counts over the parts that are counted, by all that tells rows apart."""
    kinds = [column for column in table.c if column.name not in {"id", "tenant", "fold_id", *counts}]
    sums = [func.sum(table.c[name]).label(name) for name in counts]
    query = select(*kinds, *sums).where(unindexed(table.c.tenant) == tenant, table.c.fold_id.in_(parts.folds))
    query = query.group_by(*kinds)
    return query if task_type is None else query.where(table.c.task_type == task_type)


async def _counted(
    connection: Connection,
    tenant: str,
    since: datetime,
    floors: Floors,
    task_type: TaskType | None,
    table: Table,
    of: str,
    statement: Callable[[str], str],
) -> list[Row[Any]]:
    """The table's counts since then, and the same of what is not counted yet. of: the column with the counts."""
    parts = await folds.parts(connection, tenant, since, AFTER_ALL, floors)
    query = _of_folds(table, tenant, parts, task_type, (of,))
    rows = (await connection.execute(query)).all() if parts.folds else []
    return [*rows, *await _between(connection, tenant, parts, statement(_of(task_type, "")), task_type)]


async def _between(
    connection: Connection, tenant: str, parts: folds.Parts, statement: str, task_type: TaskType | None
) -> list[Row[Any]]:
    """The same of what lies between, from the verdicts themselves."""
    found: list[Row[Any]] = []
    for since, until in parts.between:
        values = {"tenant": tenant, "since": since, "until": until} | ({} if task_type is None else {"type": task_type})
        found += (await connection.execute(folds.timed(statement), values)).all()
    return found


async def judge_of(connection: Connection, tenant: str, since: datetime, task_type: TaskType) -> str | None:
    """The model that judged the type's newest draft since then; None where there was none."""
    query = select(verdicts.c.judge_model).where(_counts(tenant, since, task_type))
    query = query.where(verdicts.c.task_type == task_type).order_by(verdicts.c.id.desc()).limit(1)
    return (await connection.execute(query)).scalar_one_or_none()


async def past(
    connection: Connection, tenant: str, since: datetime, floors: Floors, task_type: TaskType, judge_model: str
) -> list[Judged]:
    """The type's decisions by that judge since then, alike ones together."""
    decides = folds.line_decides(connection.dialect.name, floors)
    points = f"CASE WHEN v.weighted IS NOT NULL AND {decides} THEN v.weighted / 100 END"
    statement = (
        f"SELECT {points} AS points, v.passed, {folds.GOOD} AS good, count(*) AS times FROM verdicts v"  # noqa: S608
        f" WHERE {folds.TOLD} AND v.task_type = :type AND v.judge_model = :judge GROUP BY 1, 2, 3"
    )
    values = {"tenant": tenant, "since": since, "until": AFTER_ALL, "type": task_type, "judge": judge_model}
    rows = await connection.execute(folds.timed(statement), values)
    return [
        Judged(
            weighted=None if row.points is None else row.points * 100,
            passed=bool(row.passed),
            bound=row.points is None,
            good=None if row.good is None else bool(row.good),
            created_at=since,
            times=row.times,
        )
        for row in rows
    ]


async def opinions(connection: Connection, tenant: str, verdict_id: int) -> Opinions | None:
    """What gate and person said of the same draft; None where no person decided on it."""
    query = (
        select(verdicts, briefs.c.title, drafts.c.text, decisions.c.reason, people.c.name)
        .join(briefs, briefs.c.id == verdicts.c.brief_id)
        .join(drafts, drafts.c.id == verdicts.c.draft_id)
        .join(people, people.c.id == verdicts.c.person_id)
        .outerjoin(
            decisions,
            (decisions.c.brief_id == verdicts.c.brief_id)  # by which they are found
            & (decisions.c.draft_id == drafts.c.id)
            & (decisions.c.person_id == verdicts.c.person_id),
        )
        .where(verdicts.c.tenant == tenant, verdicts.c.id == verdict_id)
        .order_by(decisions.c.id)
    )
    row = (await connection.execute(query)).first()
    if row is None:
        return None
    looks = select(evaluations.c.results).where(evaluations.c.tenant == tenant, evaluations.c.draft_id == row.draft_id)
    results = (await connection.execute(looks.order_by(evaluations.c.look))).scalars().first() or []
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
    connection: Connection, tenant: str, since: datetime, floors: Floors, task_type: TaskType | None = None
) -> tuple[int, int]:
    """Of the known-bad drafts put before the judge since then: how many it held, and how many there were."""
    counts: Counter[bool] = Counter()
    for row in await _counted(connection, tenant, since, floors, task_type, probe_counts, "probes", folds.probed):
        counts[bool(row.passed)] += int(row.probes)
    return counts[False], counts.total()


async def stars(
    connection: Connection, tenant: str, since: datetime, floors: Floors, task_type: TaskType | None = None
) -> Mapping[int, int]:
    """How many ratings there are of each number of stars."""
    counts: Counter[int] = Counter()
    for row in await _counted(connection, tenant, since, floors, task_type, star_counts, "ratings", folds.starred):
        counts[row.stars] += int(row.ratings)
    return counts


async def adopted(connection: Connection, tenant: str) -> Mapping[TaskType, Adopted]:
    """The newest adopted target of each type that has one."""
    newest = select(func.max(adopted_lines.c.id)).where(adopted_lines.c.tenant == tenant)
    query = select(adopted_lines, people.c.name).join(people, people.c.id == adopted_lines.c.person_id)
    query = query.where(adopted_lines.c.tenant == tenant)
    rows = await connection.execute(query.where(adopted_lines.c.id.in_(newest.group_by(adopted_lines.c.task_type))))
    return {TaskType(row.task_type): Adopted(row.id, row.target, row.name, row.created_at) for row in rows}


async def adopt(
    tx: Transaction, tenant: str, task_type: TaskType, target: int, replaces: int, evidence: Any, person_id: int
) -> bool:
    """Let the target count from now on; False where `replaces`, the newest one's id (0: none), was replaced before."""
    row = {"tenant": tenant, "task_type": task_type, "target": target, "replaces": replaces, "evidence": evidence}
    row |= {"person_id": person_id, "created_at": tx.now}
    return bool(await insert_new(tx, adopted_lines, row, "tenant", "task_type", "replaces"))
