"""Spoken briefs: heard, read, put right, and started; and recordings that are to be written down themselves."""

import pytest

from bot.access.model import TENANT
from bot.parts import Part
from sandbox.faults import Fault
from storage.briefs import attachments, briefs, drafts
from storage.tables.models import model_calls
from tests.eventually import eventually
from tests.house import House, Providers, house

SOUND = b"OggS" + b"\0" * 20_000
SAID = "Please write a short notice for customers. The studio moves to Harbour Street on the first of June."


async def spoken(home: House) -> object:
    """Alice speaks SAID into her phone."""
    home.openai.transcript = SAID
    await home.invite(home.alice, "client")
    return await home.alice.sends_voice(SOUND, duration=42)


async def calls(home: House) -> list[tuple[str, int | None]]:
    """The recorded calls of models: purpose and brief."""
    async with home.running.app.services.database.reading() as connection:
        rows = await connection.execute(model_calls.select().order_by(model_calls.c.id))
        return [(row.purpose, row.brief_id) for row in rows]


async def test_a_voice_brief(home: House) -> None:
    """The words are shown with type and price; nothing is drafted before Go, and Go starts it in the same message."""
    await spoken(home)
    words = await home.alice.sees("Voice note, 0:42 · Read it before it starts")
    assert SAID in words.text
    assert "Drafting · 120.00 USD. Nothing is spent until you say yes." in words.text
    assert await calls(home) == [("transcribe", None)]
    toast = await home.alice.taps("Yes, start", words)
    assert toast.text == "Brief 1001 is started"
    progress = await home.alice.sees("Brief 1001 · Delivered, invoice open", after=words)
    assert progress.id == words.id
    await home.alice.sees("To pay")
    async with home.running.app.services.database.reading() as connection:
        (kept,) = await attachments.of_brief(connection, "main", 1001)
        assert (kept.kind, kept.seconds, kept.text) == ("voice", 42, SAID)
        assert await drafts.spent(connection, "main", 1001) > 0


async def test_corrected_by_an_answer(home: House) -> None:
    """An answer to the words puts the line right that it is most like; only the new Go counts."""
    await spoken(home)
    words = await home.alice.sees("Read it before it starts")
    await home.alice.says("The studio moves to Harbour Road on the first of July.", reply_to=words)
    right = await home.alice.sees("Harbour Road on the first of July", after=words)
    assert "Please write a short notice for customers." in right.text
    toast = await home.alice.taps("Yes, start", words)
    assert "The text changed since" in toast.text
    await home.alice.taps("Yes, start", right)
    await home.carol.says("/brief_1001")
    assert "Harbour Road on the first of July" in (await home.carol.sees("Brief 1001 · ")).text


async def test_corrected_by_a_quote(home: House) -> None:
    """An answer that quotes a part replaces that part."""
    await spoken(home)
    words = await home.alice.sees("Read it before it starts")
    await home.alice.says("July", reply_to=words, quote="June")
    right = await home.alice.sees("on the first of July", after=words)
    assert "Harbour Street" in right.text


async def test_corrected_by_the_next_message(home: House) -> None:
    """After Correct the next message is the correction; one that fits no line is asked about."""
    await spoken(home)
    await home.alice.taps("Correct it", await home.alice.sees("Read it before it starts"))
    await home.alice.sees("Voice note, 0:42 · Correct")
    await home.alice.says("Bananas.")
    await home.alice.sees("I cannot tell which line that is for")
    await home.alice.says("Please write a long notice for customers.")
    await home.alice.sees("Please write a long notice for customers. The studio moves to Harbour Street")
    await home.alice.says("Write a page about the lamp L2 for campers.")
    await home.alice.sees("Quote · 120.00 USD")


async def test_drop(home: House) -> None:
    """Dropped words are gone, nothing is started, and a late Go is told so."""
    await spoken(home)
    words = await home.alice.sees("Read it before it starts")
    go = next(button.target for row in words.buttons for button in row if button.label == "Yes, start")
    await home.alice.taps("Discard", words)
    await home.alice.sees("Voice note, 0:42 · Discarded")
    toast = await home.alice.taps_raw(go, words)
    assert "That was discarded before" in toast.text
    await home.alice.says("/briefs")
    await home.alice.sees("No briefs yet")


async def test_more(home: House) -> None:
    """[More options] makes a quote of the words, where all else can be changed."""
    await spoken(home)
    await home.alice.taps("More options", await home.alice.sees("Read it before it starts"))
    quote = await home.alice.sees("Quote · 120.00 USD")
    assert "Read: voice note, 0:42" in quote.text
    await home.alice.taps("Other type", quote)
    prices = await home.alice.sees("What kind of work is it?")
    assert "Transcription · 2.00 USD" in prices.labels
    await home.alice.taps("Research · 180.00 USD", prices)
    await home.alice.sees("Quote · 180.00 USD")


async def test_in_the_guided_brief(home: House) -> None:
    """Within /brief the words become its text, and the steps go on."""
    home.openai.transcript = "Compare three courier bags by weight for commuters, about 200 words."
    await home.invite(home.alice, "client")
    await home.alice.says("/brief")
    await home.alice.taps("Research", await home.alice.sees("step 1 of 4"))
    await home.alice.sees("step 2 of 4")
    await home.alice.sends_voice(SOUND, duration=9)
    await home.alice.taps("Yes, start", await home.alice.sees("Read it before it starts"))
    await home.alice.taps("No deadline", await home.alice.sees("step 3 of 4"))
    await home.alice.taps("Same as my text", await home.alice.sees("step 4 of 4"))
    quote = await home.alice.sees("Quote · 180.00 USD")
    assert "Compare three courier bags" in quote.text


async def test_a_recording_to_be_transcribed(home: House) -> None:
    """An audio file with the word Transcribe is a Transcription brief, priced by minutes begun, and not heard yet."""
    await home.invite(home.alice, "client")
    await home.alice.sends_audio("meeting.mp3", SOUND, duration=601, caption="Please transcribe this meeting")
    quote = await home.alice.sees("Nothing is spent until you say yes")
    assert quote.text.splitlines()[:3] == [
        "Quote · 22.00 USD",
        "Please transcribe this meeting · Transcription",
        "Read: meeting.mp3, 10:01",
    ]
    assert home.openai.calls.total() == 0


async def test_a_recording_in_the_guided_brief(home: House) -> None:
    """/brief with the type Transcription takes a recording without a word, and asks nothing about it."""
    await home.invite(home.alice, "client")
    await home.alice.says("/brief")
    await home.alice.taps("Transcription", await home.alice.sees("step 1 of 4"))
    await home.alice.sees("step 2 of 4")
    await home.alice.sends_audio("meeting.mp3", SOUND, duration=61)
    await home.alice.taps("No deadline", await home.alice.sees("step 3 of 4"))
    await home.alice.taps("Same as my text", await home.alice.sees("step 4 of 4"))
    quote = await home.alice.sees("Quote · 4.00 USD")
    assert "Transcribe meeting.mp3." in quote.text
    assert home.openai.calls.total() == 0


async def test_too_long_or_unheard_of(home: House) -> None:
    """What is too long to listen to, or of a kind that models do not hear, is refused in plain words, unfetched."""
    await home.invite(home.alice, "client")
    await home.alice.sends_voice(SOUND, duration=1801)
    await home.alice.sees("I listen to a spoken brief of up to 30 min")
    await home.alice.sends_audio("song.amr", SOUND, duration=60)
    await home.alice.sees("I cannot listen to song.amr")
    await home.alice.sends_file("meeting.wav", SOUND, caption="Transcribe", mime_type="audio/wav")
    await home.alice.sees("Send it as music instead of as a file")
    assert home.telegram.calls["getFile"] == 0


async def test_no_words(home: House) -> None:
    """A recording without words is told so."""
    await home.invite(home.alice, "client")
    home.openai.transcript = " "
    await home.alice.sends_voice(SOUND, duration=3)
    await home.alice.sees("Voice note, 0:03 · No words in it")


async def test_a_model_that_is_away(home: House) -> None:
    """While the model is away the recording waits, and is written down once it is back."""
    home.openai.faults.add(Fault("POST .*/audio/transcriptions", "status", times=4, status=503))
    await spoken(home)
    await home.alice.sees("Voice note, 0:42 · Being written down")
    await home.alice.sees("Read it before it starts", timeout=40)


async def test_a_recording_that_the_model_refuses(home: House) -> None:
    """A file that the model refuses for good is told about, with what to do instead."""
    home.openai.faults.add(Fault("POST .*/audio/transcriptions", "status", status=400))
    await spoken(home)
    await home.alice.sees("Voice note, 0:42 · Cannot be written down")


@pytest.mark.both_databases
async def test_a_restart_in_between(stand_ins: Providers, database_url: str) -> None:
    """The program stops before a recording is written down; the next one does it, and shows it in the same message."""
    async with house(stand_ins, database_url, frozenset(Part) - {Part.WORKER}) as home:
        await home.carol.says("/start")
        await spoken(home)
        listening = await home.alice.sees("Being written down")
    async with house(stand_ins, database_url) as home:
        words = await home.alice.sees("Read it before it starts")
        assert words.id == listening.id
        await home.alice.taps("Yes, start", words)
        await home.alice.sees("To pay")


@pytest.mark.both_databases
async def test_dropped_while_it_is_heard(home: House) -> None:
    """What is dropped before it is written down shows no words afterwards."""
    home.openai.latency = 0.5
    await spoken(home)
    await home.alice.taps("Discard", await home.alice.sees("Being written down"))
    await home.alice.sees("Voice note, 0:42 · Discarded")
    assert await eventually(lambda: calls(home)) == [("transcribe", None)]
    await home.alice.says("/briefs")
    await home.alice.sees("No briefs yet")
    assert "Read it before it starts" not in home.alice.transcript()


CAPTION = "For our regular customers, in a friendly tone."


async def test_words_under_a_recording(home: House) -> None:
    """What was written under a recording stands above what is said in it, and goes into the brief with it."""
    home.openai.transcript = SAID
    await home.invite(home.alice, "client")
    await home.alice.sends_audio("note.mp3", SOUND, duration=42, caption=CAPTION)
    words = await home.alice.sees("Read it before it starts")
    assert f"{CAPTION}\n\n{SAID}" in words.text
    await home.alice.taps("Yes, start", words)
    await home.alice.sees("Brief 1001 · Delivered")
    async with home.running.app.services.database.reading() as connection:
        brief = await briefs.get(connection, TENANT, 1001)
    assert brief is not None
    assert brief.text == f"{CAPTION}\n\n{SAID}"


async def test_words_under_a_recording_are_edited(home: House) -> None:
    """While nothing is started they follow an edit, before Go and on the quote; what was said stays."""
    home.openai.transcript = SAID
    await home.invite(home.alice, "client")
    sent = await home.alice.sends_audio("note.mp3", SOUND, duration=42, caption=CAPTION)
    words = await home.alice.sees("Read it before it starts")
    await home.alice.edits(sent, "For our new customers.")
    words = await home.alice.sees(f"For our new customers.\n\n{SAID}", after=words)
    await home.alice.taps("More options", words)
    quote = await home.alice.sees("Quote · 120.00 USD")
    await home.alice.edits(sent, "For all customers.")
    changed = await home.alice.sees("For all customers.\n\nPlease write a short notice", after=quote)
    assert "new customers" not in changed.text


async def test_words_under_silence(home: House) -> None:
    """Where nothing is heard, its sender reads that the words under it were not used either."""
    home.openai.transcript = ""
    await home.invite(home.alice, "client")
    await home.alice.sends_audio("note.mp3", SOUND, duration=42, caption=CAPTION)
    await home.alice.sees("The words under it were not used either")


async def test_a_spoken_complaint(home: House) -> None:
    """Who speaks a complaint is told so beside the price, and has the team told by a tap, and of a correction
    by another one; nothing is started.
    """
    home.openai.transcript = "I want my money back, the text is useless."
    await home.invite(home.alice, "client")
    await home.alice.sends_voice(SOUND, duration=9)
    words = await home.alice.sees("It sounds like a question or a complaint")
    await home.alice.taps("Write to the team", words)
    await home.alice.sees("The team has your message")
    card = await home.carol.sees("Waits for an answer")
    assert "the text is useless" in card.text
    assert (await home.carol.sees("A file from Alice")).document is not None
    await home.alice.says("I want my money back, the text is no use.", reply_to=words)
    await home.alice.taps("Write to the team", await home.alice.sees("the text is no use"))
    assert (await home.carol.sees("the text is no use")).id == card.id
    await home.alice.says("/briefs")
    await home.alice.sees("No briefs yet")
