"""What self_heal mends and retry_failed tries again: each kind is planted; a quiet system is left as it is."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select, update

from bot.access.model import TENANT, Role
from bot.alerts.raising import raise_
from bot.briefs.material import Submission
from bot.briefs.model import PRODUCE, Brief, State
from bot.kernel.errors import ProviderError, Unreadable
from bot.kernel.task_type import TaskType
from bot.kernel.tasks import Pool, Task
from bot.messages.service import TELEGRAM
from jobs.job import JOB_RUN
from jobs.machinery.healing import MOST_TRIES, retry_failed, self_heal
from jobs.ops import janitor
from jobs.worker.giving_up import Watcher
from storage.briefs import briefs
from storage.core import job_runs, outbox
from storage.engine.database import Transaction
from storage.engine.types import EPOCH
from storage.people import people
from storage.queue.tries import passes
from storage.tables.briefs import attachments
from storage.tables.briefs import briefs as brief_rows
from storage.tables.core import outbox as outbox_rows
from tests.clock import SimulatedClock
from tests.desk import Desk, desk
from tests.house import BRIEF, Providers

THURSDAY = datetime(2026, 11, 26, 10, 2, tzinfo=UTC)
QUIET = "nothing to mend"
REVIEW = (State.QUEUED, State.DRAFTING, State.JUDGING, State.IN_REVIEW)


@pytest.fixture
async def clock() -> SimulatedClock:
    return SimulatedClock(THURSDAY)


@pytest.fixture
async def home(stand_ins: Providers, database_url: str, clock: SimulatedClock) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url, clock, notion_token=None, notion_parent_page_id="") as made:
        yield made


async def handed_in(home: Desk, *states: State, key: str = "1") -> Brief:
    """A brief of Alice's that went through these states."""
    alice = await home.person(home.alice)
    quoted = await home.app.services.intake.briefs.submit(
        alice, home.alice.id, f"test:{key}", Submission(BRIEF, TaskType.DRAFTING)
    )

    async def work(tx: Transaction) -> Brief:
        brief = quoted
        for state in states:
            brief = await briefs.move(tx, brief, state)
        return brief

    return await home.app.services.database.write(work)


async def test_a_quiet_system(home: Desk) -> None:
    """Where nothing is wrong, nothing is changed, and nobody is told."""
    await home.delivered(home.alice)
    told = len(await home.told(home.carol.id))
    assert await self_heal(home.app.services) == QUIET
    assert await retry_failed(home.app.services) == "0 tried again, of 0 that were given up for something that passes"
    assert len(await home.told(home.carol.id)) == told


async def test_work_that_stands_still(home: Desk, clock: SimulatedClock) -> None:
    """A brief whose task is gone is carried on, and admins read what was mended."""
    await handed_in(home, State.QUEUED)
    clock.passes(minutes=6)
    assert await self_heal(home.app.services) == "1 stuck work, continued"
    assert (await home.app.services.queue.load(Pool.MODELS)).ready == 1
    assert "Self-heal · Repaired" in (await home.told(home.carol.id))[-1].text


async def test_work_that_waits_for_its_turn(home: Desk, clock: SimulatedClock) -> None:
    """Of work whose task is there, waiting or running for long, nobody is told that it was mended."""
    brief = await handed_in(home, State.QUEUED)
    run = await home.app.services.database.write(lambda tx: job_runs.add(tx, TENANT, "backup", THURSDAY, "x"))
    assert run is not None
    waiting = (Task(PRODUCE, brief.id), Task(JOB_RUN, run))
    await home.app.services.database.write(lambda tx: home.app.services.queue.enqueue(tx, *waiting))
    clock.passes(minutes=30)
    assert await self_heal(home.app.services) == QUIET
    assert "taken up again" not in await janitor(home.app.services)


async def test_a_run_whose_task_is_gone(home: Desk, clock: SimulatedClock) -> None:
    """A run that was recorded and never begun is taken up again; one of yesterday is history."""
    database = home.app.services.database
    yesterday = THURSDAY - timedelta(days=2)
    await database.write(lambda tx: job_runs.add(tx, TENANT, "heartbeat", yesterday, "x"))
    run = await database.write(lambda tx: job_runs.add(tx, TENANT, "heartbeat", THURSDAY, "x"))
    clock.passes(minutes=6)
    await self_heal(home.app.services)
    assert (await home.app.services.queue.load(Pool.QUICK)).ready == 1
    assert run is not None
    await database.write(lambda tx: home.app.services.queue.drop(tx, Task(JOB_RUN, run)))
    assert await home.app.services.queue.waiting() == 0


@pytest.mark.parametrize("how", ["who may no longer decide", "without a time"])
async def test_a_claim_that_would_not_end(home: Desk, how: str) -> None:
    """It is over as if its time were; another's that is sound stays."""
    sound, astray = [await handed_in(home, *REVIEW, key=key) for key in ("sound", "astray")]
    bob, carol = await home.person(home.bob), await home.person(home.carol)

    async def claimed(tx: Transaction) -> None:
        ours = update(brief_rows).where(brief_rows.c.tenant == TENANT)
        await tx.run(ours.where(brief_rows.c.id == sound.id).values(claimed_by=carol.id, claimed_at=tx.now))
        at = None if how == "without a time" else tx.now
        await tx.run(ours.where(brief_rows.c.id == astray.id).values(claimed_by=bob.id, claimed_at=at))
        if at is not None:
            await people.set_role(tx, bob, Role.CLIENT)
            await tx.run(ours.where(brief_rows.c.id == astray.id).values(claimed_by=bob.id, claimed_at=at))

    await home.app.services.database.write(claimed)
    assert await self_heal(home.app.services) == "1 claims of people who may no longer decide, ended"
    async with home.app.services.database.reading() as connection:
        query = select(brief_rows.c.id, brief_rows.c.claimed_at)
        kept = {name: at for name, at in await connection.execute(query)}
    assert kept == {sound.id: THURSDAY, astray.id: EPOCH}
    assert await self_heal(home.app.services) == QUIET


async def test_a_message_put_off_by_a_wrong_clock(home: Desk) -> None:
    """What waits for a day that is far is sent now; what waits for its next try is left alone."""
    database = home.app.services.database

    async def lost(tx: Transaction) -> None:
        for key, after in (("far", timedelta(days=400)), ("soon", timedelta(minutes=10))):
            await outbox.add(tx, TENANT, TELEGRAM, "1", {}, key=key, after=after)

    await database.write(lost)
    assert await self_heal(home.app.services) == "1 messages delayed by a wrong clock, sent now"
    async with database.reading() as connection:
        query = select(outbox_rows.c.key, outbox_rows.c.run_at).where(outbox_rows.c.key.in_(["far", "soon"]))
        due = {name: at for name, at in await connection.execute(query)}
    assert due == {"far": THURSDAY, "soon": THURSDAY + timedelta(minutes=10)}


async def test_a_discarded_file_that_was_left_over(home: Desk, clock: SimulatedClock) -> None:
    """It is deleted a day later; one that was just discarded can still be undone."""
    alice = await home.person(home.alice)

    async def discarded(tx: Transaction) -> None:
        for key, at in (("left", tx.now - timedelta(days=2)), ("new", tx.now)):
            row = {"tenant": TENANT, "person_id": alice.id, "source_key": key, "kind": "voice", "file_id": "x"}
            row |= {"name": "x", "mime_type": "audio/ogg", "size": 1, "dropped_at": at, "created_at": at}
            await tx.run(insert(attachments), row)

    await home.app.services.database.write(discarded)
    assert await self_heal(home.app.services) == "1 leftover discarded files, deleted"
    async with home.app.services.database.reading() as connection:
        assert list((await connection.execute(select(attachments.c.source_key))).scalars()) == ["new"]


async def given_up(home: Desk, brief: Brief, *, passing: bool) -> None:
    await Watcher(home.app.services).given_up(Task(PRODUCE, brief.id), "no answer in time", passing=passing)


async def state_of(home: Desk, brief: Brief) -> State:
    async with home.app.services.database.reading() as connection:
        return (await briefs.load(connection, brief.id)).state


async def test_what_passes_is_tried_again(home: Desk, clock: SimulatedClock) -> None:
    """A brief that was given up for a provider's silence goes on a quarter of an hour later, three times at most."""
    brief = await handed_in(home, State.QUEUED)
    for _ in range(MOST_TRIES):
        await given_up(home, brief, passing=True)
        assert "0 tried again" in await retry_failed(home.app.services)
        clock.passes(minutes=15)
        assert "1 tried again, of 1" in await retry_failed(home.app.services)
        assert await state_of(home, brief) is State.QUEUED
    await given_up(home, brief, passing=True)
    clock.passes(hours=6)
    assert "0 tried again, of 0" in await retry_failed(home.app.services)
    assert await state_of(home, brief) is State.FAILED


async def test_what_does_not_pass_waits_for_people(home: Desk, clock: SimulatedClock) -> None:
    """A refusal or a fault of ours is not tried again by itself."""
    brief = await handed_in(home, State.QUEUED)
    await given_up(home, brief, passing=False)
    clock.passes(hours=6)
    assert "0 tried again, of 0" in await retry_failed(home.app.services)
    assert await state_of(home, brief) is State.FAILED


async def test_nothing_is_tried_while_a_provider_is_down(home: Desk, clock: SimulatedClock) -> None:
    """It waits, counted, until the provider answers."""
    brief = await handed_in(home, State.QUEUED)
    await given_up(home, brief, passing=True)
    await home.app.services.database.write(
        lambda tx: raise_(tx, "provider_down", "The models", provider="The models", reason="no answer")
    )
    clock.passes(minutes=20)
    assert await retry_failed(home.app.services) == "1 wait until The models can be reached"
    assert await state_of(home, brief) is State.FAILED


async def test_a_person_was_first(home: Desk, clock: SimulatedClock) -> None:
    """What somebody had go on meanwhile is left alone, and is none of these any more."""
    brief = await handed_in(home, State.QUEUED)
    await given_up(home, brief, passing=True)
    bob = await home.person(home.bob)
    async with home.app.services.database.reading() as connection:
        stopped = await briefs.load(connection, brief.id)
    await home.app.services.briefs.failures.retry(bob, brief.id, stopped.version)
    clock.passes(minutes=20)
    assert "0 tried again, of 1" in await retry_failed(home.app.services)
    assert "0 tried again, of 0" in await retry_failed(home.app.services)


@pytest.mark.parametrize(
    ("error", "passing"),
    [
        (ProviderError("The model", "no answer in time", unknown=True), True),
        (ProviderError("The model", "refused", permanent=True), False),
        (Unreadable("The model", "no JSON"), False),
        (ValueError("our own fault"), False),
    ],
)
def test_what_passes(error: Exception, passing: bool) -> None:
    """Silence passes by itself; a refusal, an answer of no use and a fault of ours do not."""
    assert passes(error) is passing
