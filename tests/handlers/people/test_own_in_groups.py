"""What a group that is no team room reads of a brief of its own."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.briefs.material import Submission
from bot.briefs.model import Brief, State
from bot.kernel.card import Button, Card
from bot.kernel.task_type import TaskType
from bot.people.rooms import Rooms
from storage.briefs import briefs
from storage.engine.database import Transaction
from storage.tables.briefs import briefs as brief_rows
from storage.tables.core import outbox
from tests.clock import Hands
from tests.desk import Desk, desk
from tests.house import BRIEF, Providers

GROUP, TOPIC = -5003, 17


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
async def here(stand_ins: Providers, database_url: str, hands: Hands) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url, hands) as made:
        yield made


async def _in_review(here: Desk) -> Brief:
    """A brief that Bob, an operator, ordered in a topic of a group, and that waits for a decision."""
    services, bob = here.app.services, await here.person(here.bob)
    quoted = await services.intake.briefs.submit(bob, GROUP, "test:topic", Submission(BRIEF, TaskType.DRAFTING))

    async def work(tx: Transaction) -> Brief:
        await tx.run(update(brief_rows).where(brief_rows.c.id == quoted.id).values(topic=TOPIC))
        brief = quoted
        for state in (State.QUEUED, State.DRAFTING, State.JUDGING, State.IN_REVIEW):
            brief = await briefs.move(tx, brief, state)
        return brief

    return await services.database.write(work)


async def _shown(here: Desk, brief: Brief, chat_id: int) -> str:
    """What Bob's tap on Back shows there."""
    card = (await here.taps(here.bob, "Back", Card("", ((Button("Back", "quote", brief.id),),)), chat_id)).card
    assert card is not None
    return card.text


async def test_what_models_cost(here: Desk) -> None:
    """What models cost is for the team: not for a group in which its own brief is shown to an operator."""
    brief = await _in_review(here)
    assert "of models" in await _shown(here, brief, here.bob.id)
    assert "of models" not in await _shown(here, brief, GROUP)
    rooms: Rooms = here.app.services.people.rooms
    await rooms.toggle(await here.person(here.carol), GROUP, "Team", 1)
    assert "of models" in await _shown(here, brief, GROUP)


async def test_slow_progress(here: Desk, hands: Hands) -> None:
    """That a brief waits long is shown where its progress is, in the topic that it came from."""
    await _in_review(here)
    hands.ahead += timedelta(hours=3)
    await here.app.services.escalation.escalate("main")
    async with here.app.services.database.reading() as connection:
        places = set((await connection.execute(select(outbox.c.destination))).scalars())
    assert f"{GROUP}/{TOPIC}" in places
    assert str(GROUP) not in places
