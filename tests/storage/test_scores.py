"""One rule for a draft's score and one clock for its wait, wherever they are read."""

from datetime import timedelta

from bot.access.model import Role
from bot.briefs.mirror import JOB_LOG
from bot.briefs.model import Brief, Draft, State
from bot.kernel.task_type import TaskType
from bot.quality.model import CRITERIA, Floors, Result, evaluate
from bot.reports.service import Reports
from bot.tenants.service import Tenants
from bot.tenants.settings import WordSettings
from storage.briefs import briefs, drafts
from storage.engine.database import Database, Transaction
from storage.people import people
from storage.quality import prompts, verdicts
from storage.tables.briefs import briefs as table
from storage.tables.briefs import drafts as drafts_table
from tests.mirror import row_of

LOOKS = (70, 90, 86)  # their median is 86, their lowest 70


async def put(tx: Transaction, looks: tuple[int, ...], key: str = "1", state: State = State.IN_REVIEW) -> Brief:
    """A brief whose draft was looked at so often, and came before people three hours ago."""
    alice = await people.enroll(tx, "main", 1001, "Alice", Role.CLIENT, "en")
    at = tx.now - timedelta(hours=3)
    values = {"tenant": "main", "client_id": alice.id, "chat_id": 1001, "task_type": TaskType.DRAFTING, "title": key}
    values |= {"text": "t", "state": state, "qa_target": 80, "language": "en", "price_minor": 1, "currency": "USD"}
    brief, _ = await briefs.add(tx, key, values | {"in_review_at": at})
    draft_id = (
        await tx.run(
            drafts_table.insert().returning(drafts_table.c.id),
            {"tenant": "main", "brief_id": brief.id, "attempt": 1, "text": "t", "content_hash": "h", "model": "m",
             "created_at": at},
        )
    ).scalar_one()  # fmt: skip
    for look, points in enumerate(looks, 1):
        results = [Result(criterion, points, "") for criterion in CRITERIA]
        evaluation = evaluate(draft_id, look, results, target=80, floors=Floors(), model="m")
        await drafts.add_evaluation(tx, brief, evaluation)
    return await briefs.change(tx, brief, draft_id=draft_id)


async def the_draft(tx: Transaction, brief: Brief) -> Draft:
    assert brief.draft_id is not None
    return await drafts.load_draft(tx.connection, brief.draft_id)


async def test_the_gates_score_is_the_score(database: Database) -> None:
    """Of several looks at a draft, the report, Notion and the prompt's record count what the gate counted."""

    async def work(tx: Transaction) -> int:
        brief = await put(tx, LOOKS)
        version = await prompts.add(
            tx,
            {"tenant": "main", "purpose": "draft", "task_type": "", "version": 1, "system": "s", "changelog": "c",
             "author_id": None},
        )  # fmt: skip
        assert version is not None
        await tx.run(drafts_table.update().values(prompt_id=version.id))
        draft = await the_draft(tx, brief)
        await verdicts.add_verdict(tx, brief, draft, weighted=8_600, passed=True, blind=False, judge_model="m")
        await drafts.add_decision(tx, brief, draft, "approved", None)
        record = await prompts.record(tx.connection, version)
        assert record.mean_score == 86
        return brief.id

    number = await database.write(work)
    assert await shown(database, number) == (86, 86)


async def test_without_the_gates_say(database: Database) -> None:
    """A draft that people alone decided on, as an edited one, has the score by the same rule: that of one look, of two
    that differ the worse, of three the median.
    """
    for key, (looks, score) in enumerate([((70,), 70.0), ((70, 90), 70.0), (LOOKS, 86.0), ((), None)]):

        async def work(tx: Transaction, key: str = str(key), looks: tuple[int, ...] = looks) -> int:
            return (await put(tx, looks, key)).id

        number = await database.write(work)
        async with database.reading() as connection:
            assert (await row_of(connection, JOB_LOG, number))["Score"] == score


async def shown(database: Database, number: int) -> tuple[float | None, float | None]:
    """The score in Notion's row, and in today's report."""
    now = database.clock.now()
    day = await Reports(database, Tenants(database, WordSettings())).day(
        "main", now - timedelta(hours=1), now + timedelta(hours=1)
    )
    async with database.reading() as connection:
        return (await row_of(connection, JOB_LOG, number))["Score"], day.quality


async def test_an_edit_does_not_shorten_the_wait(database: Database) -> None:
    """A draft that came before people three hours ago has waited for three hours, though it was changed just now; and
    the one that has waited longest is named, whichever is the older brief.
    """

    async def work(tx: Transaction) -> tuple[int, int]:
        older, longest = await put(tx, (70,), "1"), await put(tx, (70,), "2")
        await tx.run(table.update().where(table.c.id == older.id).values(in_review_at=tx.now))
        return older.id, longest.id

    _, longest = await database.write(work)
    now = database.clock.now()
    day = await Reports(database, Tenants(database, WordSettings())).day("main", now - timedelta(hours=1), now)
    assert day.to_decide == 2
    assert day.oldest_to_decide is not None
    assert day.oldest_to_decide >= timedelta(hours=3)
    async with database.reading() as connection:
        named = await briefs.longest_in_review(connection, "main")
    assert named is not None
    assert (named.id, now - named.since > timedelta(hours=2)) == (longest, True)
