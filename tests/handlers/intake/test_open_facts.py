"""What a plain message leaves open, asked about beside its quote: one fact at a time, and no message is swallowed."""

from collections.abc import AsyncIterator

import pytest

from bot.briefs.model import State
from storage.briefs import briefs
from tests.desk import Desk, desk
from tests.house import Providers

LAMP = "Write a page for campers about the lamp L2, 100 words. Price: TBC. Weight: TBC."
TENT = "Write a page for campers about the tent T1, about 200 words."
PRICE, WEIGHT = [f"You left this open: “{fact}: TBC”. What should it say?" for fact in ("Price", "Weight")]


@pytest.fixture
async def here(stand_ins: Providers, database_url: str) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url) as made:
        yield made


async def text_of(here: Desk, number: int) -> str:
    async with here.app.services.database.reading() as connection:
        return (await briefs.load(connection, number)).text


async def test_one_at_a_time(here: Desk) -> None:
    """Each answer brings the next question, each [Skip] leaves a fact open, and old buttons skip nothing."""
    quote = await here.says(here.alice, LAMP)
    number = quote.rows[0][0].subject
    assert PRICE in quote.text
    assert WEIGHT not in quote.text
    second = await here.says(here.alice, "40 EUR")
    assert WEIGHT in second.text
    old = (await here.taps(here.alice, "Skip", quote)).card
    assert old is not None
    assert (waits := await here.waits(here.alice)) is not None
    assert waits.data["facts"] == ["Weight: TBC"]
    last = (await here.taps(here.alice, "Skip", second)).card
    assert last is not None
    assert "left this open" not in last.text.partition("With 1 answer")[2]
    assert await here.waits(here.alice) is None
    assert (await text_of(here, number)).endswith(f"- {PRICE} 40 EUR")


@pytest.mark.parametrize(
    ("words", "becomes"),
    [(TENT, "the tent T1"), ("thank you so much", ""), ("I want my money back", ""), ("any news on 1001?", "")],
)
async def test_what_is_no_answer(here: Desk, words: str, becomes: str) -> None:
    """Another order, thanks, a complaint or a question is what it would be, and the question waits on."""
    number = (await here.says(here.alice, LAMP)).rows[0][0].subject
    card = await here.says(here.alice, words)
    assert becomes in card.text
    assert f"Still open: {PRICE}" in card.text
    assert await text_of(here, number) == LAMP
    await here.says(here.alice, "40 EUR")
    assert "40 EUR" in await text_of(here, number)


async def test_it_was_no_answer(here: Desk) -> None:
    """What was taken for an answer is said to be, and a tap takes it as something new; the question waits again."""
    number = (await here.says(here.alice, LAMP)).rows[0][0].subject
    await here.says(here.alice, "40 EUR")
    card = await here.says(here.alice, "my new lamp")
    assert f"Taken as your answer to: {WEIGHT}" in card.text
    new = (await here.taps(here.alice, "No, it is something new", card)).card
    assert new is not None
    assert f"Still open: {WEIGHT}" in new.text
    assert (await text_of(here, number)).endswith(f"- {PRICE} 40 EUR")
    again = await here.taps(here.alice, "No, it is something new", card)
    assert again.outcome == "stale"
    await here.says(here.alice, "300 g")
    assert (await text_of(here, number)).endswith(f"- {PRICE} 40 EUR\n- {WEIGHT} 300 g")


@pytest.mark.parametrize("label", ["Yes, start", "Discard"])
async def test_it_ends_with_the_quote(here: Desk, label: str) -> None:
    """Once the quote was started or discarded, nothing is asked about it any more."""
    await here.says(here.alice, "/billing Alice, alice@example.org, Germany")
    quote = await here.says(here.alice, LAMP)
    await here.taps(here.alice, label, quote)
    assert await here.waits(here.alice) is None


async def test_nothing_is_open(here: Desk) -> None:
    """A message that leaves nothing open is quoted without a question."""
    quote = await here.says(here.alice, TENT)
    assert "left this open" not in quote.text
    assert await here.waits(here.alice) is None
    async with here.app.services.database.reading() as connection:
        assert (await briefs.load(connection, quote.rows[0][0].subject)).state is State.QUOTED
