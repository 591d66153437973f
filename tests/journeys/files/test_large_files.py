"""Recordings and pictures as large as people send them, and films, really go through."""

import pytest

from sandbox.openai.server import Call
from sandbox.telegram.methods.files import file_content, keep
from sandbox.telegram.params import Upload
from tests.house import BRIEF, House, Providers, house
from tests.sounds import recording

pytestmark = pytest.mark.wire

PNG = b"\x89PNG\r\n\x1a\n"


async def test_a_voice_note_of_3_mb(home: House) -> None:
    """A long voice note is written down."""
    await home.invite(home.alice, "client")
    await home.alice.sends_voice(b"OggS" + bytes(3_000_000), duration=740)
    words = await home.alice.sees("Voice note, 12:20 · Read it before it starts")
    assert home.openai.transcript.split(".")[0] in words.text


async def test_a_recording_of_19_mb(home: House) -> None:
    """The largest recording that Telegram hands out is transcribed, and paid by the minute."""
    await home.staff()
    await home.alice.sends_audio("meeting.mp3", bytes(19_000_000), duration=3_600, caption="Transcribe this, please.")
    quote = await home.alice.sees("Quote · 120.00 USD")
    await home.alice.taps("Yes, start", quote)
    await home.alice.sees("To pay")


async def test_a_picture_of_4_mb(home: House) -> None:
    """A picture with words goes to the drafter as it is."""
    await home.staff()
    seen: list[Call] = []
    home.openai.on_call.append(lambda call: seen.append(call) if call.purpose == "draft" else None)
    await home.alice.sends_photo(PNG + bytes(4_000_000), caption=BRIEF)
    await home.alice.taps("Yes, start", await home.alice.sees("Nothing is spent until you say yes"))
    await home.alice.sees("To pay")
    assert seen


def _send(home: House, kind: str, name: str, mime_type: str, caption: str | None = None, seconds: int = 65) -> None:
    """Alice sends a film, as apps do: of a kind that the stand-in has no method for."""
    kept = file_content("document", keep(home.telegram.world, "document", Upload(name, mime_type, bytes(9_000))), 0)
    film = {"file_id": kept["document"]["file_id"], "file_unique_id": "f", "file_size": 9_000, "duration": seconds}
    named = {} if kind == "video_note" else {"file_name": name, "mime_type": mime_type, "width": 640, "height": 360}
    content: dict[str, object] = {kind: film | named}
    if kind == "animation":
        content["document"] = kept["document"]
    home.alice.app.send(
        content | ({} if caption is None else {"caption": caption}), home.telegram.world.chats[home.alice.id]
    )


async def test_a_film_to_transcribe(home: House) -> None:
    """A meeting that was recorded as MP4 is quoted by its minutes and transcribed."""
    await home.staff()
    _send(home, "video", "meeting.mp4", "video/mp4", "Transcribe this, please.")
    quote = await home.alice.sees("Nothing is spent until you say yes")
    assert "4.00 USD" in quote.text
    await home.alice.taps("Yes, start", quote)
    await home.alice.sees("To pay")


async def test_a_round_film_is_a_spoken_brief(home: House) -> None:
    """A round video message is listened to as a voice note is."""
    await home.invite(home.alice, "client")
    _send(home, "video_note", "round.mp4", "video/mp4", seconds=42)
    await home.alice.sees("video_note.mp4, 0:42 · Read it before it starts")


async def test_a_film_without_sound(home: House) -> None:
    """An animation has no sound, and is refused before anything is spent."""
    await home.invite(home.alice, "client")
    _send(home, "animation", "funny.mp4", "video/mp4")
    await home.alice.sees("I cannot read funny.mp4")
    assert home.openai.calls.total() == 0


@pytest.mark.parametrize("caption", ["Transcribe this, please.", None])
async def test_too_long_for_the_model(stand_ins: Providers, database_url: str, caption: str | None) -> None:
    """What is longer than the transcriber hears is refused kindly before anything is spent."""
    async with house(stand_ins, database_url, transcribe_model="gpt-4o-mini-transcribe") as home:
        await home.carol.says("/start")
        await home.invite(home.alice, "client")
        await home.alice.sends_audio("meeting.wav", recording(1), duration=1_401, caption=caption)
        told = await home.alice.sees("meeting.wav plays 23:21, and I can write down 23:20 at most")
        assert "Cut it into shorter parts" in told.text
        await home.alice.sends_audio("short.wav", recording(1), duration=1_400, caption="Transcribe this, please.")
        await home.alice.sees("Nothing is spent until you say yes")
    assert stand_ins.openai.calls.total() == 0
