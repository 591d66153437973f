"""Transcription: what was "said" is set by the caller, because nothing here can hear.

Source: https://platform.openai.com/docs/api-reference/audio/createTranscription; of gpt-transcribe:
https://developers.openai.com/cookbook/examples/migrating_from_whisper_to_gpt_transcribe
"""

import io
import re
import wave
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from aiohttp import web

from sandbox.ogg import words_in
from sandbox.openai.errors import APIError, missing, unknown_model, wrong_value
from sandbox.openai.models import AUDIO_MODELS, find
from sandbox.openai.prompt import count_tokens

LARGEST_FILE = 26_214_400  # bytes
_FORMATS = ("flac", "m4a", "mp3", "mp4", "mpeg", "mpga", "oga", "ogg", "wav", "webm")
_REPLIES = ("json", "text", "srt", "verbose_json", "vtt")
_BYTES_PER_SECOND = 4_000  # of a voice note at 32 kbit/s
_SHORTEST = 0.1  # seconds
_TOKENS_PER_SECOND = 10
_BY_SECONDS = ("whisper-1", "gpt-transcribe")
_LANGUAGE = re.compile("[a-z]{2}")  # ISO 639-1


@dataclass(frozen=True)
class Recording:
    """An uploaded file: `seconds` is exact for WAV and estimated from the size for everything else.

    said: what is heard in a voice note of the sandbox; "" in every other file.
    """

    name: str
    model: str
    reply: str
    language: str
    seconds: float
    said: str = ""


async def read(request: web.Request) -> Recording:
    """The multipart form; raises APIError."""
    form = await request.post()
    upload, model, reply = form.get("file"), str(form.get("model", "")), str(form.get("response_format", "json"))
    if not model:
        raise APIError(400, "you must provide a model parameter")
    if find(model, AUDIO_MODELS) is None:
        raise unknown_model(model)
    if not isinstance(upload, web.FileField):
        raise missing("file")
    if reply not in _REPLIES:
        raise wrong_value("response_format", reply, ", ".join(f"'{name}'" for name in _REPLIES))
    formats = {"json"} if model == "gpt-transcribe" else {"json", "text"}
    if model != "whisper-1" and reply not in formats:
        message = f"response_format '{reply}' is not compatible with model '{model}'. Use 'json' instead."
        raise APIError(400, message, "response_format", "unsupported_value")
    data = upload.file.read()
    language = _language(form, model)
    seconds = _duration(upload.filename, data)
    hears = AUDIO_MODELS[model].hears
    if hears is not None and seconds > hears:
        message = f"audio duration {seconds} seconds is longer than {hears} seconds which is the maximum for this model"
        raise APIError(400, message, None, "invalid_value")
    return Recording(upload.filename, model, reply, language, seconds, words_in(data))


def _language(form: Mapping[str, Any], model: str) -> str:
    """The language that the caller expects; gpt-transcribe knows a list of them in place of one."""
    many = [str(given) for name, given in form.items() if name in {"languages", "languages[]"}]
    one = [str(given) for name, given in form.items() if name == "language"]
    refused = one if model == "gpt-transcribe" else many
    if refused:
        name = "language" if refused is one else "languages"
        message = f"'{name}' is not supported with model '{model}'."
        raise APIError(400, message, name, "unsupported_parameter")
    for given in (*one, *many):
        if not _LANGUAGE.fullmatch(given):
            message = f"Invalid language '{given}'. Language parameter must be specified in ISO-639-1 format."
            raise APIError(400, message, "language", "invalid_language_format")
    return next(iter((*one, *many)), "english")


def transcription(recording: Recording, text: str) -> web.Response:
    """The reply in the format that was asked for."""
    match recording.reply:
        case "text":
            return web.Response(text=f"{text}\n")
        case "srt":
            return web.Response(text=f"1\n00:00:00,000 --> {_clock(recording.seconds, ',')}\n{text}\n\n")
        case "vtt":
            return web.Response(text=f"WEBVTT\n\n00:00:00.000 --> {_clock(recording.seconds, '.')}\n{text}\n\n")
        case "verbose_json":
            return web.json_response(_verbose(recording, text))
        case _:
            found: dict[str, Any] = {"text": text, "usage": _usage(recording, text)}
            if recording.model == "gpt-transcribe":
                found["languages"] = []  # none that was recognised for sure
            return web.json_response(found)


def _duration(name: str, data: bytes) -> float:
    extension = PurePath(name).suffix.lower().removeprefix(".")
    if extension not in _FORMATS:
        raise APIError(400, f"Invalid file format. Supported formats: {list(_FORMATS)}", "file", "unsupported_format")
    if len(data) > LARGEST_FILE:
        raise APIError(
            413, f"Maximum content size limit ({LARGEST_FILE}) exceeded ({len(data)} bytes read)", type="server_error"
        )
    seconds = _wav_duration(data) if extension == "wav" else len(data) / _BYTES_PER_SECOND
    if seconds < _SHORTEST:
        message = f"Audio file is too short. Minimum audio length is {_SHORTEST} seconds."
        raise APIError(400, message, "file", "audio_too_short")
    return round(seconds, 2)


def _wav_duration(data: bytes) -> float:
    try:
        with wave.open(io.BytesIO(data)) as recording:
            return float(recording.getnframes() / recording.getframerate())
    except (wave.Error, EOFError) as error:
        message = "The audio file could not be decoded or its format is not supported."
        raise APIError(400, message, "file", "invalid_value") from error


def _usage(recording: Recording, text: str) -> dict[str, Any]:
    if recording.model in _BY_SECONDS:
        return {"type": "duration", "seconds": max(1, round(recording.seconds))}
    heard, written = max(1, round(recording.seconds * _TOKENS_PER_SECOND)), count_tokens(text)
    return {
        "type": "tokens",
        "input_tokens": heard,
        "input_token_details": {"text_tokens": 0, "audio_tokens": heard},
        "output_tokens": written,
        "total_tokens": heard + written,
    }


def _verbose(recording: Recording, text: str) -> Mapping[str, Any]:
    segment = {
        "id": 0,
        "seek": 0,
        "start": 0.0,
        "end": recording.seconds,
        "text": text,
        "tokens": [],
        "temperature": 0.0,
        "avg_logprob": -0.2,
        "compression_ratio": 1.4,
        "no_speech_prob": 0.01,
    }
    return {
        "task": "transcribe",
        "language": recording.language,
        "duration": recording.seconds,
        "text": text,
        "segments": [segment],
        "usage": _usage(recording, text),
    }


def _clock(seconds: float, point: str) -> str:
    whole, thousandths = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}{point}{thousandths:03}"
