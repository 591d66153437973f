"""A file that is put into a message in place of another: the quote follows, or the sender hears that it does not."""

from collections.abc import AsyncIterator

import pytest

from storage.briefs import attachments
from tests.desk import Desk, desk
from tests.house import Providers
from tests.sounds import recording

ASK = "Write a product page from this file."
FIRST, SECOND = b"The lamp runs twelve hours on a charge.", b"The lamp runs thirty hours on a charge."


@pytest.fixture
async def here(stand_ins: Providers, database_url: str) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url) as made:
        yield made


async def _quoted(here: Desk) -> str:
    """The quote as it was last changed."""
    return (await here.told(here.alice.id))[-1].text


async def test_the_quote_follows(here: Desk) -> None:
    """While nothing is started the new file is read, is what the brief is made of, and is named on the quote; the words
    stay. One of the same name and size is another file all the same.
    """
    sent = await here.alice.sends_file("notes.txt", FIRST, ASK, "text/plain")
    await here.card()
    for name, data in (("other.txt", b"It runs ten hours."), ("notes.txt", FIRST), ("notes.txt", SECOND)):
        await here.alice.replaces(sent, name, data)
        assert (await here.card()).text == ""
        quote = await _quoted(here)
        assert f"Read: {name}, {len(data)} characters" in quote
        assert ASK in quote
    listed = await here.says(here.carol, "/briefs")
    shown = (await here.taps(here.carol, listed.rows[0][0].label, listed)).card
    assert shown is not None
    assert "thirty hours" in shown.text
    assert "twelve hours" not in shown.text


async def test_the_price_follows(here: Desk) -> None:
    """A longer recording in place of a shorter one costs its own minutes."""
    sent = await here.alice.sends_audio("talk.mp3", recording(60), 60, "Transcribe this.")
    assert "2.00 USD" in (await here.card()).text
    await here.alice.replaces(sent, "long.mp3", recording(61), "audio", 170)
    await here.card()
    quote = await _quoted(here)
    assert "6.00 USD" in quote
    assert "Read: long.mp3, 2:50" in quote


@pytest.mark.parametrize("name", ["other.txt", "notes.txt"])
async def test_too_late(here: Desk, name: str) -> None:
    """Once it was started, the client hears that the new file is not used and how to hand it in."""
    await here.says(here.alice, "/billing Alice, alice@example.org, Germany")
    sent = await here.alice.sends_file("notes.txt", FIRST, ASK, "text/plain")
    await here.taps(here.alice, "Yes, start", await here.card())
    await here.alice.replaces(sent, name, SECOND)
    told = (await here.card()).text
    assert f"{name} is not used: brief 1001 is in the queue" in told
    assert "send it as a new message" in told


async def test_a_file_that_cannot_be_read(here: Desk) -> None:
    """The quote stands with the file before, and the client hears both."""
    sent = await here.alice.sends_file("notes.txt", FIRST, ASK, "text/plain")
    await here.card()
    await here.alice.replaces(sent, "old.doc", bytes.fromhex("d0cf11e0"))
    told = (await here.card()).text
    assert "old.doc is in Word's old format" in told
    assert "keeps notes.txt as you sent it first" in told


async def test_a_file_that_nothing_came_of(here: Desk) -> None:
    """A file in place of one that was refused is not taken in silence, nor dropped in silence."""
    sent = await here.alice.sends_file("old.doc", bytes.fromhex("d0cf11e0"), ASK)
    await here.card()
    await here.alice.replaces(sent, "notes.txt", FIRST)
    assert "Send it as a new message" in (await here.card()).text


async def test_in_the_guided_brief(here: Desk) -> None:
    """A file that was sent for a step is replaced there."""
    await here.ask(here.alice, "brief.text", {"type": "Drafting"})
    sent = await here.alice.sends_file("notes.txt", FIRST, None, "text/plain")
    assert "Read: notes.txt" in (await here.card()).text
    await here.alice.replaces(sent, "other.txt", SECOND)
    told = (await here.card()).text
    assert "Read: other.txt" in told
    assert "notes.txt" not in told


async def test_a_spoken_brief(here: Desk) -> None:
    """A recording whose words are to be a brief is written down anew; what was heard of the first does not count."""
    sent = await here.alice.sends_audio("talk.mp3", recording(2), 2)
    await here.answers()
    await here.alice.replaces(sent, "other.mp3", recording(3), "audio", 3)
    await here.answers()
    person = await here.person(here.alice)
    async with here.app.services.database.reading() as connection:
        [kept] = await attachments.by_sources(connection, person, [f"telegram:{here.alice.id}:{sent.id}"])
    assert (kept.name, kept.seconds, kept.text) == ("other.mp3", 3, None)
    assert "other.mp3" in await _quoted(here)
