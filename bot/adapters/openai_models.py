"""OpenAI, or any API compatible with it, through its SDK: https://platform.openai.com/docs/api-reference/chat.

One call is one try: the SDK's own retries are off, since it repeats timed-out calls unseen, and each may be billed.
Whoever calls decides on another try (`bot.platform.guard`).
"""

import asyncio
import base64
import time
from typing import TYPE_CHECKING, Any

from bot.adapters import openai_prices, openai_transcripts
from bot.adapters.openai_answers import answer_of, streamed, whole
from bot.kernel.errors import ProviderError
from bot.platform.ports import Answer, Preview, Prompt, Recording, Transcript

if TYPE_CHECKING:
    from openai import AsyncOpenAI

PROVIDER = "The model"
# The SDK takes any JSON for a completion, and what has not its shape fails when it is read.
NO_COMPLETION = (AttributeError, LookupError, TypeError, ValueError)


class OpenAIModels:
    """See `bot.platform.ports.Models`. The SDK is imported at the first call: it takes a second to load."""

    def __init__(self, api_key: str, base_url: str, timeout_seconds: float, transcribe_model: str) -> None:
        self._options: dict[str, Any] = {"api_key": api_key, "base_url": base_url, "timeout": timeout_seconds}
        self._transcribe_model = transcribe_model
        self._opened: AsyncOpenAI | None = None

    @property
    def _client(self) -> "AsyncOpenAI":
        if self._opened is None:
            from openai import AsyncOpenAI, DefaultAioHttpClient

            self._opened = AsyncOpenAI(max_retries=0, http_client=DefaultAioHttpClient(), **self._options)
        return self._opened

    def warm_up(self) -> None:
        """Load the SDK before the first call needs it; in a thread, since it takes a second."""
        import openai.resources.chat.completions  # noqa: F401

    async def close(self) -> None:
        if self._opened is not None:
            await self._opened.close()

    async def ask(self, model: str, prompt: Prompt, preview: Preview | None = None) -> Answer:
        import httpx2  # what the SDK speaks by; it lets its errors through while a stream is read
        import openai

        options: dict[str, Any] = {"max_completion_tokens": prompt.max_output_tokens}
        if prompt.schema is not None:
            schema = {"name": prompt.purpose, "schema": prompt.schema, "strict": True}
            options["response_format"] = {"type": "json_schema", "json_schema": schema}
        messages: Any = [{"role": "system", "content": prompt.system}, {"role": "user", "content": _content(prompt)}]
        completions = self._client.chat.completions
        began = time.perf_counter()
        try:
            if preview is None:
                reply = whole(await completions.create(model=model, messages=messages, **options))
            else:
                async with asyncio.timeout(self._options["timeout"]):
                    options |= {"stream": True, "stream_options": {"include_usage": True}}
                    opening = completions.with_streaming_response.create(model=model, messages=messages, **options)
                    async with opening as stream:
                        reply = await streamed(stream.iter_lines(), preview)
            return answer_of(model, prompt, reply, _since(began))
        except (openai.OpenAIError, httpx2.HTTPError, TimeoutError, *NO_COMPLETION) as error:
            raise _decided(error) from None

    async def transcribe(self, recording: Recording) -> Transcript:
        import httpx2
        import openai

        model, at_least = self._transcribe_model, self._options["timeout"]
        try:
            return await openai_transcripts.transcribe(self._client, model, recording, at_least)
        except (openai.OpenAIError, httpx2.HTTPError) as error:
            raise _decided(error) from None

    def longest_recording(self) -> int | None:
        return openai_transcripts.longest_recording(self._transcribe_model)

    def most(self, model: str, prompt: Prompt) -> int:
        return openai_prices.most(model, prompt)

    def most_to_transcribe(self, seconds: int) -> int:
        return openai_prices.most_for_audio(self._transcribe_model, seconds)

    async def models(self) -> list[str]:
        """The ids of the models that the key may use, to prove that it works."""
        import openai

        try:
            return [model.id async for model in self._client.models.list()]
        except openai.OpenAIError as error:
            raise _decided(error) from None


def _since(began: float) -> int:
    return round((time.perf_counter() - began) * 1000)


def _content(prompt: Prompt) -> str | list[dict[str, Any]]:
    if not prompt.images:
        return prompt.user
    pictures = [
        {"type": "image_url", "image_url": {"url": f"data:{i.mime_type};base64,{base64.b64encode(i.data).decode()}"}}
        for i in prompt.images
    ]
    return [{"type": "text", "text": prompt.user}, *pictures]


def _decided(error: Exception) -> ProviderError:
    import openai

    match error:
        case openai.APIConnectionError() | TimeoutError():
            return ProviderError(PROVIDER, "no answer in time", unknown=True)
        case openai.RateLimitError() if error.code == "insufficient_quota":
            return ProviderError(PROVIDER, "the account has no credit left", permanent=True)
        case openai.RateLimitError():
            return ProviderError(PROVIDER, "too many requests", retry_after=_retry_after(error))
        case openai.InternalServerError():
            return ProviderError(PROVIDER, f"fault {error.status_code}", retry_after=_retry_after(error))
        case openai.APIStatusError():
            return ProviderError(PROVIDER, f"refused ({error.status_code}): {error.message}", permanent=True)
    # A body that breaks off or is no JSON: the call was served, so another may be billed, but nothing was received.
    return ProviderError(PROVIDER, f"an answer that cannot be read ({type(error).__name__})", unknown=True)


def _retry_after(error: Any) -> float | None:
    value = error.response.headers.get("retry-after", "")
    return float(value) if value.replace(".", "", 1).isdigit() else None
