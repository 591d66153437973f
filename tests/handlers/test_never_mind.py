"""[Never mind] under a question that was answered, or that another one took the place of: it ends no other question,
and never says of what was done that it was not.
"""

from collections.abc import AsyncIterator

import pytest

from bot.briefs.material import Submission
from bot.briefs.model import Brief, State
from bot.kernel.card import Button, Card
from bot.kernel.task_type import TaskType
from sandbox.telegram.people import Person
from storage.briefs import briefs, drafts
from storage.engine.database import Transaction
from tests.desk import Desk, desk
from tests.house import BRIEF, Providers

OVER = "That question waits no more"


@pytest.fixture
async def here(stand_ins: Providers, database_url: str) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url) as made:
        yield made


async def in_review(here: Desk, number: int) -> Brief:
    """A brief of Alice's that waits for a decision; number: which one of hers."""
    submission = Submission(f"{BRIEF} Page {number}.", TaskType.DRAFTING)
    alice = await here.person(here.alice)
    quoted = await here.app.services.intake.briefs.submit(alice, here.alice.id, f"test:{number}", submission)

    async def work(tx: Transaction) -> Brief:
        brief = await briefs.move(tx, await briefs.move(tx, quoted, State.QUEUED), State.DRAFTING)
        draft = await drafts.add_draft(tx, brief, 1, "Nordwind brings it.", "gpt-6-luna")
        brief = await briefs.change(tx, brief, draft_id=draft.id, attempt=1)
        return await briefs.move(tx, await briefs.move(tx, brief, State.JUDGING), State.IN_REVIEW)

    return await here.app.services.database.write(work)


async def two_of(here: Desk, kind: str) -> tuple[Person, Button, Button]:
    """Who is asked, and two buttons that ask questions of the same dialog about different things."""
    if kind == "change":
        first = await here.delivered(here.alice)
        return here.alice, *_each(kind, first, await here.delivered(here.alice, here.alice.id, f"{BRIEF} Page 2."))
    one = await in_review(here, 1)
    if kind == "write":
        two = await in_review(here, 2)
        return here.alice, *_each(kind, one, two, choice="brief")
    ask_client = Button("Ask", "askclient", one.id, one.version)
    if kind == "letter":
        return here.bob, Button("Ask", kind, (await here.person(here.alice)).id), ask_client
    if kind in {"answer", "askclient"}:
        await here.says(here.alice, "/support Which logo?")
        answer = Button("Ask", "answer", 1001, 1)
        return here.bob, *((answer, ask_client) if kind == "answer" else (ask_client, answer))
    return here.bob, *_each(kind, one, await in_review(here, 2))


def _each(kind: str, one: Brief, two: Brief, choice: str = "") -> tuple[Button, Button]:
    return (
        Button("Ask", kind, one.id, one.version, choice=choice),
        Button("Ask", kind, two.id, two.version, choice=choice),
    )


async def asks(here: Desk, who: Person, button: Button) -> Card:
    """The question."""
    card = (await here.taps(who, "Ask", Card("", ((button,),)))).card
    assert card is not None
    return card


async def never_mind(here: Desk, who: Person, card: Card) -> str:
    """What a tap on its [Never mind] shows."""
    shown = (await here.taps(who, "Never mind", card)).card
    assert shown is not None
    return shown.text


KINDS = ["write", "letter", "answer", "askclient", "sendback", "edit", "reject", "note", "change"]


@pytest.mark.parametrize("kind", KINDS)
async def test_another_question(here: Desk, kind: str) -> None:
    """[Never mind] ends the question that it stands under, and no other one that was asked since."""
    who, first, second = await two_of(here, kind)
    before, after = await asks(here, who, first), await asks(here, who, second)
    assert (await never_mind(here, who, before)).startswith(OVER)
    assert await here.waits(who) is not None
    assert not (await never_mind(here, who, after)).startswith(OVER)
    assert await here.waits(who) is None


@pytest.mark.parametrize("kind", KINDS)
async def test_an_answered_question(here: Desk, kind: str) -> None:
    """[Never mind] under a question that was answered says so, and that nothing was changed by it."""
    who, first, _second = await two_of(here, kind)
    card = await asks(here, who, first)
    await here.says(who, "The second paragraph says nothing about the price.")
    assert await here.waits(who) is None
    assert (await never_mind(here, who, card)).startswith(OVER)


async def test_questions_of_another_brief(here: Desk) -> None:
    """[Skip all] under the questions of one brief skips none of another's."""
    data = {"version": 1, "questions": ["Who reads it?"], "answers": []}
    await here.ask(here.alice, "quote.question", {**data, "brief": 1002})
    for label in ("askskip", "askstop"):
        old = Card("", ((Button("Ask", label, 0, 1001),),))
        card = (await here.taps(here.alice, "Ask", old)).card
        assert card is not None
        assert "answered already" in card.toast
    assert (waits := await here.waits(here.alice)) is not None
    assert waits.data["answers"] == []


async def test_handing_over(here: Desk) -> None:
    """[Never mind] where a draft could be handed over leaves a question alone that waits for words."""
    brief = await in_review(here, 1)
    card = await asks(here, here.bob, Button("Ask", "handover", brief.id))
    await asks(here, here.bob, Button("Ask", "note", brief.id, brief.version))
    assert (await never_mind(here, here.bob, card)).startswith(f"Brief {brief.id} stays as it is")
    assert await here.waits(here.bob) is not None
