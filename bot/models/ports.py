"""What the business needs of a model, whoever provides it."""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal, Protocol

Outcome = Literal["ok", "refused", "cut", "filtered", "malformed", "failed"]
# Is given each piece of an answer as it is written; returns at once and raises nothing.
Preview = Callable[[str], None]
MORE_ROOM = 4  # times as many tokens, for thoughts that ate the answer


@dataclass(frozen=True, slots=True)
class Image:
    """A picture for a model to look at; mime_type: image/png, image/jpeg, image/webp or image/gif."""

    data: bytes
    mime_type: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """One call: instructions, material, and, for structured output, the JSON schema that the answer must fit.

    purpose: "draft" or "judge"; version names the prompt's wording, so that results can be compared.
    max_output_tokens: the longest answer that is paid for, with the reasoning that some models do first.
    """

    purpose: str
    version: str
    system: str
    user: str
    schema: dict[str, Any] | None = None
    images: tuple[Image, ...] = ()
    max_output_tokens: int = 4_000

    def with_more_room(self) -> "Prompt":
        """The same, for a model that thought until it had no room left to answer."""
        return replace(self, max_output_tokens=MORE_ROOM * self.max_output_tokens)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `outcome` is "ok" only where `text` is whole; cost in millionths of a US dollar."""

    text: str
    outcome: Outcome
    model: str
    input_tokens: int
    output_tokens: int
    cost_micro_usd: int
    latency_ms: int

    @property
    def whole(self) -> bool:
        """Whether there is an answer that counts."""
        return self.outcome == "ok" and _visible(self.text)

    @property
    def starved(self) -> bool:
        """Whether thinking took all the room that there was."""
        return self.outcome == "cut" and not _visible(self.text)

    def as_call(self, prompt: Prompt) -> dict[str, Any]:
        """The columns of `model_calls` that record this call."""
        return {
            "purpose": prompt.purpose,
            "prompt_version": prompt.version,
            "model": self.model,
            "outcome": self.outcome,
            "input_tokens": self.input_tokens,
            "output_tokens": self.output_tokens,
            "cost_micro_usd": self.cost_micro_usd,
            "latency_ms": self.latency_ms,
        }


def _visible(text: str) -> bool:
    """Whether there is anything to see: neither spaces nor what has no width."""
    return any(not one.isspace() and unicodedata.category(one)[0] != "C" for one in text)


@dataclass(frozen=True, slots=True)
class Recording:
    """Sound, or a film with sound, to be written down.

    name: a file name whose ending tells the format (flac, m4a, mp3, mp4, mpeg, mpga, oga, ogg, wav, webm).
    seconds: how long it plays, 0 where nobody knows. language: ISO 639-1, None where it is not known.
    """

    data: bytes
    name: str
    seconds: int = 0
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was said in a recording of so many seconds, and what writing it down cost (millionths of a US dollar)."""

    text: str
    seconds: int
    cost_micro_usd: int
    latency_ms: int
    model: str

    def as_call(self) -> dict[str, Any]:
        """The columns of `model_calls` that record this call."""
        return {
            "purpose": "transcribe",
            "prompt_version": "",
            "model": self.model,
            "outcome": "ok",
            "input_tokens": 0,
            "output_tokens": 0,
            "cost_micro_usd": self.cost_micro_usd,
            "latency_ms": self.latency_ms,
        }


class Models(Protocol):
    """A provider of models."""

    async def ask(self, model: str, prompt: Prompt, preview: Preview | None = None) -> Answer:
        """One answer of the model. Raises ProviderError where none came; a refusal is an Answer.

        preview: wants to see the answer while it is written.
        """
        ...

    async def transcribe(self, recording: Recording) -> Transcript:
        """Write a recording down. Raises ProviderError; Unreadable where what came back is no transcript."""
        ...

    def longest_recording(self) -> int | None:
        """Seconds of sound that can be written down at most; None where no such end is known."""
        ...

    def most(self, model: str, prompt: Prompt) -> int:
        """The most that `ask` may cost for this, in millionths of a US dollar."""
        ...

    def most_to_transcribe(self, seconds: int) -> int:
        """The most that writing down a recording of so many seconds may cost, in the same unit."""
        ...

    async def shutdowns(self) -> Mapping[str, date | None]:
        """The models that there are, and the day on which each is shut down where that was announced.

        Raises ProviderError.
        """
        ...
