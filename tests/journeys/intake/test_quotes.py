"""Changing a brief between its quote and its start."""

import re

import pytest

from storage.briefs import briefs
from tests.house import BRIEF, House

TITLE = "Write a landing page text for Nordwind,…"
LAMP = "Write a page for campers about the lamp L2, 100 words. Price: TBC."


async def test_what_is_left_open_is_asked(home: House) -> None:
    """A plain message's quote asks about what it leaves open, before anything is spent; the answer is in the brief."""
    await home.invite(home.alice, "client")
    await home.alice.says(LAMP)
    quote = await home.alice.sees("Nothing is spent until you say yes")
    question = "You left this open: “Price: TBC”. What should it say?"
    assert f"{question} Write it as your next message, or start as it is." in quote.text
    await home.alice.says("40 EUR")
    again = await home.alice.sees("With 1 answer of yours")
    assert "Write it as your next message" not in again.text
    assert home.openai.calls.total() == 0
    await home.alice.taps("Yes, start", again)
    await home.carol.says("/brief_1001")
    assert f"- {question} 40 EUR" in (await home.carol.sees("Brief 1001 · ")).text


async def test_ask_what_is_missing(home: House) -> None:
    """Once that question was skipped the quote names what is left open, and a tap has the model ask."""
    await home.invite(home.alice, "client")
    await home.alice.says(LAMP)
    asked = await home.alice.sees("Nothing is spent until you say yes")
    await home.alice.taps("Skip", asked)
    quote = await home.alice.sees("Tap “What is missing?”")
    assert "Left open: “Price: TBC”. Tap “What is missing?” to fill it in, or start as it is." in quote.text
    assert home.openai.calls.total() == 0
    await home.alice.taps("What is missing?", quote)
    question = await home.alice.sees("Quote · question 1 of 1")
    assert question.id == quote.id
    await home.alice.says("40 EUR")
    again = await home.alice.sees("With 1 answer of yours")
    assert "What is missing?" not in again.labels
    assert "Left open" not in again.text
    await home.alice.taps("Yes, start", again)
    await home.carol.says("/brief_1001")
    assert "- What is the figure in “Price: TBC”? 40 EUR" in (await home.carol.sees("Brief 1001 · ")).text


async def test_nothing_is_missing(home: House) -> None:
    """Where nothing is missing the tap says so, and the quote stays."""
    await home.invite(home.alice, "client")
    await home.alice.says("Compare three courier bags by weight for commuters, about 200 words.")
    toast = await home.alice.taps("What is missing?", await home.alice.sees("Nothing is spent"))
    assert toast.text == "It has everything it needs"


async def test_skipped_questions(home: House) -> None:
    """Skipping every question leads back to the quote as it was, in its own message: there are never two of it."""
    await home.invite(home.alice, "client")
    await home.alice.says("Write about the lamp L2.")
    first = await home.alice.sees("Nothing is spent")
    await home.alice.taps("What is missing?", first)
    await home.alice.taps("Skip", await home.alice.sees("question 1 of 2"))
    second = await home.alice.sees("question 2 of 2")
    await home.alice.taps("Skip all", second)
    quote = await home.alice.sees("Nothing is spent until you say yes", after=second)
    assert (quote.id, quote.text) == (first.id, first.text)
    await home.alice.taps("Yes, start", quote)
    await home.alice.sees("Brief 1001 · ")


async def test_an_edited_message(home: House) -> None:
    """An edit of the message changes the brief and the quote in its place; the old quote's yes no longer counts."""
    await home.invite(home.alice, "client")
    sent = await home.alice.says(BRIEF)
    quote = await home.alice.sees("Nothing is spent until you say yes")
    await home.alice.edits(sent, "Write a page about the lamp L2 for campers.")
    changed = await home.alice.sees("the lamp L2 for campers")
    assert changed.id == quote.id
    assert changed.edited
    await home.alice.taps("Yes, start", changed)
    await home.carol.says("/brief_1001")
    assert "the lamp L2 for campers" in (await home.carol.sees("Brief 1001 · ")).text


async def test_an_edit_after_the_start(home: House) -> None:
    """An edit after the start changes nothing, and the client is told."""
    await home.invite(home.alice, "client")
    home.openai.latency = 0.5
    sent = await home.alice.says(BRIEF)
    await home.alice.taps("Yes, start", await home.alice.sees("Nothing is spent"))
    await home.alice.edits(sent, "Write a page about the lamp L2 for campers.")
    await home.alice.sees("so it stays as it is")
    home.openai.latency = 0.0
    await home.alice.sees("To pay")
    async with home.running.app.services.database.reading() as connection:
        assert (await briefs.load(connection, 1001)).text == BRIEF


async def test_an_edited_command(home: House) -> None:
    """A brief that was written behind /brief can be edited as well; other edits say nothing to nobody."""
    await home.invite(home.alice, "client")
    sent = await home.alice.says("/brief Write a page about the lamp L1 for campers.")
    await home.alice.sees("the lamp L1")
    hello = await home.alice.says("/status")
    await home.alice.sees("No brief is under way")
    mark = home.alice.mark()
    await home.alice.edits(hello, "/help")
    await home.alice.edits(sent, "/brief Write a page about the lamp L2 for campers.")
    assert "the lamp L2" in (await home.alice.sees("Quote · ", after=mark)).text
    assert "What you can do here" not in home.alice.transcript()


async def test_change_text(home: House) -> None:
    """[More options], [Change text]: the next message is the text; one without a word is asked for again."""
    await home.invite(home.alice, "client")
    await home.alice.says(BRIEF)
    await home.alice.taps("More options", await home.alice.sees("Nothing is spent"))
    await home.alice.taps("Change text", await home.alice.sees("Change it before it starts"))
    await home.alice.sees("Your next message takes the place")
    await home.alice.says("…")
    await home.alice.sees("There is nothing in it to work from")
    await home.alice.says("Write a page about the lamp L2 for campers.")
    quote = await home.alice.sees("Nothing is spent until you say yes")
    assert "the lamp L2 for campers" in quote.text
    await home.alice.taps("Yes, start", quote)
    await home.alice.sees("Write a page about the lamp L2")


async def test_deadline_and_language(home: House) -> None:
    """[More options] sets the deadline and the language, by tap and in words; each leads back to the quote."""
    await home.invite(home.alice, "client")
    await home.alice.says(BRIEF)
    await home.alice.taps("More options", await home.alice.sees("Nothing is spent"))
    await home.alice.taps("Deadline", await home.alice.sees("Change it before it starts"))
    await home.alice.taps("In a week", await home.alice.sees("By when do you need it?"))
    await home.alice.taps("More options", await home.alice.sees(re.compile("Drafting · due in [67] days")))
    await home.alice.taps("Language", await home.alice.sees("Change it before it starts"))
    await home.alice.taps("Urdu", await home.alice.sees("In which language"))
    quote = await home.alice.sees(re.compile(r"Drafting · due in [67] days \(.+ UTC\) · in Urdu"))
    await home.alice.taps("More options", quote)
    await home.alice.taps("Language", await home.alice.sees("Change it before it starts", after=quote))
    await home.alice.sees("In which language", after=quote)
    await home.alice.says("Portuguese")
    await home.alice.taps("More options", await home.alice.sees("in Portuguese"))
    more = await home.alice.sees("Change it before it starts")
    assert "QA target" not in " ".join(more.labels)
    await home.alice.taps("Back", more)
    await home.alice.sees(re.compile(r"Drafting · due in [67] days \(.+ UTC\) · in Portuguese"))


async def test_wishes_are_heeded(home: House) -> None:
    """The drafter is asked for the language, the judge's line is the brief's own, and the desk sees the deadline."""
    await home.staff()
    asked: list[str] = []
    home.openai.on_call.append(
        lambda call: asked.append(call.prompt.user) if call.prompt is not None and call.purpose == "draft" else None
    )
    await home.alice.says(BRIEF)
    await home.alice.taps("More", await home.alice.sees("Nothing is spent"))
    await home.alice.taps("Deadline", await home.alice.sees("Change it before it starts"))
    await home.alice.taps("In a week", await home.alice.sees("By when do you need it?"))
    dated = await home.alice.sees(re.compile("Drafting · due in [67] days"))
    await home.alice.taps("More", dated)
    await home.alice.taps("Language", await home.alice.sees("Change it before it starts", after=dated))
    await home.alice.taps("Spanish", await home.alice.sees("In which language"))
    spanish = await home.alice.sees("in Spanish")
    await home.bob.says("/briefs")
    await home.bob.taps(TITLE, await home.bob.sees("Briefs\n"))
    await home.bob.taps("QA target 80", await home.bob.sees("Quote · Waiting for a yes"))
    await home.bob.sees("Which score must a draft reach")
    await home.bob.says("100")
    await home.alice.taps("Yes, start", await home.alice.sees("in Spanish", after=spanish))
    card = await home.bob.sees("Needs your decision")
    assert "target 100" in card.text
    assert re.search(r"due in [67] days", card.text)
    assert ["Write the finished text in Spanish." in user for user in asked] == [True] * 3


async def test_without_wishes(home: House) -> None:
    """Where no language was wished for, the drafter is not told of any."""
    await home.invite(home.alice, "client")
    asked: list[str] = []
    home.openai.on_call.append(lambda call: asked.append(call.prompt.user) if call.prompt is not None else None)
    await home.brief()
    await home.alice.sees("Brief 1001 · Delivered")
    assert ["Write the finished text in" in user for user in asked[:1]] == [False]


async def test_operators_set_a_clients_target(home: House) -> None:
    """An operator sets the line of a client's quoted brief: the client's quote is renewed, and its old yes is void."""
    await home.staff()
    await home.alice.says(BRIEF)
    quote = await home.alice.sees("Nothing is spent until you say yes")
    await home.bob.says("/briefs")
    await home.bob.taps(TITLE, await home.bob.sees("Briefs\n"))
    await home.bob.taps("QA target 80", await home.bob.sees("Quote · Waiting for a yes"))
    await home.bob.taps("95", await home.bob.sees("Which score must a draft reach"))
    await home.bob.sees("Quote · Waiting for a yes")
    renewed = await home.alice.sees("Nothing is spent until you say yes", after=quote)
    assert renewed.id == quote.id
    await home.alice.taps("Yes, start", renewed)
    await home.alice.sees("Brief 1001 · In review")


@pytest.mark.both_databases
async def test_the_same_text_twice(home: House) -> None:
    """The same text within ten minutes is the earlier brief, unless the client says that it is new."""
    await home.invite(home.alice, "client")
    await home.alice.says(BRIEF)
    await home.alice.sees("Quote · 120.00 USD")
    await home.alice.says(BRIEF)
    offer = await home.alice.sees("You sent this already")
    assert offer.labels == [TITLE, "It is new"]
    await home.alice.taps("It is new", offer)
    again = await home.alice.sees("Quote · 120.00 USD", after=offer)
    await home.alice.says("/briefs")
    assert (await home.alice.sees("Your briefs")).labels == [TITLE, TITLE]
    await home.alice.taps("Yes, start", again)
    mark = home.alice.mark()
    await home.alice.says(BRIEF)
    assert "/brief_1001" in (await home.alice.sees("You sent this already", after=mark)).text


async def test_the_same_text_of_another_client(home: House) -> None:
    """Two clients may send the same text; neither hears of the other."""
    await home.invite(home.alice, "client")
    await home.invite(home.eve, "client")
    await home.alice.says(BRIEF)
    await home.alice.sees("Quote · 120.00 USD")
    await home.eve.says(BRIEF)
    assert "You sent this already" not in (await home.eve.sees("Quote · 120.00 USD")).text


async def test_a_forwarded_message(home: House) -> None:
    """A forwarded message is a brief like any other, and says from whom it came."""
    await home.invite(home.alice, "client")
    await home.eve.says("Write a page about the lamp L2 for campers.")
    theirs = next(message for message in home.eve.messages() if not message.from_bot)
    await home.alice.forwards(theirs)
    quote = await home.alice.sees("Nothing is spent until you say yes")
    assert "(Forwarded from Eve)" in quote.text
