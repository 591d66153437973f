"""OpenAI, or any API compatible with it, through its SDK: https://platform.openai.com/docs/api-reference/chat.

The SDK's own retries are off, since it repeats timed-out calls unseen, and each may be billed. Ours repeat only what
was certainly not served (429, 5xx), twice, and leave the rest to the task that wanted the answer.
"""

import time
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import stamina
import structlog
from genai_prices import Usage, calc_price

from bot.kernel.errors import ProviderError
from bot.platform.ports import Answer, Outcome, Prompt

if TYPE_CHECKING:
    from openai import AsyncOpenAI
    from openai.types.chat import ChatCompletion

log = structlog.get_logger(__name__)
PROVIDER = "The model"
TRIES = 3
LONGEST_WAIT_SECONDS = 5.0


class OpenAIModels:
    """See `bot.platform.ports.Models`. The SDK is imported at the first call: it takes a second to load."""

    def __init__(self, api_key: str, base_url: str, timeout_seconds: float) -> None:
        self._options: dict[str, Any] = {"api_key": api_key, "base_url": base_url, "timeout": timeout_seconds}
        self._opened: AsyncOpenAI | None = None

    @property
    def _client(self) -> "AsyncOpenAI":
        if self._opened is None:
            from openai import AsyncOpenAI

            self._opened = AsyncOpenAI(max_retries=0, **self._options)
        return self._opened

    def warm_up(self) -> None:
        """Load the SDK before the first call needs it; in a thread, since it takes a second."""
        import openai.resources.chat.completions  # noqa: F401

    async def close(self) -> None:
        if self._opened is not None:
            await self._opened.close()

    async def ask(self, model: str, prompt: Prompt) -> Answer:
        waits = {"attempts": TRIES, "wait_initial": 0.25, "wait_max": LONGEST_WAIT_SECONDS, "timeout": 20.0}
        async for attempt in stamina.retry_context(on=_not_served, **waits):  # type: ignore[arg-type]
            with attempt:
                return await self._ask(model, prompt)
        raise AssertionError("stamina returns or raises")

    async def _ask(self, model: str, prompt: Prompt) -> Answer:
        import openai

        options: dict[str, Any] = {}
        if prompt.schema is not None:
            schema = {"name": prompt.purpose, "schema": prompt.schema, "strict": True}
            options["response_format"] = {"type": "json_schema", "json_schema": schema}
        began = time.perf_counter()
        try:
            completion = await self._client.chat.completions.create(
                model=model,
                messages=[{"role": "system", "content": prompt.system}, {"role": "user", "content": prompt.user}],
                **options,
            )
        except openai.OpenAIError as error:
            raise _decided(error) from None
        return _answer(model, completion, round((time.perf_counter() - began) * 1000))

    async def models(self) -> list[str]:
        """The ids of the models that the key may use, to prove that it works."""
        import openai

        try:
            return [model.id async for model in self._client.models.list()]
        except openai.OpenAIError as error:
            raise _decided(error) from None


def _not_served(error: Exception) -> bool:
    """Whether the call certainly had no effect and may be repeated at once."""
    return (
        isinstance(error, ProviderError)
        and not (error.permanent or error.unknown)
        and (error.retry_after or 0) <= LONGEST_WAIT_SECONDS
    )


def _decided(error: Exception) -> ProviderError:
    import openai

    match error:
        case openai.APIConnectionError():
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


def _answer(model: str, completion: "ChatCompletion", latency_ms: int) -> Answer:
    choice = completion.choices[0] if completion.choices else None
    usage = completion.usage
    read, written = (usage.prompt_tokens, usage.completion_tokens) if usage else (0, 0)
    return Answer(
        text=(choice.message.content or "") if choice else "",
        outcome=_outcome(choice),
        model=model,
        input_tokens=read,
        output_tokens=written,
        cost_micro_usd=cost(model, read, written),
        latency_ms=latency_ms,
    )


def _outcome(choice: Any) -> Outcome:
    if choice is None:
        return "malformed"
    if choice.message.refusal:
        return "refused"
    if choice.finish_reason == "length":
        return "cut"
    return "filtered" if choice.finish_reason == "content_filter" else "ok"


def cost(model: str, input_tokens: int, output_tokens: int) -> int:
    """What the tokens cost in millionths of a US dollar, by https://github.com/pydantic/genai-prices; 0 if unknown."""
    try:
        price = calc_price(Usage(input_tokens=input_tokens, output_tokens=output_tokens), model, provider_id="openai")
    except LookupError:
        _warn_unpriced(model)
        return 0
    return round(price.total_price * 1_000_000)


@lru_cache
def _warn_unpriced(model: str) -> None:
    log.warning("no price is known for the model; its calls count as free", model=model)
