"""/brief, step by step: each step, back, skip and cancel, questions about what is missing, a restart in between."""

import re

import pytest
from sqlalchemy import select

from sandbox.faults import Fault
from storage.briefs import briefs, drafts
from storage.core import inbox
from storage.engine.database import Database, Transaction
from storage.tables.core import inbox as inbox_rows
from storage.tables.models import model_calls
from tests.eventually import eventually
from tests.house import House, Providers, house

LAMP = "Write a page about the lamp L2. Price: TBC."
BAGS = "Compare three courier bags by volume and weight for commuters, about 200 words."


async def to_text(home: House, task_type: str = "Drafting") -> None:
    """Alice takes /brief to the step that asks for the text."""
    await home.alice.says("/brief")
    await home.alice.taps(task_type, await home.alice.sees("step 1 of 4"))
    await home.alice.sees("step 2 of 4")


async def test_step_by_step(home: House) -> None:
    """Type, text, questions, deadline and language are asked one by one; the quote says them all, with the price."""
    await home.invite(home.alice, "client")
    await to_text(home, "Research")
    await home.alice.says("Compare three courier bags by volume and weight.")
    question = await home.alice.sees("question 1 of 2")
    assert "Who reads it?" in question.text
    await home.alice.taps("Skip", question)
    await home.alice.sees("question 2 of 2")
    await home.alice.says("About two hundred")
    await home.alice.taps("In 3 days", await home.alice.sees("step 3 of 4"))
    await home.alice.taps("Spanish", await home.alice.sees("step 4 of 4"))
    quote = await home.alice.sees("Quote · 180.00 USD")
    due = r"due in [23] days \(\w{3} \d+ \w{3}, \d\d:\d\d UTC\)"
    assert re.fullmatch(
        rf"Compare three courier bags by volume and weight\. · Research · {due} · in Spanish",
        quote.text.splitlines()[1],
    )
    assert quote.text.splitlines()[2:-2] == [
        "With 1 answer of yours",
        "Nothing is spent until you say yes. You pay after delivery.",
    ]
    assert quote.text.splitlines()[-2].startswith("If a person reads it first, it is ready by ")
    await home.alice.taps("Yes, start", quote)
    card = await home.carol.sees("Brief 1001 · Needs your decision")
    assert "Checked: it is in English, which was not requested. A person decides" in card.text


async def test_what_the_type_needs(home: House) -> None:
    """The text step asks for what the chosen type needs: a recording for a transcript, data for a table."""
    await home.invite(home.alice, "client")
    await to_text(home, "Transcription")
    asked = await home.alice.sees("Send the recording")
    await home.alice.taps("Back", asked)
    await home.alice.taps("Data-transform", await home.alice.sees("step 1 of 4", after=asked))
    await home.alice.sees("Send the data as a file or paste it", after=asked)


async def test_answers_are_part_of_the_brief(home: House) -> None:
    """What was answered stands in the brief with its question, and the question's cost is recorded without a brief."""
    await home.invite(home.alice, "client")
    await to_text(home)
    await home.alice.says("Write a page for campers about the lamp L2, 100 words. Price: TBC.")
    await home.alice.says("40 EUR")
    await home.alice.sees("step 3 of 4")
    await home.alice.taps("No deadline")
    await home.alice.taps("Same as my text", await home.alice.sees("step 4 of 4"))
    quote = await home.alice.sees("Nothing is spent until you say yes")
    assert "- What is the figure in “Price: TBC”? 40 EUR" in (await home.quote_of(home.carol)).text
    async with home.running.app.services.database.reading() as connection:
        calls = (await connection.execute(model_calls.select())).all()
        assert [(call.purpose, call.brief_id) for call in calls] == [("intake", None)]
        assert await drafts.spent(connection, "main", home.named_by(quote)) == 0


async def test_nothing_missing_no_question(home: House) -> None:
    """Where the model finds nothing missing, the step is left out."""
    await home.invite(home.alice, "client")
    await to_text(home)
    mark = home.alice.mark()
    await home.alice.says(BAGS)
    await home.alice.sees("step 3 of 4", after=mark)
    assert [m.text for m in home.alice.messages() if "question" in m.text] == []


async def test_a_model_that_fails_asks_nothing(home: House) -> None:
    """A model that is down means no questions, and the brief goes on."""
    await home.invite(home.alice, "client")
    home.openai.faults.add(Fault("POST .*/chat/completions", "status", times=None, status=500))
    await to_text(home)
    await home.alice.says(LAMP)
    await home.alice.sees("step 3 of 4")


async def test_an_answer_in_another_shape_asks_nothing(home: House) -> None:
    """A refused or broken answer of the model means no questions, and nothing else."""
    await home.invite(home.alice, "client")
    for kind in ("refusal", "broken_json"):
        home.openai.faults.add(Fault("POST .*/chat/completions", kind, body="shape"))
        await to_text(home)
        mark = home.alice.mark()
        await home.alice.says(LAMP)
        await home.alice.sees("step 3 of 4", after=mark)
        await home.alice.taps("Cancel")
        await home.alice.sees("Stopped")


async def test_skip_all(home: House) -> None:
    """All questions can be left out with one tap."""
    await home.invite(home.alice, "client")
    await to_text(home)
    await home.alice.says(LAMP)
    await home.alice.taps("Skip all", await home.alice.sees("question 1 of 3"))
    await home.alice.sees("step 3 of 4")


async def test_back(home: House) -> None:
    """Back goes from the language to the type, one step a tap, and what was said is still there."""
    await home.invite(home.alice, "client")
    await to_text(home)
    await home.alice.says("Write a page for campers about the lamp L2, 100 words. Price: TBC.")
    await home.alice.says("40 EUR")
    await home.alice.taps("Tomorrow", await home.alice.sees("step 3 of 4"))
    await home.alice.taps("Back", await home.alice.sees("step 4 of 4"))
    await home.alice.taps("Back", await home.alice.sees("step 3 of 4"))
    await home.alice.taps("Back", await home.alice.sees("question 1 of 1"))
    text = await home.alice.sees("Write it anew")
    assert "about the lamp L2" in text.text
    await home.alice.taps("Back", text)
    await home.alice.taps("Other", await home.alice.sees("step 1 of 4"))
    await home.alice.taps("Keep it", await home.alice.sees("Other brief · step 2 of 4"))
    await home.alice.taps("Skip", await home.alice.sees("question 1 of 1"))
    await home.alice.taps("Tomorrow", await home.alice.sees("step 3 of 4"))
    await home.alice.taps("Same as my text", await home.alice.sees("step 4 of 4"))
    quote = await home.alice.sees("100.00 USD")
    assert quote.text.splitlines()[1].startswith(
        "Write a page for campers about the lamp L2, 100 words… · Other · due in"
    )


async def test_an_old_button_skips_nothing(home: House) -> None:
    """A second tap on a question's Skip does not skip the next question."""
    await home.invite(home.alice, "client")
    await to_text(home)
    await home.alice.says("Write about the lamp L2.")
    first = await home.alice.sees("question 1 of 2")
    data = next(button.target for row in first.buttons for button in row if button.label == "Skip")
    await home.alice.taps("Skip", first)
    await home.alice.sees("question 2 of 2")
    toast = await home.alice.taps_raw(data, first)
    assert "answered already" in toast.text
    await home.alice.says("One hundred")
    await home.alice.sees("step 3 of 4")


async def test_cancel(home: House) -> None:
    """Cancel drops what was said, and the next message is a brief of its own; so does /stop."""
    await home.invite(home.alice, "client")
    await to_text(home)
    await home.alice.taps("Cancel")
    await home.alice.sees("Stopped. Nothing was sent.")
    await to_text(home)
    await home.alice.says("/stop")
    await home.alice.sees("Stopped. Nothing was sent.")
    await home.alice.says(BAGS)
    await home.alice.sees("Nothing is spent until you say yes")


async def test_a_written_deadline(home: House) -> None:
    """A deadline can be written; one that cannot be read or is over is asked for again with an example."""
    await home.invite(home.alice, "client")
    await to_text(home)
    await home.alice.says(BAGS)
    await home.alice.sees("step 3 of 4")
    await home.alice.says("soonish")
    await home.alice.sees("Write it like 2026-12-24")
    await home.alice.says("2020-01-01")
    await home.alice.sees("is over")
    await home.alice.says("2099-01-31")
    await home.alice.sees("step 4 of 4")


async def test_a_written_language(home: House) -> None:
    """Any language can be written, in its own word too; one that is none is asked for again."""
    await home.invite(home.alice, "client")
    await to_text(home)
    await home.alice.says(BAGS)
    await home.alice.taps("No deadline", await home.alice.sees("step 3 of 4"))
    await home.alice.sees("step 4 of 4")
    await home.alice.says("Gibberlang")
    await home.alice.sees("I know no language “Gibberlang”")
    await home.alice.says("português")
    quote = await home.alice.sees("Nothing is spent until you say yes")
    assert "in Portuguese" in quote.text


async def test_operators_set_a_target(home: House) -> None:
    """An operator is asked for the QA target as well; clients are not."""
    await home.invite(home.bob, "operator")
    await home.bob.says("/brief")
    await home.bob.taps("Drafting", await home.bob.sees("step 1 of 5"))
    await home.bob.says(BAGS)
    await home.bob.taps("Tomorrow", await home.bob.sees("step 3 of 5"))
    await home.bob.sees("step 4 of 5")
    await home.bob.says("101")
    await home.bob.sees("is no QA target")
    await home.bob.taps("95", await home.bob.sees("step 4 of 5"))
    await home.bob.taps("Same as my text", await home.bob.sees("step 5 of 5"))
    quote = await home.bob.sees("Nothing is spent until you say yes")
    async with home.running.app.services.database.reading() as connection:
        assert (await briefs.load(connection, home.named_by(quote))).qa_target == 95


@pytest.mark.both_databases
async def test_a_restart_in_between(stand_ins: Providers, database_url: str) -> None:
    """The program stops after the text was given; the next one takes the answer to the question that waited."""
    async with house(stand_ins, database_url) as home:
        await home.carol.says("/start")
        await home.invite(home.alice, "client")
        await to_text(home)
        await home.alice.says("Write a page for campers about the lamp L2, 100 words. Price: TBC.")
        await home.alice.sees("question 1 of 1")
    async with house(stand_ins, database_url) as home:
        await home.alice.says("40 EUR")
        await home.alice.taps("No deadline", await home.alice.sees("step 3 of 4"))
        await home.alice.taps("Same as my text", await home.alice.sees("step 4 of 4"))
        quote = await home.alice.sees("Nothing is spent until you say yes")
        assert "With 1 answer of yours" in quote.text


async def newest_dealt_with(database: Database) -> int | None:
    """The newest update, once it was dealt with."""
    async with database.reading() as connection:
        rows = await connection.execute(select(inbox_rows).order_by(inbox_rows.c.id.desc()).limit(1))
        row = rows.one()
    return None if row.processed_at is None else int(row.id)


@pytest.mark.both_databases
async def test_an_answer_that_comes_twice(home: House) -> None:
    """A message that is dealt with once more after a crash is not taken as the answer to the next question."""
    await home.invite(home.alice, "client")
    await to_text(home)
    await home.alice.says("Write about the lamp L2.")
    first = await home.alice.sees("question 1 of 2")
    database = home.running.app.services.database
    newest = await eventually(lambda: newest_dealt_with(database), lambda found: found is not None)

    async def forget_that_it_was_dealt_with(tx: Transaction) -> None:
        await tx.run(inbox_rows.update().where(inbox_rows.c.id == newest).values(processed_at=None))
        tx.wake(inbox.signal("telegram"))

    await database.write(forget_that_it_was_dealt_with)
    again = await home.alice.sees("question 1 of 2", after=first)
    assert again.text == first.text
