"""Recordings that are to be transcribed, and pictures that the drafter looks at."""

import io
import wave
from typing import Any

from sqlalchemy import select

from sandbox.faults import Fault
from sandbox.telegram.methods.files import keep
from sandbox.telegram.params import Upload
from storage.tables import attachments, briefs, drafts, model_calls, people
from tests.house import ALICE, House, Providers, house
from tests.journeys.test_duels import begin, figures
from tests.journeys.test_prompts import LONG_BRIEF, THOROUGH
from tests.judged import judging

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
ASK = "Transcribe the recording of our meeting."
SAID = "We meet again on the first of June. Parking is free behind the house."


def _recording(seconds: int) -> bytes:
    data = io.BytesIO()
    with wave.open(data, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(1)
        out.setframerate(8000)
        out.writeframes(bytes(8000 * seconds))
    return data.getvalue()


async def _brief_with(home: House, ask: str, kind: str, *files: tuple[str, str, bytes]) -> int:
    """Alice's brief, and what came with it: (name, mime type, content) of each file; she says yes."""
    await home.alice.says(ask)
    quote = await home.alice.sees("Nothing is spent until you say yes")
    number = int(quote.text.split()[1])
    database = home.running.app.services.database
    async with database.reading() as connection:
        query = select(people.c.id).where(people.c.telegram_id == ALICE)
        alice = (await connection.execute(query)).scalar_one()
    for index, (name, mime_type, data) in enumerate(files):
        stored = keep(home.telegram.world, "document", Upload(name, mime_type, data))
        row: dict[str, Any] = {"tenant": "main", "person_id": alice, "brief_id": number, "kind": kind}
        row |= {"source_key": f"file:{index}", "file_id": stored.id, "name": name, "mime_type": mime_type}
        row |= {"size": len(data), "seconds": 60 if kind == "audio" else None, "text": None}
        await database.write(
            lambda tx, row=row: tx.run(attachments.insert(), row | {"created_at": tx.now})  # type: ignore[misc]
        )
    await home.alice.taps("Yes, start", quote)
    return number


async def test_a_recording_becomes_a_transcript(home: House) -> None:
    """Each recording is written down once, its words are part of the brief for drafter and judge, its cost is kept."""
    await home.staff()
    home.openai.transcripts = {"one.wav": SAID, "two.wav": "The second part is short."}
    heard: list[str] = []
    home.openai.on_call.append(lambda call: heard.append(call.prompt.user) if call.prompt else None)
    home.openai.dictated = judging(95)
    files = [(name, "audio/wav", _recording(60)) for name in ("one.wav", "two.wav")]
    number = await _brief_with(home, ASK, "audio", *files)
    file = await home.alice.sees(f"Brief {number}, the whole text")
    assert file.document is not None
    assert "Parking is free behind the house" in file.document.data.decode()
    assert home.openai.calls["audio/transcriptions", "whisper-1"] == 2
    assert all(SAID in user and "The second part is short." in user for user in heard)
    async with home.running.app.services.database.reading() as connection:
        costs = select(model_calls.c.cost_micro_usd).where(
            model_calls.c.purpose == "transcribe", model_calls.c.brief_id == number
        )
        assert list((await connection.execute(costs)).scalars()) == [6_000, 6_000]


async def test_listening_fails_at_first(home: House) -> None:
    """A recording whose transcript is lost on the way is written down again; the brief is delivered with it, once."""
    await home.staff()
    home.openai.transcripts = {"one.wav": SAID}
    home.openai.dictated = judging(95)
    home.openai.faults.add(Fault("POST .*/audio/transcriptions", "lose_reply", times=1))
    number = await _brief_with(home, ASK, "audio", ("one.wav", "audio/wav", _recording(60)))
    await home.alice.sees(f"Brief {number}, the whole text", timeout=30)
    async with home.running.app.services.database.reading() as connection:
        text = (await connection.execute(select(briefs.c.text).where(briefs.c.id == number))).scalar_one()
        assert text == f"{ASK}\n\n## Recording: one.wav\n{SAID}"
        outcomes = select(model_calls.c.outcome).where(model_calls.c.purpose == "transcribe").order_by(model_calls.c.id)
        assert list((await connection.execute(outcomes)).scalars()) == ["failed", "ok"]


async def test_a_long_recording(stand_ins: Providers, database_url: str) -> None:
    """Words that no answer could hold go out as they were heard, instead of being cut off."""
    async with house(stand_ins, database_url, draft_max_tokens=256) as home:
        await home.staff()
        home.openai.transcripts = {"one.wav": (SAID + " ") * 30}
        home.openai.dictated = judging(95)
        number = await _brief_with(home, ASK, "audio", ("one.wav", "audio/wav", _recording(60)))
        file = await home.alice.sees(f"Brief {number}, the whole text")
        assert file.document is not None
        assert file.document.data.decode().count("Parking is free") == 30
        async with home.running.app.services.database.reading() as connection:
            assert list((await connection.execute(select(drafts.c.model))).scalars()) == ["as it was heard"]


async def test_pictures_reach_the_drafter(home: House) -> None:
    """Pictures go with the prompt of the drafter, each of them, and with nobody else's."""
    await home.staff()
    seen: list[tuple[str, int]] = []
    home.openai.on_call.append(lambda call: seen.append((call.purpose, call.prompt.images)) if call.prompt else None)
    home.openai.dictated = judging(95)
    ask = "Describe the two products in these pictures for our shop."
    number = await _brief_with(home, ask, "image", ("a.png", "image/png", PNG), ("b.png", "image/png", PNG))
    await home.alice.sees(f"Brief {number}, the whole text")
    assert [images for purpose, images in seen if purpose == "draft"] == [2]
    assert {images for purpose, images in seen if purpose == "judge"} == {0}


async def test_pictures_reach_both_sides_of_a_duel(home: House) -> None:
    """The second draft of a duel is written from the same pictures as the first."""
    await home.staff()
    duel = await begin(home, THOROUGH)
    seen: list[int] = []
    home.openai.on_call.append(
        lambda call: seen.append(call.prompt.images) if call.prompt and call.purpose == "draft" else None
    )
    home.openai.dictated = judging(95)
    await _brief_with(home, LONG_BRIEF, "image", ("a.png", "image/png", PNG))
    await figures(home, duel, "1 pair")
    assert seen == [1, 1]
