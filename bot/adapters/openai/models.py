"""OpenAI, or any API compatible with it, through its SDK: https://platform.openai.com/docs/api-reference/chat.

One call is one try: the SDK's own retries are off, since it repeats timed-out calls unseen, and each may be billed.
Whoever calls decides on another try (`bot.models.guard`).
"""

import asyncio
import base64
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from bot.adapters.openai import prices as openai_prices
from bot.adapters.openai import transcripts as openai_transcripts
from bot.adapters.openai.answers import Reply, answer_of, receive
from bot.adapters.openai.complaints import complaint, complaint_in
from bot.adapters.openai.dialects import Dialect, answered
from bot.adapters.openai.learning import CLEAR, next_dialect, room_left
from bot.adapters.openai.prices import NO_PRICES, Prices
from bot.adapters.openai.refusals import PROVIDER, decided, is_cut, is_filtered
from bot.adapters.openai.transcripts import Transcriber
from bot.kernel.errors import ProviderError
from bot.models.ports import Answer, Preview, Prompt, Recording, Transcript

if TYPE_CHECKING:
    from openai import APIStatusError, AsyncOpenAI

MOST_DIALECTS = 8  # ways in which one call may be worded until it is taken
NO_EFFORTS: Mapping[str, str] = {}
NO_LIST = (AttributeError, LookupError, TypeError, ValueError)  # the SDK takes any JSON for a list of models
WITHOUT_LIST = frozenset({400, 403, 404, 405, 406, 410, 500, 501})  # of who serves models and lists none to us
UNREADABLE = (LookupError, ValueError)  # of a body that is not coded as it says


class OpenAIModels:
    """See `bot.models.ports.Models`. The SDK is imported at the first call: it takes a second to load.

    efforts: how hard models are to think, by purpose of the prompt; what has none is done as "judge". prices: what
    models cost of which nobody else tells.
    """

    def __init__(
        self,
        api_key: str,
        base_url: str,
        timeout_seconds: float,
        transcribe_model: str,
        *,
        efforts: Mapping[str, str] = NO_EFFORTS,
        prices: Prices = NO_PRICES,
    ) -> None:
        self._options: dict[str, Any] = {"api_key": api_key, "base_url": base_url, "timeout": timeout_seconds}
        self._transcribe_model = transcribe_model
        self._transcriber = Transcriber(transcribe_model, timeout_seconds)
        self._efforts = efforts
        self._prices = prices
        self._dialects: dict[str, Dialect] = {}
        self._opened: AsyncOpenAI | None = None

    @property
    def _client(self) -> "AsyncOpenAI":
        if self._opened is None:
            from openai import AsyncOpenAI, DefaultAioHttpClient

            self._opened = AsyncOpenAI(max_retries=0, http_client=DefaultAioHttpClient(), **self._options)
        return self._opened

    def warm_up(self) -> None:
        """Load the SDK and the prices before the first call needs them; in a thread, since it takes a second."""
        import genai_prices  # noqa: F401
        import openai.resources.chat.completions  # noqa: F401

    async def close(self) -> None:
        if self._opened is not None:
            await self._opened.close()

    async def ask(self, model: str, prompt: Prompt, preview: Preview | None = None) -> Answer:
        import openai

        began, dialect, room = time.perf_counter(), self._dialects.get(model, Dialect()), prompt.max_output_tokens
        tried = {dialect}
        for _ in range(MOST_DIALECTS):
            asked = replace(prompt, max_output_tokens=min(room, prompt.max_output_tokens))
            sent = dialect.options(asked, self._effort(prompt), streams=preview is not None)
            refused: openai.APIStatusError | None = None
            try:
                reply = await self._reply(model, dialect, prompt, sent, preview)
                said = complaint_in(reply.error) if reply.error and not reply.chosen else None
            except openai.APIStatusError as error:
                if (ended := _without_answer(error)) is not None:
                    return answer_of(model, asked, ended, _since(began), self._prices)
                refused, said = error, complaint(error)
            if said is not None and said.status in CLEAR and (left := room_left(sent, said.words)) is not None:
                room = left
                continue
            other = next_dialect(dialect, sent, said.status, said.words, tried) if said is not None else None
            if other is not None:
                dialect = other
                tried.add(other)
                continue
            if refused is not None:
                raise decided(refused) from None
            answer = answer_of(model, asked, reply, _since(began), self._prices)
            if reply.chosen:
                self._dialects[model] = dialect.heard(
                    prompt.purpose, thinks=reply.said.thinks, closed_only=reply.said.closed_only, whole=answer.whole
                )
            return replace(answer, text=answered(prompt, answer.text))
        raise ProviderError(PROVIDER, "every way of asking it was refused", permanent=True)

    def learnt(self, model: str) -> list[str]:
        """What the model does otherwise than OpenAI, as far as it was asked."""
        return self._dialects.get(model, Dialect()).words()

    def is_priced(self, model: str) -> bool:
        """Whether a price is known for the model."""
        return openai_prices.is_priced(model, self._prices)

    def _effort(self, prompt: Prompt) -> str:
        return self._efforts.get(prompt.purpose, self._efforts.get("judge", ""))

    async def _reply(
        self, model: str, dialect: Dialect, prompt: Prompt, sent: dict[str, Any], preview: Preview | None
    ) -> Reply:
        """One call. Raises openai.APIStatusError where it was refused, ProviderError where no answer came."""
        import httpx2  # what the SDK speaks by; it lets its errors through while an answer is read
        import openai

        messages = dialect.messages(prompt, _content(prompt))
        completions, reply = self._client.chat.completions, Reply()
        try:
            # the SDK's own time-out begins anew with each byte; a reply in one piece may take it up once more to come
            async with asyncio.timeout(self._options["timeout"] * (1 if "stream" in sent else 2)):
                # As it is: else the SDK looks all through it for names that it would change, and there are none.
                body = {"messages": messages, **sent}
                opening = completions.with_streaming_response.create(model=model, messages=(), extra_body=body)
                async with opening as answer:
                    kind, live = answer.headers.get("content-type", ""), prompt.purpose in dialect.plain
                    await receive(reply, answer.iter_bytes(), kind, preview or _unseen, live=live)
        except openai.APIStatusError:
            raise
        except (openai.OpenAIError, httpx2.HTTPError, TimeoutError, *UNREADABLE) as error:
            if not reply.chosen:
                raise decided(error) from None
        reply.said.end()
        return reply

    async def transcribe(self, recording: Recording) -> Transcript:
        import httpx2
        import openai

        try:
            return await self._transcriber.transcribe(self._client, recording)
        except (openai.OpenAIError, httpx2.HTTPError) as error:
            raise decided(error) from None

    def longest_recording(self) -> int | None:
        return openai_transcripts.longest_recording(self._transcribe_model)

    def most(self, model: str, prompt: Prompt) -> int:
        return openai_prices.most(model, prompt, self._prices)

    def most_to_transcribe(self, seconds: int) -> int:
        return openai_prices.most_for_audio(self._transcribe_model, seconds)

    async def shutdowns(self) -> Mapping[str, date | None]:
        import openai

        try:
            return {model.id: _day(model.shutdown_date) async for model in self._client.models.list()}
        except NO_LIST:
            return {}
        except openai.APIStatusError as error:
            if error.status_code in WITHOUT_LIST:
                return {}
            raise decided(error) from None
        except openai.APIResponseValidationError:
            return {}
        except openai.OpenAIError as error:
            raise decided(error) from None


def _day(value: object) -> date | None:
    """A day as the list of models gives it; None where it gives none."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


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


def _without_answer(error: "APIStatusError") -> Reply | None:
    """What a refusal says that is an outcome of the call, and no fault."""
    if is_filtered(error):
        return Reply(filtered=True)
    return Reply(chosen=True, finish="length") if is_cut(error) else None


def _unseen(piece: str) -> None:
    """Nobody looks on."""
