"""Recordings that are to be transcribed, and pictures that the drafter looks at."""

import pytest
from sqlalchemy import select

from sandbox.faults import Fault
from storage.tables.briefs import briefs, drafts
from storage.tables.models import model_calls
from tests.consents import allows_all
from tests.house import House, Providers, house, number_in
from tests.journeys.quality.test_duels import begin, figures
from tests.journeys.quality.test_prompts import LONG_BRIEF, THOROUGH
from tests.judged import judging
from tests.sounds import recording

pytestmark = pytest.mark.wire

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
ASK = "Transcribe the recording of our meeting."
SAID = "We meet again on the first of June. Parking is free behind the house."


async def _recorded(home: House, *names: str) -> int:
    """Alice hands recordings of a minute each in, step by step where there are several, and says yes."""
    first, *others = names
    if others:
        await home.alice.says("/brief")
        await home.alice.taps("Transcription", await home.alice.sees("step 1 of 4"))
        await home.alice.sees("step 2 of 4")
    await home.alice.sends_audio(first, recording(60), duration=60, caption=ASK)
    for name in others:
        await home.alice.sees("step 3 of 4")
        await home.alice.sends_audio(name, recording(60), duration=60)
        await home.alice.taps("No deadline", await home.alice.sees(f"Read: {name}"))
        await home.alice.taps("Same as my text", await home.alice.sees("step 4 of 4"))
    return await _started(home)


async def _started(home: House) -> int:
    """Alice says yes to the quote."""
    quote = await home.alice.sees("Nothing is spent until you say yes")
    return number_in(await home.alice.taps("Yes, start", quote))


async def test_a_recording_from_end_to_end(home: House) -> None:
    """A client sends a recording, sees its price by the minute, says yes, gets the text, and pays for the minutes."""
    await home.staff()
    home.openai.transcripts = {"meeting.wav": SAID}
    home.openai.dictated = judging(95)
    await home.alice.sends_audio("meeting.wav", recording(61), duration=61, caption="Transcribe this, please.")
    quote = await home.alice.sees("Quote · 4.00 USD")
    assert quote.text.splitlines()[1:3] == ["Transcribe this, please. · Transcription", "Read: meeting.wav, 1:01"]
    assert home.openai.calls.total() == 0
    await home.alice.taps("Yes, start", quote)
    file = await home.alice.sees("Brief 1001, the whole text")
    assert file.document is not None
    assert "Parking is free behind the house" in file.document.data.decode()
    bill = await home.alice.sees("To pay")
    assert "4.00 USD for brief 1001" in bill.text
    [invoice] = home.stripe.invoices.values()
    assert (invoice["amount_due"], invoice["currency"]) == (400, "usd")
    await home.pay(1001)
    await home.alice.sees("Brief 1001 · Paid")
    async with home.running.app.services.database.reading() as connection:
        heard = select(model_calls.c.cost_micro_usd).where(model_calls.c.purpose == "transcribe")
        assert list((await connection.execute(heard)).scalars()) == [4_575]


async def test_a_recording_becomes_a_transcript(home: House) -> None:
    """Each recording is written down once, its words are part of the brief for drafter and judge, its cost is kept."""
    await home.staff()
    home.openai.transcripts = {"one.wav": SAID, "two.wav": "The second part is short."}
    heard: list[str] = []
    home.openai.on_call.append(lambda call: heard.append(call.prompt.user) if call.prompt else None)
    home.openai.dictated = judging(95)
    number = await _recorded(home, "one.wav", "two.wav")
    file = await home.alice.sees(f"Brief {number}, the whole text")
    assert file.document is not None
    assert "Parking is free behind the house" in file.document.data.decode()
    assert home.openai.calls["audio/transcriptions", home.settings.transcribe_model] == 2
    assert all(SAID in user and "The second part is short." in user for user in heard)
    async with home.running.app.services.database.reading() as connection:
        costs = select(model_calls.c.cost_micro_usd).where(
            model_calls.c.purpose == "transcribe", model_calls.c.brief_id == number
        )
        assert list((await connection.execute(costs)).scalars()) == [4_500, 4_500]


async def test_listening_fails_at_first(home: House) -> None:
    """A recording whose transcript is lost on the way is written down again; the brief is delivered with it, once."""
    await home.staff()
    home.openai.transcripts = {"one.wav": SAID}
    home.openai.dictated = judging(95)
    home.openai.faults.add(Fault("POST .*/audio/transcriptions", "lose_reply", times=1))
    number = await _recorded(home, "one.wav")
    await home.alice.sees(f"Brief {number}, the whole text", timeout=30)
    async with home.running.app.services.database.reading() as connection:
        text = (await connection.execute(select(briefs.c.text).where(briefs.c.id == number))).scalar_one()
        assert text == f"{ASK}\n\n## Recording: one.wav\n{SAID}"
        outcomes = select(model_calls.c.outcome).where(model_calls.c.purpose == "transcribe").order_by(model_calls.c.id)
        assert list((await connection.execute(outcomes)).scalars()) == ["failed", "ok"]


async def test_a_longrecording(stand_ins: Providers, database_url: str) -> None:
    """Words that no answer could hold go out as they were heard, instead of being cut off."""
    async with house(stand_ins, database_url, draft_max_tokens=256) as home:
        await home.staff()
        home.openai.transcripts = {"one.wav": (SAID + " ") * 30}
        home.openai.dictated = judging(95)
        number = await _recorded(home, "one.wav")
        file = await home.alice.sees(f"Brief {number}, the whole text")
        assert file.document is not None
        assert file.document.data.decode().count("Parking is free") == 30
        async with home.running.app.services.database.reading() as connection:
            assert list((await connection.execute(select(drafts.c.model))).scalars()) == ["as it was heard"]


async def test_pictures_reach_the_drafter(home: House) -> None:
    """The ten pictures of an album go with the prompt of the drafter, and with nobody else's."""
    await home.staff()
    seen: list[tuple[str, int]] = []
    home.openai.on_call.append(lambda call: seen.append((call.purpose, call.prompt.images)) if call.prompt else None)
    home.openai.dictated = judging(95)
    ask = "Describe the products in these pictures for our shop."
    await home.alice.sends_album(*((f"{n}.png", PNG + bytes([n]), "image/png") for n in range(10)), caption=ask)
    await home.alice.sees("Read: 10 pictures")
    number = await _started(home)
    await home.alice.sees(f"Brief {number}, the whole text")
    assert [images for purpose, images in seen if purpose == "draft"] == [10]
    assert {images for purpose, images in seen if purpose == "judge"} == {0}


async def test_pictures_reach_both_sides_of_a_duel(home: House) -> None:
    """The second draft of a duel is written from the same pictures as the first."""
    await home.staff()
    await allows_all(home)
    duel = await begin(home, THOROUGH)
    seen: list[int] = []
    home.openai.on_call.append(
        lambda call: seen.append(call.prompt.images) if call.prompt and call.purpose == "draft" else None
    )
    home.openai.dictated = judging(95)
    await home.alice.sends_photo(PNG, caption=LONG_BRIEF)
    await _started(home)
    await figures(home, duel, "1 pair")
    assert seen == [1, 1]
