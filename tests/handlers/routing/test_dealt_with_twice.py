"""An update that is dealt with twice, as after a kill between what it did and its answer, has its effect once."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from bot.access.buttons import Tap
from bot.kernel.card import Card
from handlers.dispatch import Answer
from handlers.routing.update import Update, read
from sandbox.telegram.people import Person as Sender
from storage.core import conversations as rows
from storage.tables.core import conversations
from tests.desk import Desk, desk
from tests.house import BRIEF, Providers
from tests.refunds import paid

DRAWN = ("turn", "key", "version")  # by lot, each time that a question is asked
# Of each kind of conversation, what is said until its end: a command, "[…]" for a tap on that button, or an answer.
WAYS: dict[str, tuple[str, ...]] = {
    "alice: a guided brief": ("/brief", "[Drafting]", BRIEF, "Shop owners in Hamburg", "tomorrow", "German"),
    "alice: billing details": ("/billing", "[Add details]", "alice@example.org", "Alice Adams", "Germany"),
    "alice: a time zone": ("/timezone", "Lahore"),
    "alice: a message to the team": ("/support", "Which of the two logos do you want to use?"),
    "bob: a refund": ("/refund {invoice}", "20", "Delivered too late"),
    "carol: an invoice by hand": ("/invoice", "Alice", "Workshop, 1, 900", "[Due day]", "2026-12-24"),
    "carol: a prompt": ("/prompt draft Research", "{prompt}", "Shorter than before"),
    "carol: a switch": ("/flags", "[Switch mail off]", "The server is moved"),
}


@pytest.fixture
async def here(stand_ins: Providers, database_url: str) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url) as made:
        yield made


async def arrives(here: Desk, who: Sender, text: str) -> Update:
    """The update of a message."""
    await who.says(text)
    updates = await here.app.telegram.get_updates(here.offset)
    here.offset = updates[-1]["update_id"] + 1
    return read(updates[-1])


async def answer_to(here: Desk, update: Update) -> Answer:
    answer = await here.dispatcher.answer(update)
    assert answer is not None
    return answer


async def stands(here: Desk, who: Sender) -> Any:
    """What waits, but for what is drawn by lot each time it is shown."""
    waits = await here.waits(who)
    return waits and (waits.step, {name: said for name, said in waits.data.items() if name not in DRAWN})


async def forget_answer(here: Desk) -> None:
    """As if the program had been killed between what it did and keeping its answer."""
    await here.app.services.database.write(lambda tx: tx.run(conversations.update().values(answer=None)))


async def said_by(here: Desk, stand_ins: Providers, way: str) -> tuple[Sender, list[str]]:
    """Who goes that way, and what they say and tap on it."""
    who: Sender = getattr(here, way.partition(":")[0])
    number = (await paid(here, stand_ins)).number if "refund" in way else ""
    in_use = await here.app.services.prompts.in_use(await here.person(here.carol))
    prompt = next(one.system for one in in_use if one.purpose == "draft")
    return who, [step.format(invoice=number, prompt=f"{prompt}\nBe brief.") for step in WAYS[way]]


@pytest.mark.parametrize("kept", [True, False], ids=["answer kept", "killed before"])
@pytest.mark.parametrize("way", WAYS)
async def test_answers(here: Desk, stand_ins: Providers, way: str, kept: bool) -> None:
    """An answer that comes once more is answered as before, and the next question waits for its own."""
    who, steps = await said_by(here, stand_ins, way)
    card = Card()
    for step in steps:
        if step.startswith("["):
            card = (await here.taps(who, step.strip("[]"), card)).card or Card()
            continue
        update = await arrives(here, who, step)
        first = await answer_to(here, update)
        card = first.card or Card()
        if step.startswith("/"):
            continue
        after = await stands(here, who)
        if not kept:
            await forget_answer(here)
        again = await answer_to(here, update)
        assert first.outcome == "done"
        assert await stands(here, who) == after
        if kept:
            assert (again.action, again.outcome, again.card) == (first.action, first.outcome, first.card)
        elif after is not None:
            assert again.card is not None
            assert again.card.text == card.text
            card = again.card


@pytest.mark.parametrize("kept", [True, False], ids=["answer kept", "killed before"])
async def test_taps(here: Desk, kept: bool) -> None:
    """A tap that comes once more skips one step, not two."""
    asked = await here.says(here.alice, "/brief")
    await here.taps(here.alice, "Drafting", asked)
    question = await here.says(here.alice, BRIEF)
    button = next(one for row in question.rows for one in row if one.action == "gskip")
    tap = Tap(button.action, button.subject, button.version, button.choice)
    data = here.app.signer.pack(tap, chat_id=here.alice.id)
    update = Update("tap", here.alice.id, True, here.alice.id, "Alice", message_id=1, data=data, callback_id="7")
    first = await answer_to(here, update)
    after = await stands(here, here.alice)
    if not kept:
        await forget_answer(here)
    again = await answer_to(here, update)
    assert (again.outcome, again.card) == ("done", first.card)
    assert await stands(here, here.alice) == after


async def test_what_was_said_since_counts(here: Desk, stand_ins: Providers) -> None:
    """A message that comes once more after another one was answered takes nothing back."""
    number = (await paid(here, stand_ins)).number
    await here.says(here.bob, f"/refund {number}")
    amount = await arrives(here, here.bob, "20")
    await answer_to(here, amount)
    await here.says(here.bob, "Delivered too late")
    await here.dispatcher.answer(amount)
    waits = await here.waits(here.bob)
    assert waits is not None
    assert waits.data["said"] == {"minor": 2_000, "currency": "USD"}


async def test_what_ended_is_forgotten(here: Desk) -> None:
    """What a conversation knew of its last update goes with all else that is kept to be safe."""
    database = here.app.services.database
    await here.says(here.alice, "/timezone")
    await here.says(here.alice, "Lahore")
    later = database.clock.now() + timedelta(seconds=1)
    assert await database.write(lambda tx: rows.forget_ended(tx, later)) == 1
