"""Texts that Telegram's apps send as several messages: one brief, one guided text, one draft."""

import asyncio
import re

import pytest
from sqlalchemy import select

from bot.briefs.model import Brief
from bot.parts import Part
from handlers.routing.polling import keep
from sandbox.telegram.people import Person
from storage.briefs import briefs, drafts
from storage.core import inbox
from storage.engine.database import Database, Transaction
from storage.tables.briefs import briefs as brief_rows
from storage.tables.core import inbox as inbox_rows
from tests.house import OPEN_BRIEF, House, Providers, house
from tests.reviewing import decides

AT = 1_800_000_000  # when the first part was sent, by Telegram's clock
QUOTE = "Nothing is spent until you say yes"


def written(lines: int, between: str = "\n") -> str:
    """A text of about 40 characters a line."""
    facts = (f"Fact {number}: lamp {number} runs {number} hours a day." for number in range(lines))
    return between.join(["Write a page for campers about lamps.", *facts])


FIRST, SECOND, THIRD = (written(105), "It costs 40 EUR.\n" + written(105), "That is all, thank you.")


async def brief_of(home: House, number: int = 1001) -> Brief:
    """The brief, or the quote that is to be it, in the order in which they came: 1001 is the first."""
    async with home.running.app.services.database.reading() as connection:
        ids = await connection.execute(select(brief_rows.c.id).order_by(brief_rows.c.created_at))
        return await briefs.load(connection, list(ids.scalars())[number - 1001])


async def all_dealt_with(database: Database) -> None:
    """Wait until nothing waits in the inbox."""
    async with asyncio.timeout(10):
        while True:
            async with database.reading() as connection:
                if not await inbox.waiting(connection, "telegram", 1):
                    return
            await database.signals.wait("none", 0.05)


async def forget_the_newest(tx: Transaction) -> None:
    """The newest update waits again, as after a crash before it was marked as dealt with."""
    newest = select(inbox_rows.c.id).order_by(inbox_rows.c.id.desc()).limit(1).scalar_subquery()
    await tx.run(inbox_rows.update().where(inbox_rows.c.id == newest).values(processed_at=None))
    tx.wake(inbox.signal("telegram"))


def quotes(person: Person) -> list[str]:
    return [message.text for message in person.messages() if message.from_bot and QUOTE in message.text]


@pytest.mark.parametrize("between", ["\n", "\n\n", " "])
async def test_one_text_is_one_brief(home: House, between: str) -> None:
    """A text of several messages is one brief with one quote; only white space where an app cut may be a line break."""
    await home.invite(home.alice, "client")
    text = written(300, between)
    await home.alice.says(text)
    quote = await home.alice.sees(QUOTE)
    parts = [message.text for message in home.alice.messages() if "Fact" in message.text and not message.from_bot]
    assert len(parts) >= 3
    await home.alice.says("/briefs")
    assert (await home.alice.sees("Your briefs")).text.count("Waiting for a yes") == 1
    assert len(quotes(home.alice)) == 1
    kept = (await brief_of(home)).text
    assert kept.split() == text.split()
    assert kept == "\n".join(parts)
    if between == "\n":
        assert kept == text
    await home.alice.taps("Yes, start", quote)
    await home.alice.sees("Brief 1001 · Delivered")


async def test_a_word_longer_than_a_message(home: House) -> None:
    """Where an app cuts through what has no white space, nothing comes between."""
    await home.invite(home.alice, "client")
    text = "Explain this: " + "光" * 9_000
    await home.alice.says(text)
    await home.alice.sees(QUOTE)
    assert (await brief_of(home)).text == text


async def test_a_rest_after_the_quote(home: House) -> None:
    """Parts that come after the quote change it in place, with its type and price, and make its older buttons void."""
    await home.invite(home.alice, "client")
    await home.alice.says(FIRST, date=AT)
    quote = await home.alice.sees(QUOTE)
    assert "120.00 USD" in quote.text
    await home.alice.says(f"{SECOND} All of it as a CSV.", date=AT + 4)
    again = await home.alice.sees("Data-transform", after=quote)
    await home.alice.says(THIRD, date=AT + 8)
    last = await home.alice.sees(QUOTE, after=again)
    assert {again.id, last.id} == {quote.id}
    assert "90.00 USD" in last.text
    for older in (quote, again):
        data = next(button.target for row in older.buttons for button in row if button.label == "Yes, start")
        assert "changed since" in (await home.alice.taps_raw(data, last)).text
    brief = await brief_of(home)
    assert brief.text == f"{FIRST}\n{SECOND} All of it as a CSV.\n{THIRD}"
    assert len(quotes(home.alice)) == 1
    await home.alice.taps("Yes, start", last)
    await home.alice.sees("Brief 1001 · ", after=last)


async def test_the_clients_own_type_stays(home: House) -> None:
    """A rest does not change the type that the client chose."""
    await home.invite(home.alice, "client")
    await home.alice.says(FIRST, date=AT)
    await home.alice.taps("Other type", await home.alice.sees(QUOTE))
    await home.alice.taps("Research", await home.alice.sees("What kind of work"))
    chosen = await home.alice.sees("180.00 USD")
    await home.alice.says("All of it as a CSV.", date=AT + 5)
    assert "Research" in (await home.alice.sees(QUOTE, after=chosen)).text


async def test_what_is_no_rest(home: House) -> None:
    """Half a minute later, after a text that is not long, or after the yes, a message is a brief of its own."""
    await home.invite(home.alice, "client")
    await home.alice.says(FIRST, date=AT)
    await home.alice.sees(QUOTE)
    await home.alice.says("Write a page about tents.", date=AT + 30)
    await home.alice.sees("Write a page about tents. · Drafting")
    await home.alice.says("Write a page about stoves.", date=AT + 30)
    stoves = await home.alice.sees("Write a page about stoves. · Drafting")
    await home.alice.says(SECOND, date=AT + 60)
    await home.alice.taps("Yes, start", await home.alice.sees(QUOTE, after=stoves))
    await home.alice.says("Write a page about bags.", date=AT + 61)
    await home.alice.sees("Write a page about bags. · Drafting")
    assert [(await brief_of(home, number)).text for number in (1001, 1004)] == [FIRST, SECOND]


async def test_a_command_is_no_rest(home: House) -> None:
    """A command straight after a long text is a command; behind /brief a long text has its rest."""
    await home.invite(home.alice, "client")
    await home.alice.says(f"/brief {FIRST}", date=AT)
    quote = await home.alice.sees(QUOTE)
    await home.alice.says(SECOND, date=AT + 1)
    await home.alice.says("/whoami", date=AT + 1)
    await home.alice.sees(QUOTE, after=quote)
    await home.alice.sees("Alice · client")
    assert (await brief_of(home)).text == f"{FIRST}\n{SECOND}"


@pytest.mark.both_databases
async def test_a_rest_that_comes_twice(home: House) -> None:
    """A part that is dealt with once more after a crash changes nothing, and there is still one quote."""
    await home.invite(home.alice, "client")
    await home.alice.says(FIRST, date=AT)
    quote = await home.alice.sees(QUOTE)
    await home.alice.says(SECOND, date=AT + 1)
    await home.alice.sees(QUOTE, after=quote)
    before = await brief_of(home)
    database = home.running.app.services.database
    await all_dealt_with(database)
    await database.write(forget_the_newest)
    await all_dealt_with(database)
    await home.alice.says("/whoami")
    await home.alice.sees("Alice")
    assert await brief_of(home) == before
    assert len(quotes(home.alice)) == 1


async def test_an_edited_part(home: House) -> None:
    """An edit of any part changes the whole text, and the quote in its place."""
    await home.invite(home.alice, "client")
    parts = [FIRST, SECOND, THIRD]
    sent = [await home.alice.says(part, date=AT) for part in parts]
    quote = await home.alice.sees(QUOTE)
    for number, message in enumerate(sent):
        parts[number] = f"Read this part, the number {number}, with care."
        await home.alice.edits(message, parts[number])
        quote = await home.alice.sees(QUOTE, after=quote)
        assert (await brief_of(home)).text == "\n".join(parts)
    assert "the number 0" in quote.text
    assert len(quotes(home.alice)) == 1


async def test_more_than_a_brief_holds(home: House) -> None:
    """A text that is too long as a whole is refused once, kindly; a rest too many leaves the quote as it was."""
    await home.invite(home.alice, "client")
    await home.alice.says(written(1_400))
    refusal = await home.alice.sees("one brief holds 50,000")
    assert "Nothing was started and nothing is charged." in refusal.text
    await home.alice.says("\n".join([FIRST] * 12), date=AT)
    quote = await home.alice.sees(QUOTE)
    before = (await brief_of(home)).text
    await home.alice.says("More: " + "word " * 800, date=AT + 1)
    await home.alice.sees("one brief holds 50,000", after=quote)
    assert "” stays as it was." in home.alice.last.text
    assert (await brief_of(home)).text == before
    assert len([m for m in home.alice.messages() if m.from_bot and "one brief holds" in m.text]) == 2


async def test_the_guided_text(home: House) -> None:
    """The text of a guided brief has its rest, at once or after the next step was asked, which is then asked anew.

    An edit of either part is an edit of the whole.
    """
    await home.invite(home.alice, "client")
    for late in (False, True):
        await home.alice.says("/brief")
        await home.alice.taps("Drafting", await home.alice.sees("step 1 of 4"))
        await home.alice.sees("step 2 of 4")
        mark = home.alice.mark()
        if late:
            await home.alice.says(f"Price: TBC. {FIRST}", date=AT)
            question = await home.alice.sees(re.compile("question 1 of|step 3 of"), after=mark)
            rest = await home.alice.says("For readers of shops, 100 words.", date=AT + 3)
            asked = await home.alice.sees(re.compile("question 1 of|step 3 of"), after=question)
            assert asked.id == question.id
            await home.alice.edits(rest, "For readers of shops, 200 words.")
        else:
            await home.alice.says(f"Price: TBC. {FIRST}\n{SECOND}")
            asked = await home.alice.sees(re.compile("question 1 of|step 3 of"), after=mark)
        if "question" in asked.text:
            await home.alice.taps("Skip all", asked)
        await home.alice.taps("No deadline", await home.alice.sees("step 3 of 4"))
        await home.alice.taps("Same as my text", await home.alice.sees("step 4 of 4"))
        await home.alice.sees(QUOTE, after=mark)
    texts = [(await brief_of(home, number)).text for number in (1001, 1002)]
    end = "For readers of shops, 200 words."
    assert texts == [f"Price: TBC. {FIRST}\n{SECOND}", f"Price: TBC. {FIRST}\n{end}"]


async def test_a_new_text_for_a_quote(home: House) -> None:
    """[Change text] takes a text of several messages, and a rest that comes after."""
    await home.invite(home.alice, "client")
    await home.alice.says("Write a page about tents.")
    await home.alice.taps("More", await home.alice.sees(QUOTE))
    await home.alice.taps("Change text", await home.alice.sees("Change it before it starts"))
    asked = await home.alice.sees("Your next message takes the place")
    await home.alice.says(FIRST, date=AT)
    changed = await home.alice.sees(QUOTE, after=asked)
    await home.alice.says(SECOND, date=AT + 2)
    await home.alice.sees(QUOTE, after=changed)
    assert (await brief_of(home)).text == f"{FIRST}\n{SECOND}"


@pytest.mark.parametrize("late", [False, True])
async def test_a_draft(home: House, late: bool) -> None:
    """An operator's new draft of several messages takes the draft's place whole, and goes out whole."""
    await home.staff()
    number = await home.brief(OPEN_BRIEF)
    await decides(home.bob, "Edit", await home.bob.sees("Needs your decision"))
    asked = await home.bob.sees("Your next message is the new draft")
    if late:
        await home.bob.says(FIRST, date=AT)
        done = await home.bob.sees("has your text now", after=asked)
        await home.bob.says(SECOND, date=AT + 2)
        await home.bob.sees("has your text now", after=done)
    else:
        await home.bob.says(f"{FIRST}\n{SECOND}")
        await home.bob.sees("has your text now")
    brief = await brief_of(home, number)
    assert brief.draft_id is not None
    async with home.running.app.services.database.reading() as connection:
        draft = await drafts.get_draft(connection, brief.tenant, brief.draft_id)
    assert draft.text == f"{FIRST}\n{SECOND}"
    mark = home.carol.mark()
    await home.carol.says(f"/brief_{number}")
    await home.carol.taps("Approve", await home.carol.sees("Edited by Bob", after=mark))
    file = await home.alice.sees(f"brief-{number}.md")
    assert file.document is not None
    assert file.document.data.decode() == f"{FIRST}\n{SECOND}\n"


async def test_a_rest_for_a_decided_draft(home: House) -> None:
    """Where somebody decided on the beginning of a draft meanwhile, its rest changes nothing and is no brief."""
    await home.staff()
    number = await home.brief(OPEN_BRIEF)
    await decides(home.bob, "Edit", await home.bob.sees("Needs your decision"))
    await home.bob.sees("Your next message is the new draft")
    await home.bob.says(FIRST, date=AT)
    await home.bob.sees("has your text now")
    await home.carol.taps("Approve", await home.carol.sees("Edited by Bob"))
    await home.alice.sees("To pay")
    await home.bob.says(SECOND, date=AT + 2)
    assert f"Brief {number} is " in (await home.bob.sees("that is no longer possible")).text
    assert quotes(home.bob) == []


@pytest.mark.both_databases
async def test_a_restart_between_the_parts(stand_ins: Providers, database_url: str) -> None:
    """The program stops after a quote, or before it; the next one puts the rest to the first part all the same."""
    async with house(stand_ins, database_url) as home:
        await home.invite(home.alice, "client")
        await home.alice.says(FIRST, date=AT)
        quote = await home.alice.sees(QUOTE)
    await home.alice.says(SECOND, date=AT + 3)
    async with house(stand_ins, database_url) as home:
        again = await home.alice.sees(QUOTE, after=quote)
        assert again.id == quote.id
        assert (await brief_of(home)).text == f"{FIRST}\n{SECOND}"
    await home.alice.says(written(300))
    async with house(stand_ins, database_url) as home:
        second = await home.alice.sees(QUOTE, after=again)
        assert not second.edited
        assert (await brief_of(home, 1002)).text == written(300)
        assert len(quotes(home.alice)) == 2


@pytest.mark.both_databases
async def test_a_crash_between_the_parts(stand_ins: Providers, database_url: str) -> None:
    """A first part that became nothing before a crash, and is dealt with anew beside its rest, is not lost."""
    line = "-" * 4_090
    async with house(stand_ins, database_url) as home:
        await home.invite(home.alice, "client")
        await home.alice.says(line, date=AT)
        await home.alice.sees("There is nothing in it to work from")
        await all_dealt_with(home.running.app.services.database)
    await home.alice.says("Write a page about the line above.", date=AT + 1)
    async with house(stand_ins, database_url, frozenset({Part.WEB})) as home:
        app = home.running.app
        await app.services.database.write(forget_the_newest)
        await keep(app.services.database, await app.telegram.get_updates(0))
    async with house(stand_ins, database_url) as home:
        await home.alice.sees(QUOTE)
        assert (await brief_of(home)).text == f"{line}\nWrite a page about the line above."
