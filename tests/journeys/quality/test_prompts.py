"""What the models are told: read, written anew, compared, put in use, and recorded with what was made of it."""

import re

import pytest
from sqlalchemy import select

from bot.drafting import prompts as drafting
from bot.quality import judge
from sandbox.telegram.seen import Seen
from storage.tables.audit import audit
from storage.tables.briefs import drafts
from storage.tables.models import model_calls
from tests.house import BRIEF, OPEN_BRIEF, House

THOROUGH = f"{drafting.SYSTEM}\nCover every point that the brief makes."
# More asks than the drafter of the sandbox covers unless it is told to.
LONG_BRIEF = (
    f"{BRIEF} Explain how a pickup is booked by phone. Describe the electric cargo bikes. "
    "Say that riders wear blue jackets. State that returns are accepted for two weeks. Mention the harbour depot. "
    "Include the office hours from nine to five."
)


async def write(home: House, what: str, text: str, changelog: str = "covers every point") -> Seen:
    """Carol writes a new version; returns its card."""
    mark = home.carol.mark()
    await home.carol.says(f"/prompt {what}")
    await home.carol.sees("Your next message is the whole text", after=mark)
    await home.carol.sends_file("prompt.md", text.encode())
    await home.carol.sees("The text is fine", after=mark)
    await home.carol.says(changelog)
    return await home.carol.sees("Not in use", after=mark)


async def use(home: House, card: Seen) -> Seen:
    """Carol puts the version on the card in use."""
    number = re.search(r"Version (\d+)", card.text)
    assert number is not None
    await home.carol.taps("Use this", card)
    mark = home.carol.mark()
    await home.carol.taps(f"Use version {number[1]}", await home.carol.sees(f"Put version {number[1]} in use?"))
    return await home.carol.sees("In use", after=mark)


async def test_what_is_in_use(home: House) -> None:
    """The texts that came with the program are version 1 and in use; a version's card has its text as a file."""
    await home.carol.says("/prompts")
    listed = await home.carol.sees("3 in use")
    number = re.search(r"/prompt_(\d+) Draft · all types: version 1", listed.text)
    assert number is not None
    await home.carol.says(f"/prompt_{number[1]}")
    card = await home.carol.sees("Draft · all types · Version 1 · In use")
    assert "Came with the program" in card.text
    await home.carol.taps("Whole text", card)
    file = (await home.carol.sees("prompt-draft-1.md")).document
    assert file is not None
    assert file.data.decode() == drafting.SYSTEM + "\n"


async def test_a_new_version(home: House) -> None:
    """A version is written, put in use after a yes, serves the next brief, and its drafts are counted with it."""
    await home.staff()
    card = await write(home, "draft drafting", THOROUGH)
    assert "covers every point" in card.text
    assert "By Carol" in card.text
    assert "No draft was made with it yet" in card.text
    await use(home, card)
    number = await home.brief(LONG_BRIEF)
    await home.alice.sees(f"Brief {number} · Delivered")
    await home.carol.says("/prompts")
    listed = await home.carol.sees("4 in use")
    found = re.search(r"/prompt_(\d+) Draft · Drafting: version 1", listed.text)
    assert found is not None
    await home.carol.says(f"/prompt_{found[1]}")
    await home.carol.sees(re.compile(r"1 draft, \d\d\.\d points on average"))
    async with home.running.app.services.database.reading() as connection:
        assert list((await connection.execute(select(drafts.c.prompt_id))).scalars()) == [int(found[1])]
        names = (await connection.execute(select(model_calls.c.purpose, model_calls.c.prompt_version))).all()
        assert {tuple(row) for row in names} == {("draft", "draft/Drafting/1"), ("judge", "judge/1")}
        trail = select(audit.c.action).where(audit.c.subject == f"prompt:{found[1]}").order_by(audit.c.id)
        assert list((await connection.execute(trail)).scalars()) == ["prompt.added", "prompt.used"]


async def test_what_people_made_of_its_drafts(home: House) -> None:
    """A version's card counts what people decided on its drafts, and how many they turned back."""
    await home.staff()
    number = await home.brief(OPEN_BRIEF)
    card = await home.bob.sees(f"Brief {number} · Needs your decision")
    await home.bob.taps("Send back", card)
    mark = home.bob.mark()
    await home.bob.says("Leave the delivery time out, the brief does not give one.")
    card = await home.bob.sees(f"Brief {number} · Needs your decision", after=mark)
    await home.bob.taps("Approve", card)
    await home.alice.sees(f"Brief {number} · Delivered")
    await home.bob.says("/prompt_1001")
    await home.bob.sees("people decided on 2 and sent 1 back")


LONG_PROMPT = judge.SYSTEM + "\nKeep every sentence short and plain." * 120


async def test_a_text_that_telegram_cuts_in_two(home: House) -> None:
    """A prompt that comes as several messages is one text."""
    await home.carol.says("/prompt judge")
    await home.carol.sees("or send it as an .md file")
    await home.carol.says(LONG_PROMPT)
    await home.carol.sees("The text is fine")
    await home.carol.says("short and plain")
    await home.carol.taps("Whole text", await home.carol.sees("Version 2 · Not in use"))
    file = (await home.carol.sees("prompt-judge-2.md")).document
    assert file is not None
    assert file.data.decode() == f"{LONG_PROMPT}\n"


async def test_the_rest_of_a_text_comes_late(home: House) -> None:
    """A rest that comes once the changelog is asked for is not taken for it; the admin reads how to send it as one."""
    cut = LONG_PROMPT.rindex("\n", 0, 4_000)
    await home.carol.says("/prompt judge")
    await home.carol.sees("or send it as an .md file")
    await home.carol.says(LONG_PROMPT[:cut])
    await home.carol.sees("The text is fine")
    await home.carol.says(LONG_PROMPT[cut:])
    await home.carol.sees("take /stop, and send the whole prompt as an .md file")


async def test_versions_and_their_difference(home: House) -> None:
    """Versions are listed newest first; the difference to the one before and to the one in use is shown in the chat."""
    await use(home, await write(home, "draft", THOROUGH))
    card = await write(home, "draft", THOROUGH.replace("every point", "each point twice"), "says it twice")
    assert {"Compare with 2", "Whole text", "Versions"} <= set(card.labels)
    await home.carol.taps("Compare with 2", card)
    compared = await home.carol.sees("Version 2 to 3")
    assert "<s>every</s> <b>each</b> point <b>twice</b> that the brief makes." in compared.html
    await home.carol.taps("Versions", card)
    listed = await home.carol.sees("Draft · all types · Versions")
    assert re.findall(r"version (\d)( in use)?: (.*)", listed.text) == [
        ("3", "", "says it twice"), ("2", " in use", "covers every point"), ("1", "", "Came with the program")
    ]  # fmt: skip


async def test_a_long_difference_is_a_file(home: House) -> None:
    """A difference that is longer than a card comes as a file."""
    more = "\n".join(f"Rule {number}: keep sentence number {number} short and plain." for number in range(150))
    card = await write(home, "judge", f"{judge.SYSTEM}\n{more}")
    await home.carol.taps("Compare with 1", card)
    document = (await home.carol.sees("prompt-judge-2-from-1.diff")).document
    assert document is not None
    assert "+Rule 149: keep sentence number 149 short and plain." in document.data.decode().splitlines()


async def test_back_to_the_one_for_all_types(home: House) -> None:
    """A type's own version can be taken out of use, and the one for all types serves it again."""
    await home.staff()
    mine = await use(home, await write(home, "draft Drafting", THOROUGH))
    await home.carol.taps("Use the one for all types", mine)
    await home.carol.taps("Use the one for all", await home.carol.sees("Use the one for all types?"))
    await home.carol.sees("Draft · Drafting · Version 1 · Not in use", after=mine)
    number = await home.brief()
    await home.alice.sees(f"Brief {number} · Delivered")
    async with home.running.app.services.database.reading() as connection:
        calls = select(model_calls.c.prompt_version).where(model_calls.c.purpose == "draft")
        assert set((await connection.execute(calls)).scalars()) == {"draft/1"}


async def test_a_text_that_lacks_something(home: House) -> None:
    """A text without what the code relies on is refused with what is missing, and asked for again."""
    await home.carol.says("/prompt judge")
    await home.carol.sees("Your next message is the whole text")
    await home.carol.says("Judge {brief} well.")
    refused = await home.carol.sees("That text cannot be used")
    assert "{criteria} is missing" in refused.text
    assert "{brief} is no placeholder" in refused.text
    await home.carol.says(judge.SYSTEM)
    await home.carol.sees("That is version 1, word for word")
    await home.carol.says(f"{judge.SYSTEM}\nBe strict.")
    await home.carol.sees("The text is fine")


async def test_a_purpose_that_is_none(home: House) -> None:
    """/prompt without a purpose, or with a type that is none, is answered with an example."""
    await home.carol.says("/prompt")
    await home.carol.sees("For example: /prompt draft Research")
    await home.carol.says("/prompt draft Poetry")
    await home.carol.sees("There is no type “Poetry”")


@pytest.mark.both_databases
async def test_two_admins_at_once(home: House) -> None:
    """Who taps on a card from before another version was put in use is told so, and nothing changes."""
    second = await write(home, "draft", THOROUGH)
    third = await write(home, "draft", f"{THOROUGH} Be brief.")
    await use(home, second)
    await home.carol.taps("Use this", third)
    toast = await home.carol.taps("Use version 3", await home.carol.sees("Put version 3 in use?"))
    assert "Another version was put in use in the meantime" in toast.text
    await home.carol.says("/prompts")
    await home.carol.sees("Draft · all types: version 2")


async def test_prompts_are_for_the_team(home: House) -> None:
    """A client reads no prompts; an analyst and an operator read them and change none."""
    await home.staff()
    await home.alice.says("/prompts")
    await home.alice.sees("may read prompts")
    for person in (home.dan, home.bob):
        await person.says("/prompts")
        listed = await person.sees("3 in use")
        await person.says(re.findall(r"/prompt_\d+", listed.text)[0])
        card = await person.sees("Version 1 · In use")
        assert card.labels == ["Whole text", "Versions"]
        await person.says("/prompt draft")
        await person.sees("Only admins may change prompts")
