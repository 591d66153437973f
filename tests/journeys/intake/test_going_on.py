"""Questions do not swallow: what a message was taken for is said, with a way back; what was begun is gone on with."""

from datetime import timedelta

import pytest

from tests.clock import Hands
from tests.house import BRIEF, House, Providers, house, number_in
from tests.journeys.intake.test_guided import LAMP, to_text

QUOTE = "Nothing is spent until you say yes"
NEW = "No, it is something new"


async def to_question(home: House) -> str:
    """Alice takes /brief to its first question about what is missing; returns the question."""
    await home.invite(home.alice, "client")
    await to_text(home)
    await home.alice.says(LAMP)
    asked = await home.alice.sees("question 1 of")
    return asked.text.splitlines()[1]


@pytest.mark.both_databases
async def test_an_hour_and_a_restart(stand_ins: Providers, database_url: str) -> None:
    """An hour later a message is a brief of its own, says that the begun one is kept, and /brief goes on with it, also
    after a restart and a tap elsewhere.
    """
    clock = Hands()
    async with house(stand_ins, database_url, clock=clock) as home:
        question = await to_question(home)
        clock.ahead = timedelta(minutes=61)
        mark = home.alice.mark()
        await home.alice.says(BRIEF)
        quote = await home.alice.sees(QUOTE, after=mark)
        assert quote.text.splitlines()[-1] == "A brief that you began before is kept: /brief goes on with it."
        await home.alice.taps("More options", quote)
    async with house(stand_ins, database_url, clock=clock) as home:
        mark = home.alice.mark()
        await home.alice.says("/brief")
        begun = await home.alice.sees("You began a brief", after=mark)
        assert LAMP in begun.text
        assert begun.labels == ["Go on", "Start another", "Discard"]
        await home.alice.taps("Go on", begun)
        asked = await home.alice.sees("question 1 of", after=begun)
        assert (asked.id, question in asked.text) == (begun.id, True)
        await home.alice.says("Campers")
        taken = await home.alice.sees(f"Taken as your answer to: {question}", after=asked)
        assert NEW in taken.labels


async def test_within_the_hour(stand_ins: Providers, database_url: str) -> None:
    """Fifty-nine minutes later it is still the answer."""
    clock = Hands()
    async with house(stand_ins, database_url, clock=clock) as home:
        question = await to_question(home)
        clock.ahead = timedelta(minutes=59)
        await home.alice.says("Campers")
        await home.alice.sees(f"Taken as your answer to: {question}")


async def test_something_new(home: House) -> None:
    """A message that was taken for an answer becomes a brief of its own by a tap, and the question waits as before."""
    question = await to_question(home)
    await home.alice.says("Compare three courier bags by volume and weight")
    taken = await home.alice.sees(f"Taken as your answer to: {question}")
    mark = home.alice.mark()
    await home.alice.taps(NEW, taken)
    quote = await home.alice.sees(QUOTE, after=mark)
    assert "Compare three courier bags" in quote.text
    assert quote.text.splitlines()[-1] == f"Still open: {question}"
    await home.alice.says("Campers")
    await home.alice.sees(f"Taken as your answer to: {question}", after=quote)
    toast = await home.alice.taps(NEW, taken)
    assert "answered already" in toast.text


async def test_another_is_started(home: House) -> None:
    """/brief in the middle of one offers to go on; another drops it, and so does Discard."""
    await to_question(home)
    for label, words in (("Start another", "step 1 of 4"), ("Discard", "Stopped. Nothing was sent.")):
        mark = home.alice.mark()
        await home.alice.says("/brief")
        begun = await home.alice.sees("You began a brief", after=mark)
        await home.alice.taps(label, begun)
        step = await home.alice.sees(words, after=begun)
        assert step.id == begun.id
        if label == "Start another":
            await home.alice.taps("Drafting", step)
            asked = await home.alice.sees("step 2 of 4", after=step)
            await home.alice.says(LAMP)
            await home.alice.sees("question 1 of", after=asked)
    mark = home.alice.mark()
    await home.alice.says("/brief")
    await home.alice.sees("step 1 of 4", after=mark)


async def test_a_tap_elsewhere_loses_nothing(home: House) -> None:
    """Stars for delivered work ask for what is missing; after that the begun brief is asked on where it was."""
    await home.staff()
    number = await home.brief()
    stars = await home.alice.sees(f"Brief {number} · How is it?")
    await to_text(home)
    await home.alice.says(LAMP)
    asked = await home.alice.sees("question 1 of")
    question = asked.text.splitlines()[1]
    await home.alice.taps("★★ Weak", stars)
    low = await home.alice.sees("What is missing?", after=stars)
    mark = home.alice.mark()
    await home.alice.taps("No revision", low)
    again = await home.alice.sees(f"Still open: {question}", after=mark)
    await home.alice.says("Campers")
    await home.alice.sees(f"Taken as your answer to: {question}", after=again)


@pytest.mark.both_databases
async def test_a_whole_brief_with_an_hour_between(stand_ins: Providers, database_url: str) -> None:
    """A guided brief with an answer, left by a tap that asks something else, an hour and a restart, is gone on with by
    /brief; its work is delivered and invoiced, by both answers and the text.
    """
    clock = Hands()
    async with house(stand_ins, database_url, clock=clock) as home:
        await to_question(home)
        await home.alice.says("40 EUR")
        asked = await home.alice.sees("question 2 of")
        second = asked.text.splitlines()[1]
        await home.alice.says(f"/brief {BRIEF}")
        await home.alice.taps("More options", await home.alice.sees(QUOTE))
        await home.alice.taps("Change text", await home.alice.sees("Change it before it starts"))
        await home.alice.sees("Your next message takes the place of your words")
        clock.ahead = timedelta(minutes=61)
    async with house(stand_ins, database_url, clock=clock) as home:
        await home.alice.says("/brief")
        begun = await home.alice.sees("You began a brief")
        await home.alice.taps("Go on", begun)
        asked = await home.alice.sees("question 2 of", after=begun)
        assert (asked.id, second in asked.text) == (begun.id, True)
        mark = home.alice.mark()
        await home.alice.says("Campers in Norway")
        await home.alice.taps("Skip all", await home.alice.sees("question 3 of", after=mark))
        await home.alice.taps("No deadline", await home.alice.sees("step 3 of 4", after=mark))
        await home.alice.taps("Same as my text", await home.alice.sees("step 4 of 4", after=mark))
        quote = await home.alice.sees(QUOTE, after=mark)
        assert (LAMP in quote.text, "With 2 answers of yours" in quote.text) == (True, True)
        number = number_in(await home.alice.taps("Yes, start", quote))
        await home.alice.sees("To pay")
        await home.alice.says(f"/brief_{number}")
        details = await home.alice.sees("Price 120.00 USD")
        assert ("40 EUR" in details.text, f"{second} Campers in Norway" in details.text) == (True, True)
