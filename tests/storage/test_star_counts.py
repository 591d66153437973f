"""Counts of stars and of probes: the same figures with them as without, and nothing else read of what they count."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from bot.access.model import TENANT, Role
from bot.kernel.task_type import TaskType
from bot.quality.model import Floors
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction
from storage.people import people
from storage.quality import calibration, folds
from storage.quality import ratings as given
from storage.tables.briefs import briefs, drafts
from storage.tables.quality import probes, ratings, verdicts
from tests.briefs import made_up

FLOORS = Floors()
DAYS = 40
Figures = tuple[Mapping[int, int], tuple[int, int]]


async def a_history(database: Database) -> None:
    """A brief a day, each with a verdict, a rating of 1 to 5 stars and a probe of which every third passed."""

    async def work(tx: Transaction) -> None:
        client = await people.enroll(tx, TENANT, 1, "Alice", Role.CLIENT, "en")
        for day in range(DAYS):
            base = {"tenant": TENANT, "created_at": tx.now - timedelta(days=day)}
            kind = {"task_type": (TaskType.DRAFTING, TaskType.RESEARCH)[day % 2]}
            brief = base | kind | {"client_id": client.id, "chat_id": 1, "source_key": str(day), "title": ""}
            brief |= {"text": "", "state": "paid", "qa_target": 80, "language": "en", "price_minor": 1}
            brief |= {"currency": "USD", "updated_at": tx.now}
            of = {"brief_id": (await tx.run(briefs.insert().returning(briefs.c.id), brief)).scalar_one()}
            draft = base | of | {"attempt": 1, "text": "", "content_hash": "", "model": ""}
            draft_id = (await tx.run(drafts.insert().returning(drafts.c.id), draft)).scalar_one()
            verdict = {"draft_id": draft_id, "content_hash": "", "target": 80, "passed": True, "audited": False}
            await tx.run(verdicts.insert(), base | of | kind | verdict | {"blind": False, "judge_model": ""})
            await tx.run(ratings.insert(), base | of | kind | {"client_id": client.id, "stars": 1 + day % 5})
            probe = base | of | kind | {"golden": "", "judge_model": "", "passed": day % 3 == 0}
            await tx.run(probes.insert(), probe)

    await database.write(work)


async def figures(database: Database, since: datetime, task_type: TaskType | None = None) -> Figures:
    async def work(connection: Connection) -> Figures:
        stars = await calibration.stars(connection, TENANT, since, FLOORS, task_type)
        return stars, await calibration.probes_caught(connection, TENANT, since, FLOORS, task_type)

    return await database.snapshot(work)


async def count_all(database: Database) -> None:
    now = database.clock.now()

    async def work(tx: Transaction) -> None:
        due = await folds.due(tx.connection, TENANT, now - timedelta(days=730), now, FLOORS)
        await folds.fold(tx, TENANT, due, FLOORS)

    await database.write(work)


async def test_the_same_stars_and_probes(database: Database) -> None:
    """Uncounted and counted, from any moment on, of one type or of all, the figures are those of the rows."""
    await a_history(database)
    now = database.clock.now()
    asked = [(now - timedelta(days=days), of) for days in (100, 20.3, 1.5) for of in (None, TaskType.RESEARCH)]
    before = [await figures(database, *one) for one in asked]
    assert before[0] == ({1: 8, 2: 8, 3: 8, 4: 8, 5: 8}, (26, 40))
    await count_all(database)
    assert [await figures(database, *one) for one in asked] == before


async def test_what_is_counted_is_not_read(database: Database) -> None:
    """Of days that are counted no rating and no probe is looked at: they are in the figures though they are gone."""
    await a_history(database)
    await count_all(database)
    today = folds.day_of(database.clock.now())
    since = today - timedelta(days=30)
    before = await figures(database, since)

    async def work(tx: Transaction) -> None:
        for table in (ratings, probes):
            await tx.run(delete(table).where(table.c.created_at >= since, table.c.created_at < today - folds.SETTLED))

    await database.write(work)
    after = await figures(database, since)
    assert sum(after[0].values()) >= sum(before[0].values()) - 1  # of the day that is not over, or not for long
    assert after[1][1] >= before[1][1] - 1


async def test_stars_changed_later(database: Database) -> None:
    """Other stars for a brief whose day was counted take the place of the first ones at once, and after the count."""
    await a_history(database)
    await count_all(database)
    since = database.clock.now() - timedelta(days=100)
    async with database.reading() as connection:
        row = (await connection.execute(select(ratings).where(ratings.c.stars == 1).limit(1).offset(3))).one()
    brief = made_up("", TaskType(row.task_type), tenant=TENANT, id=row.brief_id, client_id=row.client_id)
    assert await database.write(lambda tx: given.rate(tx, brief, 5))
    expected = {1: 7, 2: 8, 3: 8, 4: 8, 5: 9}
    assert (await figures(database, since))[0] == expected
    await count_all(database)
    assert (await figures(database, since))[0] == expected


async def test_stars_behind_a_revision(database: Database) -> None:
    """Stars of which a revision came stay as they are."""
    await a_history(database)
    async with database.reading() as connection:
        row = (await connection.execute(select(ratings).where(ratings.c.stars == 1).limit(1))).one()
    brief = made_up("", TaskType(row.task_type), tenant=TENANT, id=row.brief_id, client_id=row.client_id)
    its = ratings.c.id == row.id
    await database.write(lambda tx: tx.run(update(ratings).where(its).values(revision_id=row.brief_id)))
    assert not await database.write(lambda tx: given.rate(tx, brief, 5))
