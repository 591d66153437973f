"""Models that do not answer: the judge is asked so often and no more, a probe is repeated, a missing model is told."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from bot.briefs.material import Submission
from bot.briefs.model import Brief, State
from bot.drafting.asking import MOST_TRIES
from bot.drafting.judging import PROBE
from bot.kernel.errors import ProviderError
from bot.kernel.task_type import TaskType
from bot.kernel.tasks import RunAgain, Task
from bot.quality.model import Criterion, Evaluation, Result
from sandbox.faults import Fault
from storage.briefs import briefs, drafts
from storage.engine.database import Transaction
from storage.queue.tries import PAID_TRIES, Tries, after
from storage.tables.models import model_calls
from storage.tables.quality import probes
from tests.clock import SimulatedClock
from tests.consents import client_allows
from tests.desk import Desk, desk
from tests.house import BRIEF, Providers
from tests.storage.watching import Heard

TEXT = "Nordwind delivers within 48 hours. Every parcel is insured up to 500 EUR. Pickup is free."
NEVER = Fault("POST .*/chat/completions", "status", times=None, status=408)
REFUSED = Fault("POST .*/chat/completions", "status", times=None, status=404)


@pytest.fixture
async def here(stand_ins: Providers, database_url: str) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url) as made:
        yield made


async def drafted(here: Desk, *states: State, author: int | None = None) -> Brief:
    """A brief of Alice's with a draft, taken through these states."""
    alice = await here.person(here.alice)
    quoted = await here.app.services.intake.briefs.submit(
        alice, alice.telegram_id, "test", Submission(BRIEF, TaskType.DRAFTING)
    )

    async def work(tx: Transaction) -> Brief:
        brief = await briefs.move(tx, quoted, State.QUEUED, attempt=1)
        draft = await drafts.add_draft(tx, brief, 1, TEXT, "gpt-6-luna", author_id=author)
        for state in (State.DRAFTING, *states):
            brief = await briefs.move(tx, brief, state, draft_id=draft.id)
        return brief

    return await here.app.services.database.write(work)


async def rows(here: Desk, query: Any) -> Sequence[Any]:
    async with here.app.services.database.reading() as connection:
        return (await connection.execute(query)).all()


async def test_a_judge_that_never_answers(here: Desk, stand_ins: Providers) -> None:
    """It is asked as often as may be, each time counted at its price; then a person has the brief, with the reason."""
    brief = await drafted(here, State.JUDGING)
    stand_ins.openai.faults.add(NEVER)
    for _ in range(MOST_TRIES - 1):
        with pytest.raises(ProviderError) as caught:
            await here.app.services.drafting.advance(brief.id)
        assert not caught.value.permanent
    await here.app.services.drafting.advance(brief.id)
    stopped = await here.app.services.intake.briefs.get(await here.person(here.bob), brief.id)
    assert (stopped.state, stopped.failed_from) == (State.FAILED, State.JUDGING)
    assert f"{MOST_TRIES} times" in (stopped.reason or "")
    calls = await rows(here, select(model_calls.c.outcome, model_calls.c.cost_micro_usd))
    assert [call.outcome for call in calls] == ["failed"] * MOST_TRIES
    assert min(call.cost_micro_usd for call in calls) > 0
    assert "Stopped by a fault" in (await here.told(here.bob.id))[-1].text


async def test_a_judge_that_answers_now_and_then(here: Desk, stand_ins: Providers) -> None:
    """Each look that it gives has the count begin anew: a brief that gets on is not stopped."""
    brief = await drafted(here, State.JUDGING)
    assert brief.draft_id is not None
    stand_ins.openai.faults.add(NEVER)
    for _ in range(MOST_TRIES - 1):
        with pytest.raises(ProviderError):
            await here.app.services.drafting.advance(brief.id)
    good = tuple(Result(criterion, 95, "It is good.") for criterion in Criterion)
    look = Evaluation(brief.draft_id, 1, good, 9_500, True, "gpt-6.1-terra")  # another one is wanted before it passes
    await here.app.services.database.write(lambda tx: drafts.add_evaluation(tx, brief, look))
    with pytest.raises(ProviderError, match="gave up"):
        await here.app.services.drafting.advance(brief.id)
    assert (await here.app.services.intake.briefs.get(await here.person(here.bob), brief.id)).state is State.JUDGING


async def test_an_edited_text_that_is_never_judged(here: Desk, stand_ins: Providers) -> None:
    """The judge of a person's own text is bounded as well: then it is put before people without a score."""
    bob = await here.person(here.bob)
    brief = await drafted(here, State.JUDGING, State.IN_REVIEW, author=bob.id)
    assert brief.draft_id is not None
    judging = here.app.services.drafting.judging
    stand_ins.openai.faults.add(NEVER)
    for _ in range(MOST_TRIES - 1):
        with pytest.raises(ProviderError):
            await judging.rejudge(brief.draft_id)
    await judging.rejudge(brief.draft_id)
    stand_ins.openai.faults.clear()
    await judging.rejudge(brief.draft_id)
    assert len(await rows(here, select(model_calls.c.id))) == MOST_TRIES
    assert (await here.says(here.bob, f"/brief_{brief.id}")).text.startswith(
        f"<b>Brief {brief.id} · Needs your decision"
    )


async def test_a_probe_is_repeated(here: Desk, stand_ins: Providers) -> None:
    """A probe that the judge did not answer is tried again, each time counted at its price, as often as the queue tries
    what may have been paid; one that is answered is kept, and not put once more.
    """
    brief = await drafted(here, State.JUDGING, State.IN_REVIEW)
    await client_allows(here.app.services, brief.client_id)
    judging = here.app.services.drafting.judging
    stand_ins.openai.faults.add(NEVER)
    watch = Heard()
    tries = Tries()
    for _ in range(2):
        with pytest.raises(ProviderError) as caught:
            await judging.probe(brief.id)
        following = await after(caught.value, Task(PROBE, brief.id), tries, watch)
        assert following.delay is not None
        tries = following.tries
    assert (tries.faults, watch.given_up_tasks) == (2, [])
    last = await after(caught.value, Task(PROBE, brief.id), Tries(PAID_TRIES - 1, PAID_TRIES - 1), watch)
    assert last.delay is None
    assert len(watch.given_up_tasks) == 1
    stand_ins.openai.faults.clear()
    await judging.probe(brief.id)
    await judging.probe(brief.id)
    assert len(await rows(here, select(probes.c.id).where(probes.c.brief_id == brief.id))) == 1
    calls = await rows(here, select(model_calls.c.outcome, model_calls.c.cost_micro_usd).order_by(model_calls.c.id))
    assert [call.outcome for call in calls] == ["failed", "failed", "ok"]
    assert min(call.cost_micro_usd for call in calls) > 0


async def test_a_probe_that_is_refused(here: Desk, stand_ins: Providers) -> None:
    """What the provider refuses for good is not asked again, and nothing is kept of it."""
    brief = await drafted(here, State.JUDGING, State.IN_REVIEW)
    await client_allows(here.app.services, brief.client_id)
    stand_ins.openai.faults.add(REFUSED)
    await here.app.services.drafting.judging.probe(brief.id)
    assert await rows(here, select(probes.c.id)) == []


async def test_a_probe_without_room(stand_ins: Providers, database_url: str) -> None:
    """Under a ceiling that is reached a probe waits for room, and is not forgotten."""
    async with desk(stand_ins, database_url, ceiling_day_usd="0.000001") as here:
        brief = await drafted(here, State.JUDGING, State.IN_REVIEW)
        await client_allows(here.app.services, brief.client_id)
        with pytest.raises(RunAgain):
            await here.app.services.drafting.judging.probe(brief.id)


async def test_a_model_that_is_missing(stand_ins: Providers, database_url: str) -> None:
    """Admins, and nobody else, hear once of a model that the provider does not list, and which setting names it."""
    clock = SimulatedClock(datetime(2026, 11, 10, tzinfo=UTC))
    async with desk(stand_ins, database_url, clock, judge_model="gpt-nobody-knows") as here:
        lifetimes = here.app.services.alerts.lifetimes
        heard = []
        for days in (0, 1, 31):
            clock.passes(days=days)
            assert "gpt-nobody-knows is not in the list" in await lifetimes.look()
            heard.append([card.text for card in await here.told(here.carol.id)])
        assert [len(texts) for texts in heard] == [1, 1, 1]
        assert "Models · gpt-nobody-knows is not in the provider's list" in heard[0][0]
        assert "JUDGE_MODEL uses it" in heard[0][0]
        assert await here.told(here.bob.id) == []


@pytest.mark.parametrize("status", [403, 405, 500])
async def test_a_provider_without_a_list(stand_ins: Providers, sqlite_url: str, status: int) -> None:
    """Where models cannot be listed, the daily look says so and does not fail each day."""
    stand_ins.openai.faults.add(Fault("GET .*/models$", "status", times=None, status=status))
    async with desk(stand_ins, sqlite_url) as here:
        assert "the provider lists none" in await here.app.services.alerts.lifetimes.look()
        assert await here.told(here.carol.id) == []


async def test_a_list_that_is_empty(stand_ins: Providers, database_url: str) -> None:
    """A provider that lists no models says nothing about any of them."""
    stand_ins.openai.faults.add(Fault("GET .*/models$", "status", status=200, body='{"object": "list", "data": []}'))
    async with desk(stand_ins, database_url) as here:
        assert "not in the list" not in await here.app.services.alerts.lifetimes.look()
        assert await here.told(here.carol.id) == []
