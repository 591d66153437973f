"""Counts of the gate's verdicts: the same figures with them as without."""

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import astuple
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from bot.access.model import Role
from bot.kernel.task_type import TaskType
from bot.quality.model import CRITERIA, Floors
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction
from storage.people import people
from storage.quality import calibration, folds
from storage.tables.briefs import briefs, drafts, evaluations
from storage.tables.quality import prompts, verdict_counts, verdict_folds, verdicts

TENANT, DAYS, EACH_DAY = "main", 70, 6
FLOORS = Floors()
HUMAN = (None, None, "approved", "approved", "rejected", "edited")
Figures = tuple[Counter[Any], Counter[Any]]


async def a_history(database: Database) -> None:
    """Verdicts of 70 days: of two judges and two types, some under a floor, flagged, or still being audited."""
    chance = random.Random(7)

    async def work(tx: Transaction) -> None:
        client = await people.enroll(tx, TENANT, 1, "Alice", Role.CLIENT, "en")
        prompt = {"tenant": TENANT, "purpose": "draft", "task_type": "", "version": 4, "system": "", "changelog": ""}
        prompt |= {"active": True, "created_at": tx.now}
        prompt_id = (await tx.run(prompts.insert().returning(prompts.c.id), prompt)).scalar_one()
        for number in range(DAYS * EACH_DAY):
            await _verdict(tx, client.id, number, chance.choice((None, prompt_id)), chance)

    await database.write(work)


async def _verdict(tx: Transaction, client_id: int, number: int, prompt_id: int | None, chance: random.Random) -> None:
    at = tx.now - timedelta(days=number / EACH_DAY + chance.random() / 10)
    base = {"tenant": TENANT, "created_at": at}
    brief = base | {"client_id": client_id, "chat_id": 1, "source_key": str(number), "title": "", "text": ""}
    brief |= {"task_type": "Drafting", "state": "paid", "qa_target": 80, "language": "en", "price_minor": 1}
    brief |= {"currency": "USD", "updated_at": at, "flags": chance.choice((None, [], [], ["override"]))}
    brief_id = (await tx.run(briefs.insert().returning(briefs.c.id), brief)).scalar_one()
    draft = base | {"brief_id": brief_id, "attempt": 1, "text": "", "content_hash": "", "model": ""}
    draft_id = (await tx.run(drafts.insert().returning(drafts.c.id), draft)).scalar_one()
    of = base | {"brief_id": brief_id, "draft_id": draft_id}
    scores = [{"criterion": c, "score": chance.choice((40, 90, 95)) if c == CRITERIA[0] else 90} for c in CRITERIA]
    judged = {"look": 1, "results": scores, "weighted": None, "passed": False, "model": ""}
    await tx.run(evaluations.insert(), of | judged)
    passed = chance.random() < 0.6
    human = chance.choice(HUMAN)
    verdict = of | {"content_hash": "", "task_type": chance.choice(("Drafting", "Research")), "passed": passed}
    verdict |= {"weighted": chance.choice((None, *range(7700, 8300, 50))), "target": chance.choice((78, 80))}
    verdict |= {"audited": passed and (human is not None or chance.random() < 0.2), "human": human}
    verdict |= {"blind": chance.random() < 0.3, "prompt_id": prompt_id, "judge_model": chance.choice("ab")}
    await tx.run(verdicts.insert(), verdict)


async def figures(database: Database, since: datetime, task_type: TaskType | None = None) -> Figures:
    """What is read by way of counts: tallies by kind, and labels by points."""

    async def work(connection: Connection) -> Figures:
        tallies = await calibration.tallies(connection, TENANT, since, FLOORS, task_type)
        labels = await calibration.labels(connection, TENANT, since, FLOORS, task_type)
        counted: Counter[Any] = Counter()
        for one in tallies:
            *kind, decisions, scored, weighted = astuple(one)
            for name, number in (("decisions", decisions), ("scored", scored), ("weighted", weighted)):
                counted[name, *kind] += number
        read: Counter[Any] = Counter()
        for label in labels:
            *of, times = astuple(label)
            read[tuple(of)] += times
        return counted, read

    return await database.snapshot(work)


async def expected(database: Database, since: datetime, task_type: TaskType | None = None) -> Figures:
    """The same from the rows, one by one."""
    counted: Counter[Any] = Counter()
    read: Counter[Any] = Counter()
    for row in await _rows(database):
        if row.created_at < since or (row.audited and row.human is None) or task_type not in (None, row.task_type):
            continue
        good = None if row.human is None else row.human == "approved"
        kind = (row.version, row.judge_model, row.passed, row.blind, good)
        counted["decisions", *kind] += 1
        counted["scored", *kind] += row.weighted is not None
        counted["weighted", *kind] += row.weighted or 0
        under = any(result["score"] < FLOORS.of(CRITERIA[0]) for result in row.results)
        if good is None or row.weighted is None:
            continue
        if row.passed or not (row.weighted >= row.target * 100 or row.flags or under):
            read[row.task_type, row.judge_model, row.weighted // 100, good] += 1
    return counted, read


async def _rows(database: Database) -> Sequence[Any]:
    query = select(verdicts, briefs.c.flags, evaluations.c.results, prompts.c.version)
    query = query.join(briefs, briefs.c.id == verdicts.c.brief_id).outerjoin(prompts)
    query = query.join(evaluations, evaluations.c.draft_id == verdicts.c.draft_id)
    async with database.reading() as connection:
        return (await connection.execute(query)).all()


async def count_all(database: Database) -> int:
    """Count what is due, as the job does; returns how many stretches that were."""
    now = database.clock.now()

    async def work(tx: Transaction) -> int:
        due = await folds.due(tx.connection, TENANT, now - timedelta(days=730), now, FLOORS)
        await folds.fold(tx, TENANT, due, FLOORS)
        return len(due)

    return await database.write(work)


async def test_the_same_figures(database: Database) -> None:
    """Uncounted, counted, and read from any moment on, of one type or of all, the figures are those of the rows."""
    await a_history(database)
    now = database.clock.now()
    spans = [now - timedelta(days=days) for days in (200, 100, 69.3, 33.7, 1.5)]
    before = [await figures(database, since) for since in spans]
    assert before == [await expected(database, since) for since in spans]
    assert all(sum(labels.values()) for _, labels in before)
    assert await count_all(database) > DAYS - 5
    assert await count_all(database) == 0
    assert [await figures(database, since) for since in spans] == before
    research = await figures(database, spans[2], TaskType.RESEARCH)
    assert research == await expected(database, spans[2], TaskType.RESEARCH)


@pytest.mark.both_databases
async def test_counted_by_two_at_once(database: Database) -> None:
    """Where two count the same days at once, neither fails, and the figures are the same."""
    await a_history(database)
    since = database.clock.now() - timedelta(days=33.7)
    before = await figures(database, since)
    assert max(await asyncio.gather(*(count_all(database) for _ in range(3)))) > DAYS - 5
    assert await figures(database, since) == before


async def test_long_stretches(database: Database) -> None:
    """Once all is counted, what lies between the first whole day and today is read in few stretches."""
    await a_history(database)
    await count_all(database)
    now = database.clock.now()
    async with database.reading() as connection:
        parts = await folds.parts(connection, TENANT, now - timedelta(days=200), now, FLOORS)
    read = sum(((until - since) for since, until in parts.between[1:]), timedelta())
    assert read < timedelta(days=1) + folds.SETTLED
    assert len(parts.folds) < 7 + 7 + 3


async def test_a_longer_stretch_is_added_up(database: Database) -> None:
    """A stretch of days is made of their counts: a change of a verdict that nobody told of does not show in it."""
    await a_history(database)
    number = _days_ago(database, 30) // 8
    days = [(folds.DAY, day) for day in range(number * 8, number * 8 + 8)]
    await database.write(lambda tx: folds.fold(tx, TENANT, days, FLOORS))
    before = await scored(database, folds.DAY)
    await database.write(lambda tx: tx.run(update(verdicts).values(weighted=None)))
    await database.write(lambda tx: folds.fold(tx, TENANT, [(8, number)], FLOORS))
    assert await scored(database, 8) == before > 0


async def scored(database: Database, days: int) -> int:
    """How many decisions with a score are counted in stretches of so many days."""
    query = select(func.sum(verdict_counts.c.scored)).join(
        verdict_folds, verdict_folds.c.id == verdict_counts.c.fold_id
    )
    async with database.reading() as connection:
        return int((await connection.execute(query.where(verdict_folds.c.days == days))).scalar_one())


async def test_a_late_label(database: Database) -> None:
    """What is decided or flagged after its day was counted is in the figures at once, and is counted the next time."""
    await a_history(database)
    await count_all(database)
    since = database.clock.now() - timedelta(days=100)
    for row in (await _rows(database))[200:203]:

        async def work(tx: Transaction, row: Any = row) -> None:
            await tx.run(update(verdicts).where(verdicts.c.id == row.id).values(human="rejected"))
            await tx.run(update(briefs).where(briefs.c.id == row.brief_id).values(flags=["override"]))
            await folds.unfold(tx, TENANT, row.created_at)

        await database.write(work)
        assert await figures(database, since) == await expected(database, since)
    assert await count_all(database) > 0
    assert await figures(database, since) == await expected(database, since)


async def test_other_floors(database: Database) -> None:
    """Counts made with other floors are not read, and are replaced."""
    await a_history(database)
    await database.write(lambda tx: folds.fold(tx, TENANT, [(1, _days_ago(database, 9))], Floors({CRITERIA[0]: 1})))
    since = database.clock.now() - timedelta(days=100)
    assert await figures(database, since) == await expected(database, since)
    await count_all(database)
    async with database.reading() as connection:
        found = await connection.execute(select(verdict_folds.c.floors, func.count()).group_by(verdict_folds.c.floors))
        assert [floors for floors, _ in found] == [folds.named(FLOORS)]


def _days_ago(database: Database, days: int) -> int:
    return folds.number_of(database.clock.now() - timedelta(days=days), folds.DAY)
