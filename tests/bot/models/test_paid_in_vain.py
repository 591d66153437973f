"""What is paid for and leads to nothing is bounded, whatever ended the try: the last error says little of it."""

from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import select

from bot.briefs.material import Submission
from bot.briefs.model import Brief, State
from bot.drafting.asking import MOST_TRIES
from bot.drafting.judging import PROBE
from bot.kernel.errors import ProviderError
from bot.kernel.paying import one_try
from bot.kernel.task_type import TaskType
from bot.kernel.tasks import RunAgain, Task
from storage.briefs import briefs
from storage.queue.tries import PAID_TRIES, Tries, after
from storage.tables.models import model_calls
from tests.bot.models.test_unanswered import drafted
from tests.consents import client_allows
from tests.desk import Desk, desk
from tests.house import BRIEF, Providers
from tests.scripted_models import DRAFT, Body, completion, provider, refusal
from tests.storage.watching import Heard

FIRST = "gpt-6-luna"


def busy() -> Any:
    return refusal(429, "Rate limit reached", code="rate_limit_exceeded")


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a provider refuses for load is repeated without a pause."""
    monkeypatch.setattr("bot.models.guard.TRIES", 1)


@asynccontextmanager
async def asking(
    stand_ins: Providers, url: str, draft: Callable[[Body], Any], judged: Callable[[Body], Any] | None = None
) -> AsyncIterator[Desk]:
    async with provider(draft, judged) as base, desk(stand_ins, url, openai_base_url=base, preview=False) as here:
        yield here


async def queued(here: Desk) -> Brief:
    """A brief of Alice's that is to be drafted."""
    alice = await here.person(here.alice)
    brief = await here.app.services.intake.briefs.submit(
        alice, alice.telegram_id, "t", Submission(BRIEF, TaskType.DRAFTING)
    )
    database = here.app.services.database
    brief = await database.write(lambda tx: briefs.move(tx, brief, State.QUEUED))
    return await database.write(lambda tx: briefs.move(tx, brief, State.DRAFTING, attempt=1))


async def tried(here: Desk, brief: Brief) -> int:
    """Carry the brief on until it is stopped; how many tries that took."""
    for number in range(1, 3 * MOST_TRIES):
        try:
            await here.app.services.drafting.advance(brief.id)
        except ProviderError:
            continue
        stopped = await here.app.services.intake.briefs.get(await here.person(here.bob), brief.id)
        assert stopped.state is State.FAILED
        assert f"{MOST_TRIES} times in all" in (stopped.reason or "")
        return number
    raise AssertionError("no end")


async def calls(here: Desk) -> list[Any]:
    async with here.app.services.database.reading() as connection:
        return list((await connection.execute(select(model_calls).order_by(model_calls.c.id))).all())


async def test_the_first_is_cut_and_the_other_is_busy(stand_ins: Providers, database_url: str) -> None:
    """A drafter that is always cut off is asked five times, each counted, while the other model is busy; then a person
    has the brief.
    """

    def answer(body: Body) -> Any:
        return completion(DRAFT[:40], "length") if body["model"] == FIRST else busy()

    async with asking(stand_ins, database_url, answer) as here:
        assert await tried(here, await queued(here)) == MOST_TRIES
        assert [(call.model, call.outcome) for call in await calls(here)] == [(FIRST, "cut")] * MOST_TRIES


async def test_thoughts_ate_the_answer_and_more_room_is_over_the_rate(stand_ins: Providers, database_url: str) -> None:
    """A model whose second call, with more room, is refused for its rate is paid for the first one five times."""
    asked: Counter[bool] = Counter()

    def answer(body: Body) -> Any:
        more = body["max_completion_tokens"] > 8_000
        asked[more] += 1
        return busy() if more else completion("", "length")

    async with asking(stand_ins, database_url, answer) as here:
        assert await tried(here, await queued(here)) == MOST_TRIES
        assert asked == {False: MOST_TRIES, True: MOST_TRIES}


async def test_a_judge_in_no_shape_that_is_then_busy(stand_ins: Providers, database_url: str) -> None:
    """A judge whose first answer cannot be read, and who is busy when asked once more, is paid five times."""
    asked: Counter[str] = Counter()

    def judged(_: Body) -> Any:
        asked["judge"] += 1
        return completion("no JSON") if asked["judge"] % 2 else busy()

    async with asking(stand_ins, database_url, lambda _: completion(DRAFT), judged) as here:
        assert await tried(here, await drafted(here, State.JUDGING)) == MOST_TRIES
        assert len(await calls(here)) == MOST_TRIES


async def test_an_edited_text_whose_judge_is_then_busy(stand_ins: Providers, database_url: str) -> None:
    """So is the judge of a person's own text; then it is put before people without a score."""
    asked: Counter[str] = Counter()

    def judged(_: Body) -> Any:
        asked["judge"] += 1
        return completion("no JSON") if asked["judge"] % 2 else busy()

    async with asking(stand_ins, database_url, lambda _: completion(DRAFT), judged) as here:
        bob = await here.person(here.bob)
        brief = await drafted(here, State.JUDGING, State.IN_REVIEW, author=bob.id)
        assert brief.draft_id is not None
        for _ in range(MOST_TRIES - 1):
            with pytest.raises(ProviderError):
                await here.app.services.drafting.judging.rejudge(brief.draft_id)
        await here.app.services.drafting.judging.rejudge(brief.draft_id)
        await here.app.services.drafting.judging.rejudge(brief.draft_id)
        assert len(await calls(here)) == MOST_TRIES


@pytest.mark.parametrize("last", [ProviderError("The model", "too many requests"), RunAgain(3_600)])
async def test_a_try_that_was_paid_counts(stand_ins: Providers, database_url: str, last: Exception) -> None:
    """Whatever ends it, a try in which an answer was paid for counts among the paid ones; one without does not."""
    async with asking(stand_ins, database_url, lambda _: completion(DRAFT), lambda _: completion("")) as here:
        brief = await drafted(here, State.JUDGING, State.IN_REVIEW)
        await client_allows(here.app.services, brief.client_id)
        with one_try() as bill:
            await here.app.services.drafting.judging.probe(brief.id)
        assert bill.answered
        task, watch = Task(PROBE, brief.id), Heard()
        nearly = Tries(faults=PAID_TRIES - 1)
        assert (await after(last, task, nearly, watch)).delay is not None
        assert (await after(last, task, nearly, watch, bill)).delay is None
        assert len(watch.given_up_tasks) == 1
