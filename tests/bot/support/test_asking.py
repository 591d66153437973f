"""A draft whose client was asked something: it waits, it goes on with the answer, and nobody forgets it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from bot.access.model import Person
from bot.briefs.material import Submission
from bot.briefs.model import Brief, State
from bot.kernel.errors import Refusal, Stale
from bot.kernel.task_type import TaskType
from bot.services import Services
from bot.support.model import Sent
from storage.briefs import briefs, drafts
from storage.engine.database import Transaction
from tests.clock import SimulatedClock
from tests.desk import Desk, desk
from tests.house import OPEN_BRIEF, Providers

QUESTION, ANSWER = "How long does a delivery take?", "48 hours, at most."


@dataclass
class Asked:
    """A brief of Alice's in review, whose client Bob asked something."""

    home: Desk
    services: Services
    clock: SimulatedClock
    alice: Person
    bob: Person
    number: int
    version: int

    async def brief(self) -> Brief:
        """The brief as it is now."""
        async with self.services.database.reading() as connection:
            return await briefs.get(connection, "main", self.number)

    async def told(self, who: Person) -> str:
        """All that the outbox has for the person."""
        return "\n\n".join(card.text for card in await self.home.told(who.telegram_id))


async def in_review(home: Desk, alice: Person) -> Brief:
    """A brief whose first draft waits for a decision."""
    handed = Submission(OPEN_BRIEF, TaskType.DRAFTING)
    quoted = await home.app.services.intake.briefs.submit(alice, alice.telegram_id, "test:asked", handed)

    async def work(tx: Transaction) -> Brief:
        brief = await briefs.move(tx, await briefs.move(tx, quoted, State.QUEUED), State.DRAFTING, attempt=1)
        draft = await drafts.add_draft(tx, brief, 1, "Nordwind delivers soon.", "gpt-6-luna")
        brief = await briefs.move(tx, await briefs.change(tx, brief, draft_id=draft.id), State.JUDGING)
        return await briefs.move(tx, brief, State.IN_REVIEW)

    return await home.app.services.database.write(work)


@pytest.fixture
async def asked(stand_ins: Providers, database_url: str) -> AsyncIterator[Asked]:
    clock = SimulatedClock()
    async with desk(stand_ins, database_url, clock) as home:
        alice, bob = await home.person(home.alice), await home.person(home.bob)
        brief = await in_review(home, alice)
        services = home.app.services
        await services.support.team.ask_client(bob, brief.id, brief.version, QUESTION, key="test:question")
        yield Asked(home, services, clock, alice, bob, brief.id, brief.version)


async def test_the_answer_is_a_note_on_the_next_draft(asked: Asked) -> None:
    """The brief goes on to another draft with question and answer as its note, and the team is told; once."""
    for _ in range(2):
        await asked.services.support.threads.open(asked.alice, ANSWER, brief_id=asked.number, key="test:answer")
    brief = await asked.brief()
    assert (brief.state, brief.attempt, brief.asked_at) == (State.DRAFTING, 2, None)
    assert brief.note == f"Q: {QUESTION}\nA: {ANSWER}"
    assert "Its client answered" in await asked.told(asked.bob)
    assert (await asked.services.support.team.waiting(asked.bob)).count == 0


async def test_the_same_question_twice_is_one(asked: Asked) -> None:
    """A question that comes once more after a crash is asked once; one to a draft that changed since is not asked."""
    ask = asked.services.support.team.ask_client
    await ask(asked.bob, asked.number, asked.version, QUESTION, key="test:question")
    with pytest.raises(Stale):
        await ask(asked.bob, asked.number, asked.version, "And where?", key="test:another")
    assert (await asked.told(asked.alice)).count(QUESTION) == 1


async def test_a_file_is_no_answer(asked: Asked) -> None:
    """A file alone, which no draft could heed, is refused; the draft waits on."""
    with pytest.raises(Refusal, match="in words"):
        await asked.services.support.threads.open(
            asked.alice, "", brief_id=asked.number, file=Sent(asked.home.alice.id, 1, "hours.png")
        )
    assert (await asked.brief()).asked_at is not None


async def test_a_decision_ends_the_wait(asked: Asked) -> None:
    """Who decides without the answer may; what the client writes then waits for the team as any message does."""
    brief = await asked.brief()
    await asked.services.review.decisions.approve(asked.bob, brief.id, brief.version)
    thread = await asked.services.support.threads.open(asked.alice, ANSWER, brief_id=asked.number)
    assert ((await asked.brief()).state, thread.waits) == (State.APPROVED, True)


async def test_it_is_not_forgotten(asked: Asked) -> None:
    """While the client may answer nobody is reminded; after the time of the last level all are."""
    asked.clock.passes(hours=23)
    await asked.services.escalation.escalate("main")
    assert "still waits for a decision" not in await asked.told(asked.bob)
    asked.clock.passes(hours=2)
    await asked.services.escalation.escalate("main")
    assert "still waits for a decision" in await asked.told(asked.bob)
