"""Recordings written down: https://developers.openai.com/api/docs/guides/speech-to-text.

The transcriber's reply is read here, not by the SDK, which takes any JSON for a transcription. What a reply counts is
believed only within what the recording can be; else the call counts at the most that it may have cost.
"""

import math
import re
import time
from typing import TYPE_CHECKING, Any

from bot.adapters.openai import prices as openai_prices
from bot.adapters.openai.complaints import complaint
from bot.adapters.openai.events import BOM
from bot.adapters.openai.learning import NEVER
from bot.kernel.errors import Unreadable
from bot.kernel.text.storable import read_json, storable
from bot.models.ports import Recording, Transcript

if TYPE_CHECKING:
    from openai import AsyncOpenAI

PROVIDER = "The model"
TELLS_DURATION = "whisper-1"  # the only model that tells how long a recording is, and only in this format
# A recording longer than this is refused by these models: "audio duration … is longer than 1400 seconds".
SHORT_HEARING = {"gpt-4o-transcribe": 1_400, "gpt-4o-mini-transcribe": 1_400}
# The quietest codecs in use take some 500 bytes a second; where nobody says how long it is, speech takes 2,000.
FEWEST_BYTES_PER_SECOND, BYTES_PER_SECOND = 500, 2_000
HEARD_PER_SECOND = 10  # seconds of sound that a model surely hears in a second
LONGEST_CALL_SECONDS = 540.0  # less than a call may be under way (`bot.models.spending.UNDER_WAY`)
LANGUAGE = re.compile("[a-z]{2}")
_FORM_REFUSED = re.compile(
    r"response[_ ]?format|verbose[_ ]?json|unprocessable|(?:unknown|unrecogni[sz]ed|unsupported|extra|unexpected) \w*"
    r" ?(?:argument|parameter|field|input)",
    re.IGNORECASE,
)
_LANGUAGE_REFUSED = re.compile(r"\blanguages?\b", re.IGNORECASE)


def longest_recording(model: str) -> int | None:
    """Seconds of sound that the model hears at most; None where no such end is known."""
    return next((most for name, most in SHORT_HEARING.items() if model == name or model.startswith(f"{name}-")), None)


def seconds_to_wait(recording: Recording, at_least: float) -> float:
    """How long an answer may take: an hour of sound is not written down as quickly as a minute."""
    return max(at_least, min(LONGEST_CALL_SECONDS, at_least + _length(recording) / HEARD_PER_SECOND))


class Transcriber:
    """A model that writes down what it hears, and how it wants to be asked: others than OpenAI's know fewer formats.

    at_least: seconds that even a short recording may take.
    """

    def __init__(self, model: str, at_least: float) -> None:
        self._model = model
        self._at_least = at_least
        self._forms = ["verbose_json", "json", ""] if model == TELLS_DURATION else ["json", ""]
        self._languages = True

    async def transcribe(self, client: "AsyncOpenAI", recording: Recording) -> Transcript:
        """Write a recording down. Raises Unreadable, or the SDK's own errors."""
        began = time.perf_counter()
        body, kind = await self._asked(client, recording)
        return _transcript(self._model, recording, _object(body, kind), round((time.perf_counter() - began) * 1000))

    async def _asked(self, client: "AsyncOpenAI", recording: Recording) -> tuple[bytes, str]:
        """The answer and its type, asked for in each way that is not refused by name; what was served is kept."""
        import openai

        while True:
            try:
                reply = await client.audio.transcriptions.with_raw_response.create(
                    file=(recording.name, recording.data),
                    model=self._model,
                    timeout=seconds_to_wait(recording, self._at_least),
                    **self._options(recording.language),
                )
            except openai.APIStatusError as error:
                if error.status_code in NEVER or not self._learns(complaint(error).words):
                    raise
                continue
            return reply.content, reply.headers.get("content-type", "")

    def _learns(self, words: str) -> bool:
        """Whether there is another way to ask where a call was refused in these words."""
        if self._languages and _LANGUAGE_REFUSED.search(words):
            self._languages = False
            return True
        if len(self._forms) > 1 and _FORM_REFUSED.search(words):
            del self._forms[0]
            return True
        return False

    def _options(self, language: str | None) -> dict[str, Any]:
        options: dict[str, Any] = {"response_format": self._forms[0]} if self._forms[0] else {}
        if not self._languages or language is None or not LANGUAGE.fullmatch(language):
            return options
        if self._model.startswith("gpt-transcribe"):
            return options | {"languages": [language]}
        return options | {"language": language}


def _transcript(model: str, recording: Recording, found: dict[str, Any], latency_ms: int) -> Transcript:
    text, counts = found.get("text"), found.get("usage")
    if not isinstance(text, str):
        raise Unreadable(PROVIDER, "a transcription without text")
    usage: dict[str, Any] = counts if isinstance(counts, dict) else {}
    heard = _seconds(found.get("duration"), recording) or _seconds(usage.get("seconds"), recording)
    return Transcript(
        text=text.strip(),
        seconds=round(heard) if heard else recording.seconds,
        cost_micro_usd=_cost(model, recording, heard, usage),
        latency_ms=latency_ms,
        model=model,
    )


def _object(body: bytes, kind: str) -> dict[str, Any]:
    body = body.removeprefix(BOM)
    try:
        found = read_json(body)
    except ValueError:
        if kind.lower().startswith("text/plain") and (text := body.decode(errors="replace").strip()):
            return {"text": storable(text)}
        raise Unreadable(PROVIDER, "a transcription that is no JSON") from None
    if not isinstance(found, dict):
        raise Unreadable(PROVIDER, "a transcription that is no object")
    if found.get("error"):
        raise Unreadable(PROVIDER, f"an error in place of a transcription: {_words(found['error'])}")
    return found


def _words(error: Any) -> str:
    message = error.get("message") if isinstance(error, dict) else error
    return str(message)[:200]


def _length(recording: Recording) -> float:
    return recording.seconds or len(recording.data) / BYTES_PER_SECOND


def _seconds(told: Any, recording: Recording) -> float | None:
    """A duration that was told, as number or text; None where it cannot be that of the recording."""
    if isinstance(told, bool) or not isinstance(told, int | float | str):
        return None
    try:
        seconds = float(told)
    except (ValueError, OverflowError):
        return None
    most = max(2.0 * recording.seconds, len(recording.data) / FEWEST_BYTES_PER_SECOND, 1.0)
    return seconds if math.isfinite(seconds) and 0 < seconds <= most else None


def _cost(model: str, recording: Recording, heard: float | None, usage: dict[str, Any]) -> int:
    """What the call cost; the most that it may have, where what was counted is missing or cannot be."""
    most = openai_prices.most_for_audio(model, math.ceil(heard or _length(recording)))
    if "input_tokens" in usage or usage.get("type") == "tokens":
        cost = openai_prices.audio_cost(model, 0, _tokens(usage, "input_tokens"), _tokens(usage, "output_tokens"))
    else:
        cost = 0 if heard is None else openai_prices.audio_cost(model, math.ceil(heard))
    return cost if 0 < cost <= most else most


def _tokens(usage: dict[str, Any], name: str) -> int:
    """So many tokens as were told; so many as cost too much to be true where that is no count."""
    told = usage.get(name)
    return told if isinstance(told, int) and not isinstance(told, bool) and 0 <= told < 10**9 else 10**9
