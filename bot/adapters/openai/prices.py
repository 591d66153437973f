"""What calls of OpenAI's models cost, by https://github.com/pydantic/genai-prices, in millionths of a US dollar."""

from collections.abc import Mapping
from decimal import ROUND_CEILING, Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

import structlog

from bot.models.ports import Prompt

if TYPE_CHECKING:
    from genai_prices import Usage

log = structlog.get_logger(__name__)
# US dollars for a million tokens read and a million written, by model.
Prices = Mapping[str, tuple[Decimal, Decimal]]
NO_PRICES: Prices = {}
# Of the models of general use the dearest in November 2026, gpt-6-astra: https://openai.com/api/pricing/
DEAREST = (Decimal(10), Decimal(50))
# A token stands for a byte or more (https://github.com/openai/tiktoken), so a text has no more tokens than bytes; on
# top come the roles and separators of its messages, and what the JSON schema is turned into.
FRAME_TOKENS = 64
# The most that one picture counts: https://platform.openai.com/docs/guides/images-vision#calculating-costs
IMAGE_TOKENS = 48_000
# Generous bounds for the models that are paid by token, which hear less than 20 tokens a second.
AUDIO_TOKENS_PER_SECOND = 25
TRANSCRIPT_TOKENS_PER_SECOND = 10


def cost(model: str, input_tokens: int, output_tokens: int, prices: Prices = NO_PRICES) -> int:
    """What the tokens cost, by the business's own prices where it gave some.

    Where no price is known for the model, the dearest general model's counts: a ceiling must not be blind.
    """
    if (own := prices.get(model)) is None:
        if (listed := _listed(model, input_tokens, output_tokens)) is not None:
            return _micro(listed)
        _warn_dearest(model)
        own = DEAREST
    return _micro((own[0] * input_tokens + own[1] * output_tokens) / 1_000_000)


def is_priced(model: str, prices: Prices = NO_PRICES) -> bool:
    """Whether a price is known for the model."""
    return model in prices or _listed(model, 1, 1) is not None


def most(model: str, prompt: Prompt, prices: Prices = NO_PRICES) -> int:
    """The most that a call may cost."""
    return cost(model, most_read(prompt), prompt.max_output_tokens, prices)


def most_read(prompt: Prompt) -> int:
    """The most tokens that a prompt may count."""
    texts = (prompt.system, prompt.user, str(prompt.schema or ""))
    return FRAME_TOKENS + sum(len(text.encode()) for text in texts) + IMAGE_TOKENS * len(prompt.images)


def _listed(model: str, input_tokens: int, output_tokens: int) -> Decimal | None:
    """The price of OpenAI's model of this name, or else of anybody's."""
    from genai_prices import Usage, calc_price

    usage = Usage(input_tokens=input_tokens, output_tokens=output_tokens)
    for provider in ("openai", None):
        try:
            return calc_price(usage, model, provider_id=provider).total_price
        except LookupError:
            continue
    return None


# For a transcriber that no price is known of: one by the minute and one by the token, of which the dearer counts.
DEAREST_TRANSCRIBERS = ("whisper-1", "gpt-4o-transcribe")


def audio_cost(model: str, seconds: int, input_tokens: int = 0, output_tokens: int = 0) -> int:
    """What a transcription cost: by seconds or by tokens, as the model is sold; 0 where no price is known for it."""
    from genai_prices import Usage

    heard = {"audio_seconds": seconds, "input_tokens": input_tokens, "input_audio_tokens": input_tokens}
    return _price(model, Usage(**heard, output_tokens=output_tokens))


def most_for_audio(model: str, seconds: int) -> int:
    """The most that a transcription of a recording of so many seconds may cost; never 0."""
    heard, tokens = seconds + 1, (AUDIO_TOKENS_PER_SECOND, TRANSCRIPT_TOKENS_PER_SECOND)

    def by(name: str) -> int:
        return audio_cost(name, heard, *(each * heard for each in tokens))

    return by(model) or max(map(by, DEAREST_TRANSCRIBERS))


def _price(model: str, usage: "Usage") -> int:
    from genai_prices import calc_price

    try:
        total = calc_price(usage, model, provider_id="openai").total_price
    except LookupError:
        _warn_unpriced(model)
        return 0
    return _micro(total)


def _micro(usd: Decimal) -> int:
    return int((usd * 1_000_000).to_integral_value(ROUND_CEILING))


@lru_cache
def _warn_dearest(model: str) -> None:
    log.warning("no price is known for the model; it counts as the dearest, until MODEL_PRICES says more", model=model)


@lru_cache
def _warn_unpriced(model: str) -> None:
    log.warning("no price is known for the model; its calls count as free", model=model)
