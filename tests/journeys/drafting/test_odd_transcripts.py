"""A transcriber that answers something else than a transcript: the speaker is told, and each try is counted."""

import json
from typing import Any

import pytest
from sqlalchemy import select

from sandbox.faults import Fault
from storage.tables.core import failed_tasks
from storage.tables.models import model_calls
from tests.house import House

pytestmark = pytest.mark.wire

SOUND = b"OggS" + b"\0" * 20_000
TRANSCRIBED = "POST .*/audio/transcriptions"
TRIES = 3
GONE = '{"error": {"message": "no such model", "code": "model_not_found"}}'
UNREADABLE = {
    "text null": {"text": None, "duration": 3.0},
    "no text": {"duration": 3.0},
    "text in a list": {"text": ["Buy", "bread."]},
    "an error with status 200": {"error": {"message": "upstream failed", "code": 502}},
}


def answers(home: House, body: Any, times: int | None = None) -> None:
    """The transcriber's reply from now on."""
    text = body if isinstance(body, str) else json.dumps(body)
    home.openai.faults.add(Fault(TRANSCRIBED, "status", times=times, status=200, body=text))


async def _paid(home: House) -> list[tuple[str, int]]:
    async with home.running.app.services.database.reading() as connection:
        calls = select(model_calls.c.outcome, model_calls.c.cost_micro_usd)
        rows = await connection.execute(calls.where(model_calls.c.purpose == "transcribe"))
        return [(row.outcome, row.cost_micro_usd) for row in rows]


async def _given_up(home: House) -> list[tuple[str, int]]:
    async with home.running.app.services.database.reading() as connection:
        rows = await connection.execute(select(failed_tasks.c.kind, failed_tasks.c.subject))
        return [(row.kind, row.subject) for row in rows]


@pytest.mark.parametrize("duration", ["8.4", None, -1, [8], "soon", 1e300])
async def test_a_duration_of_another_kind(home: House, duration: object) -> None:
    """A transcript whose length is no number, or cannot be true, is a transcript all the same, and is not free."""
    await home.invite(home.alice, "client")
    answers(home, {"text": "Please write a short notice for our customers.", "duration": duration, "usage": None})
    await home.alice.sends_voice(SOUND, duration=8)
    words = await home.alice.sees("Voice note, 0:08 · Read it before it starts")
    assert "Please write a short notice" in words.text
    [(outcome, cost)] = await _paid(home)
    assert outcome == "ok"
    assert cost > 0


@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE)
async def test_no_transcript(home: House, body: object) -> None:
    """What is no transcript is asked for three times, each counted, then the speaker and the team are told."""
    await home.staff()
    answers(home, body)
    await home.alice.sends_voice(SOUND, duration=8)
    await home.alice.sees("Voice note, 0:08 · Cannot be written down")
    most = home.running.app.models.most_to_transcribe(8)
    assert await _paid(home) == [("failed", most)] * TRIES
    await home.bob.sees("Recording 1001 · Stopped by a fault")
    await home.carol.sees("Recording 1001 · Stopped by a fault")
    assert await _given_up(home) == [("hear", 1001)]


@pytest.mark.parametrize("body", ["", "<html>502 Bad Gateway</html>", "null", "[]"])
async def test_no_json(home: House, body: str) -> None:
    """So is what is no JSON object at all."""
    await home.invite(home.alice, "client")
    answers(home, body)
    await home.alice.sends_voice(SOUND, duration=8)
    await home.alice.sees("Voice note, 0:08 · Cannot be written down")
    assert len(await _paid(home)) == TRIES


async def test_tried_again_by_hand(home: House) -> None:
    """/failed and /status show it, one tap has it tried again, and the speaker reads the words in the same message."""
    await home.staff()
    answers(home, {"text": None}, times=TRIES)
    await home.alice.sends_voice(SOUND, duration=8)
    told = await home.alice.sees("Cannot be written down")
    card = await home.bob.sees("Recording 1001 · Stopped by a fault")
    mark = home.bob.mark()
    await home.bob.says("/status")
    await home.bob.sees("1 stopped by a fault", after=mark)
    await home.bob.says("/failed")
    listed = await home.bob.sees("a transcription without text", after=mark)
    assert listed.labels == ["Try again, recording 1001"]
    await home.bob.taps("Try again, recording 1001", listed)
    words = await home.alice.sees("Read it before it starts", after=told)
    assert words.id == told.id
    assert (await home.bob.sees("Recording 1001 · Tried again by Bob", after=mark)).id == card.id
    await home.carol.sees("Recording 1001 · Tried again by Bob")
    assert await _given_up(home) == []
    mark = home.bob.mark()
    await home.bob.says("/status")
    await home.bob.sees("All is well", after=mark)


async def test_one_tap_counts(home: House) -> None:
    """Of two who tap, the second reads that it is being tried already; clients may not tap at all."""
    await home.staff()
    answers(home, {"text": None}, times=TRIES)
    await home.alice.sends_voice(SOUND, duration=8)
    await home.alice.sees("Cannot be written down")
    theirs = await home.carol.sees("Recording 1001 · Stopped by a fault")
    ours = await home.bob.sees("Recording 1001 · Stopped by a fault")
    again = next(button for row in theirs.buttons for button in row if button.label == "Try again")
    services = home.running.app.services
    alice = await services.people.joining.identify(home.alice.id, "alice", "en")
    with pytest.raises(Exception, match="Only operators and admins"):
        await services.alerts.failed_tasks.retry(alice, 1001)
    await home.bob.taps("Try again", ours)
    await home.alice.sees("Read it before it starts")
    answer = await home.carol.taps_raw(again.target, theirs)
    assert "is being tried already" in answer.text


async def test_a_recording_that_is_refused(home: House) -> None:
    """A refusal of the provider is final at once: nothing is paid, the speaker is told, and the team reads why."""
    await home.staff()
    home.openai.faults.add(
        Fault(
            TRANSCRIBED, "status", status=404, body='{"error": {"message": "no such model", "code": "model_not_found"}}'
        )
    )
    await home.alice.sends_voice(SOUND, duration=8)
    await home.alice.sees("Cannot be written down")
    card = await home.bob.sees("Recording 1001 · Stopped by a fault")
    assert "no such model" in card.text
    assert await _paid(home) == []


async def test_within_a_brief(home: House) -> None:
    """A transcription whose recording is never written down stops as a brief, for client and team, with its costs."""
    await home.staff()
    answers(home, {"text": None})
    await home.alice.sends_audio("meeting.ogg", SOUND, duration=61, caption="Transcribe this, please.")
    quote = await home.alice.sees("Nothing is spent until you say yes")
    await home.alice.taps("Yes, start", quote)
    await home.alice.sees("Brief 1001 · Stopped by a fault")
    card = await home.bob.sees("Brief 1001 · Stopped by a fault")
    assert "a transcription without text" in card.text
    assert len(await _paid(home)) == TRIES
    assert await _given_up(home) == [], "it waits as a brief"
    home.openai.faults.clear()
    await home.bob.taps("Retry this step", card)
    await home.alice.sees("To pay")
