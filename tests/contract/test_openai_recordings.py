"""What the stand-in refuses of recordings, as the API does."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from openai import APIStatusError, AsyncOpenAI, BadRequestError

from sandbox.openai.server import OpenAIStandIn
from sandbox.server import Sandbox
from tests.sounds import recording

SOUND = ("note.wav", recording(1))
# at the 4,000 bytes a second that the stand-in takes for one of OGG
LONG = ("long.ogg", bytes(1_401 * 4_000))


@pytest.fixture
async def client() -> AsyncIterator[AsyncOpenAI]:
    async with (
        Sandbox(OpenAIStandIn()) as sandbox,
        AsyncOpenAI(base_url=f"{sandbox.url}/openai/v1", api_key="sk-sandbox", max_retries=0) as opened,
    ):
        yield opened


@pytest.mark.parametrize(
    ("model", "asked", "message"),
    [
        ("gpt-transcribe", {"language": "en"}, "'language' is not supported"),
        ("whisper-1", {"languages": ["en"]}, "'languages' is not supported"),
        ("gpt-4o-transcribe", {"languages": ["en"]}, "'languages' is not supported"),
        ("whisper-1", {"language": "english"}, "ISO-639-1"),
        ("gpt-transcribe", {"languages": ["en", "eng"]}, "ISO-639-1"),
        ("gpt-transcribe", {"response_format": "verbose_json"}, "not compatible with model"),
        ("gpt-transcribe", {"response_format": "text"}, "not compatible with model"),
        ("gpt-4o-transcribe", {"response_format": "srt"}, "not compatible with model"),
    ],
)
async def test_what_models_refuse(client: AsyncOpenAI, model: str, asked: dict[str, Any], message: str) -> None:
    """Each model knows its own fields, codes of two letters, and its own formats."""
    with pytest.raises(BadRequestError, match=message):
        await client.audio.transcriptions.create(model=model, file=SOUND, **asked)


@pytest.mark.parametrize(
    ("model", "asked"),
    [("gpt-transcribe", {"languages": ["en", "fr"]}), ("whisper-1", {"language": "en"}), ("gpt-4o-transcribe", {})],
)
async def test_what_models_take(client: AsyncOpenAI, model: str, asked: dict[str, Any]) -> None:
    """Each model takes the language as it knows it; gpt-transcribe says which languages it heard, and how long."""
    heard = await client.audio.transcriptions.create(model=model, file=SOUND, response_format="json", **asked)
    assert heard.text
    assert heard.usage is not None
    assert heard.usage.type == ("tokens" if model == "gpt-4o-transcribe" else "duration")
    assert (heard.languages is not None) == (model == "gpt-transcribe")


@pytest.mark.parametrize("model", ["gpt-4o-transcribe", "gpt-4o-mini-transcribe"])
async def test_1400_seconds(client: AsyncOpenAI, model: str) -> None:
    """Two models hear no more than 1,400 seconds; the others have no such end."""
    with pytest.raises(BadRequestError, match="is longer than 1400 seconds which is the maximum for this model"):
        await client.audio.transcriptions.create(model=model, file=LONG)
    assert (await client.audio.transcriptions.create(model="gpt-transcribe", file=LONG)).text


async def test_25_mb(client: AsyncOpenAI) -> None:
    """A file of more than 25 MB is 413, one just below is taken."""
    assert (await client.audio.transcriptions.create(model="gpt-transcribe", file=("a.ogg", bytes(26_000_000)))).text
    with pytest.raises(APIStatusError, match="Maximum content size limit") as caught:
        await client.audio.transcriptions.create(model="gpt-transcribe", file=("a.ogg", bytes(26_214_401)))
    assert caught.value.status_code == 413


async def test_no_such_model(client: AsyncOpenAI) -> None:
    """A transcriber that is not there, or not there any more, is 404."""
    with pytest.raises(APIStatusError) as caught:
        await client.audio.transcriptions.create(model="whisper-0", file=SOUND)
    assert (caught.value.status_code, caught.value.code) == (404, "model_not_found")
