"""Albums over the wire: one message for each file, and one brief with the words that stand under one of them."""

import pytest

from sandbox.telegram.methods.files import file_content, keep
from sandbox.telegram.params import Upload
from tests.house import House
from tests.sounds import recording

pytestmark = pytest.mark.wire

WORDS = "Please transcribe these three parts"


def sends_recordings(home: House, captions: tuple[str, ...]) -> None:
    """Alice sends an album of recordings of a minute each."""
    world = home.telegram.world
    for number, caption in enumerate(captions):
        upload = Upload(f"part{number}.mp3", "audio/mpeg", recording(60))
        content = file_content("audio", keep(world, "audio", upload), 60) | {"media_group_id": "777"}
        home.alice.app.send(content | ({"caption": caption} if caption else {}), world.chats[home.alice.id])


@pytest.mark.parametrize("captions", [(WORDS, "", ""), ("", "", WORDS)], ids=["first", "last"])
async def test_recordings_are_one_brief(home: House, captions: tuple[str, ...]) -> None:
    """Three recordings with the words under any of them are one quote that names all and costs their minutes together;
    nothing is written down before the yes.
    """
    await home.invite(home.alice, "client")
    sends_recordings(home, captions)
    await home.alice.sees("part2.mp3")
    quote = await home.alice.sees("Nothing is spent until you say yes")
    assert quote.text.splitlines()[:3] == [
        "Quote · 6.00 USD",
        f"{WORDS} · Transcription",
        "Read: part0.mp3, 1:00; part1.mp3, 1:00; part2.mp3, 1:00",
    ]
    assert home.openai.calls.total() == 0


async def test_the_words_under_a_file_that_is_refused(home: House) -> None:
    """What stands under a file that cannot be read is what the others are for."""
    await home.invite(home.alice, "client")
    await home.alice.sends_album(
        ("old.doc", bytes.fromhex("d0cf11e0"), "application/msword"),
        ("notes.txt", b"The lamp runs twelve hours on a charge.", "text/plain"),
        caption="Write a product page from these two files, 200 words.",
    )
    await home.alice.sees("old.doc is in Word's old format")
    quote = await home.alice.sees("Read: notes.txt")
    assert "Write a product page" in quote.text


async def test_a_caption_is_edited(home: House) -> None:
    """A file of an album that is replaced takes no words with it; the album's words, edited, change on the quote."""
    await home.invite(home.alice, "client")
    first, second = await home.alice.sends_album(
        ("a.txt", b"It runs ten hours.", "text/plain"),
        ("b.txt", b"It weighs 300 grams.", "text/plain"),
        caption="Write a product page, 200 words.",
    )
    await home.alice.sees("b.txt")
    await home.alice.replaces(second, "c.txt", b"It weighs 400 grams.")
    quote = await home.alice.sees("c.txt")
    assert "Write a product page, 200 words." in quote.text
    await home.alice.edits(first, "Write a letter, 100 words.")
    quote = await home.alice.sees("Write a letter, 100 words.")
    assert "product page" not in quote.text
    assert "Read: a.txt, 18 characters; c.txt, 20 characters" in quote.text


async def test_in_the_guided_brief(home: House) -> None:
    """An album that is sent for a step is one answer: no file of it answers the next question."""
    await home.invite(home.alice, "client")
    await home.alice.says("/brief")
    await home.alice.taps("Drafting", await home.alice.sees("step 1 of 4"))
    await home.alice.sees("step 2 of 4")
    await home.alice.sends_album(
        *((f"{name}.txt", f"Part {name} of the notes.".encode(), "text/plain") for name in "abc"),
        caption="Compare three courier bags by volume and weight for commuters, about 200 words.",
    )
    step = await home.alice.sees("Read: c.txt")
    assert "step 3 of 4" in step.text
    await home.alice.taps("No deadline", step)
    await home.alice.taps("Same as my text", await home.alice.sees("step 4 of 4"))
    quote = await home.alice.sees("Nothing is spent until you say yes")
    assert all(f"{name}.txt, 20 characters" in quote.text for name in "abc")
    assert "1002" not in home.alice.transcript()
