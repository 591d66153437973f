"""Recordings written down by the adapter to OpenAI, against the stand-in: lengths, languages, costs, odd replies."""

import json
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
from aiohttp import web

from bot.adapters.openai import prices as openai_prices
from bot.adapters.openai.events import BOM
from bot.adapters.openai.models import OpenAIModels
from bot.adapters.openai.transcripts import seconds_to_wait
from bot.kernel.errors import ProviderError, Unreadable
from bot.models.ports import Recording
from sandbox.faults import Fault
from sandbox.openai.server import OpenAIStandIn
from sandbox.server import Sandbox
from tests.served import served
from tests.sounds import recording

SOUND = "POST .*/audio/transcriptions"
MODELS = ("gpt-transcribe", "whisper-1", "gpt-4o-transcribe", "gpt-4o-mini-transcribe")
REPLIES = 500


@pytest.fixture
def stand_in() -> OpenAIStandIn:
    return OpenAIStandIn()


@pytest.fixture(params=["gpt-transcribe"])
async def models(stand_in: OpenAIStandIn, request: pytest.FixtureRequest) -> AsyncIterator[OpenAIModels]:
    async with Sandbox(stand_in) as sandbox:
        opened = OpenAIModels("sk-sandbox", f"{sandbox.url}/openai/v1", 5, request.param)
        yield opened
        await opened.close()


@pytest.mark.parametrize("models", MODELS, indirect=True)
async def test_every_model(models: OpenAIModels, stand_in: OpenAIStandIn) -> None:
    """Each model is asked in its own way, writes a recording down, and costs something, but no more than was set aside.

    The language is given as each takes it.
    """
    heard = await models.transcribe(Recording(recording(60), "note.wav", 60, "en"))
    assert (heard.text, heard.seconds) == (stand_in.transcript, 60)
    assert 0 < heard.cost_micro_usd <= models.most_to_transcribe(60)


@pytest.mark.parametrize(("models", "cost"), [("gpt-transcribe", 4_500), ("whisper-1", 6_000)], indirect=["models"])
async def test_paid_by_the_minute(models: OpenAIModels, cost: int) -> None:
    """A minute costs what the price list says, for models that are paid by the length of what they hear."""
    heard = await models.transcribe(Recording(recording(60), "note.wav", 60))
    assert heard.cost_micro_usd == cost


@pytest.mark.parametrize("language", ["EN", "eng", "en-GB", "english", ""])
async def test_a_language_that_is_no_code(models: OpenAIModels, stand_in: OpenAIStandIn, language: str) -> None:
    """What is no code of two letters is left out, since the API refuses it."""
    heard = await models.transcribe(Recording(recording(1), "note.wav", 1, language))
    assert heard.text == stand_in.transcript


@pytest.mark.parametrize("models", ["gpt-4o-transcribe"], indirect=True)
async def test_too_long_for_the_model(models: OpenAIModels) -> None:
    """A recording that is longer than the model hears is refused for good, and the limit is known beforehand."""
    assert models.longest_recording() == 1_400
    with pytest.raises(ProviderError, match="longer than 1400 seconds") as caught:
        await models.transcribe(Recording(bytes(1_401 * 4_000), "long.ogg"))
    assert caught.value.permanent


async def test_over_25_mb(models: OpenAIModels) -> None:
    """20 MB, which is all that Telegram hands out, are taken; more than the API takes is refused for good."""
    assert (await models.transcribe(Recording(bytes(20_000_000), "long.ogg"))).text
    with pytest.raises(ProviderError, match="too large") as caught:
        await models.transcribe(Recording(bytes(26_300_000), "longer.ogg"))
    assert caught.value.permanent


async def test_no_recording(models: OpenAIModels) -> None:
    """What is no recording is refused for good."""
    with pytest.raises(ProviderError) as caught:
        await models.transcribe(Recording(b"hello", "note.txt"))
    assert caught.value.permanent


def test_time_for_an_hour() -> None:
    """An hour of sound is given minutes where a short one is given 90 seconds; never more than a call may last."""
    assert seconds_to_wait(Recording(b"", "a.ogg", 10), 90) < 100
    assert seconds_to_wait(Recording(b"", "a.ogg", 3_600), 90) == 450
    assert seconds_to_wait(Recording(b"", "a.ogg", 36_000), 90) == 540
    assert seconds_to_wait(Recording(bytes(20_000_000), "a.ogg"), 90) == 540
    assert seconds_to_wait(Recording(b"", "a.ogg", 3_600), 600) == 600


def test_an_unknown_transcriber_is_not_free() -> None:
    """A transcriber without a known price counts as the dearest of those that are known."""
    dearest = max(openai_prices.most_for_audio(name, 60) for name in MODELS)
    assert openai_prices.most_for_audio("somebody-elses-ear", 60) >= dearest > 0


class Oddity:
    """Replies of a transcriber of any shape, the same in every run."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)

    def value(self, depth: int = 0) -> Any:
        """Any JSON value, perhaps one that Python writes and JSON does not know."""
        leaves: list[Any] = [
            None, True, False, 0, -1, 7, 8.4, 10**30, -(10**30), 1e308, float("nan"), float("inf"),
            "", "Buy bread.", "8.4", "-3", "1e999", "NaN", "\0", "a\0b", "\ud800", "\U0001f35e" * 9,
        ]  # fmt: skip
        if depth > 2 or self._chance.random() < 0.75:
            return self._chance.choice(leaves)
        if self._chance.random() < 0.5:
            return [self.value(depth + 1) for _ in range(self._chance.randrange(3))]
        return {name: self.value(depth + 1) for name in self._chance.sample(["type", "seconds", "text", "message"], 2)}

    def fields(self) -> dict[str, Any]:
        """A transcription with some fields missing and others odd."""
        whole: dict[str, Any] = {"text": "Buy bread.", "duration": 60.0, "language": "english"}
        whole["usage"] = self._chance.choice([
            {"type": "duration", "seconds": 60},
            {"type": "tokens", "input_tokens": 600, "output_tokens": 4, "total_tokens": 604},
        ])  # fmt: skip
        for _ in range(self._chance.randrange(1, 4)):
            name = self._chance.choice([*whole, "error", "segments"])
            if self._chance.random() < 0.3:
                whole.pop(name, None)
            elif isinstance(whole.get(name), dict) and self._chance.random() < 0.7:
                whole[name][self._chance.choice(["type", "seconds", "input_tokens", "output_tokens"])] = self.value()
            else:
                whole[name] = self.value()
        return whole

    def body(self) -> str:
        """What comes over the wire with status 200."""
        ways: list[Callable[[], str]] = [
            lambda: json.dumps(self.fields()),
            lambda: json.dumps(self.fields()),
            lambda: json.dumps(self.fields()),
            lambda: json.dumps(self.value()),
            lambda: json.dumps({"error": self.value()}),
            lambda: json.dumps({"text": self.value(), "error": self.value()}),
            lambda: json.dumps(self.fields())[: self._chance.randrange(40)],
            lambda: self._chance.choice(
                ["", " ", "null", "<html>502 Bad Gateway</html>", "Buy bread.\n", "\x00", "{}"]
            ),
            lambda: "[" * self._chance.randrange(5_000),
            lambda: bytes(self._chance.randrange(256) for _ in range(60)).decode("latin-1"),
        ]
        return self._chance.choice(ways)()


def odd_replies() -> Iterator[str]:
    """REPLIES of them."""
    oddity = Oddity(8)
    return (oddity.body() for _ in range(REPLIES))


@pytest.mark.parametrize("models", ["whisper-1", "gpt-transcribe"], indirect=True)
async def test_500_odd_replies(models: OpenAIModels, stand_in: OpenAIStandIn, measured: Callable[[str], None]) -> None:
    """Of 500 replies of any shape each is a transcript or cannot be read; none raises anything else, and none is free.

    What counts as a transcript can be written down anywhere, and costs no more than the recording can have cost.
    """
    outcomes: Counter[str] = Counter()
    sound = Recording(bytes(120_000), "note.ogg", 60)
    for body in odd_replies():
        stand_in.faults.add(Fault(SOUND, "status", status=200, body=body))
        try:
            heard = await models.transcribe(sound)
        except Unreadable as error:
            str(error).encode()
            outcomes["unreadable, counted at the most" if error.unknown else "unreadable, for nothing"] += 1
            continue
        assert "\0" not in heard.text
        heard.text.encode()
        assert 0 <= heard.seconds <= 240
        assert 0 < heard.cost_micro_usd <= models.most_to_transcribe(240)
        outcomes["transcript"] += 1
    assert set(outcomes) == {"transcript", "unreadable, counted at the most"}
    assert sum(outcomes.values()) == REPLIES
    assert min(outcomes.values()) > 50
    measured(f"500 odd replies of a transcriber: {dict(outcomes)}, 0 escaped, 0 free")


def _refuses(name: str, words: str) -> Callable[[dict[str, Any]], web.Response]:
    def serve(form: dict[str, Any]) -> web.Response:
        if name in form.get("response_format", "") or name in form:
            return web.json_response({"error": {"message": words}}, status=400)
        return web.json_response({"text": "Buy bread."})

    return serve


HEARING: dict[str, Callable[[dict[str, Any]], web.Response]] = {
    "no verbose_json": _refuses("verbose_json", "response_format 'verbose_json' is not supported"),
    "no formats": _refuses("response_format", "response_format: Extra inputs are not permitted"),
    "no formats, unnamed": _refuses("response_format", "Unprocessable Entity"),
    "no languages": _refuses("language", "language is not a known parameter"),
    "plain text": lambda _: web.Response(text="Buy bread.\n", content_type="text/plain"),
    "a byte order mark": lambda _: web.Response(body=BOM + b'{"text": "Buy bread."}', content_type="application/json"),
}


@pytest.mark.parametrize("serve", HEARING.values(), ids=list(HEARING))
async def test_a_transcriber_of_few_words(serve: Callable[[dict[str, Any]], web.Response]) -> None:
    """A recording is written down by a transcriber that refuses a format or a language, or answers in plain text; what
    it takes is asked for at once from then on.
    """
    calls = []

    async def answer(request: web.Request) -> web.StreamResponse:
        calls.append(dict(await request.post()))
        return serve(calls[-1])

    async with served("audio/transcriptions", answer) as url:
        models = OpenAIModels("sk-sandbox", url, 5, "whisper-1")
        try:
            for _ in range(2):
                before = len(calls)
                heard = await models.transcribe(Recording(recording(8), "note.wav", 8, "en"))
                assert (heard.text, heard.cost_micro_usd > 0) == ("Buy bread.", True)
            assert len(calls) == before + 1
        finally:
            await models.close()


async def test_a_recording_that_is_refused_is_asked_once() -> None:
    """What is refused for another reason is refused."""
    calls = []

    async def answer(request: web.Request) -> web.StreamResponse:
        calls.append(await request.read())
        return web.json_response({"error": {"message": "Invalid file format."}}, status=400)

    async with served("audio/transcriptions", answer) as url:
        models = OpenAIModels("sk-sandbox", url, 5, "whisper-1")
        try:
            with pytest.raises(ProviderError, match="Invalid file format"):
                await models.transcribe(Recording(b"hello", "note.wav", 8))
            assert len(calls) == 1
        finally:
            await models.close()
