"""What calls of OpenAI's models cost, by https://github.com/pydantic/genai-prices, in millionths of a US dollar."""

from decimal import ROUND_CEILING
from functools import lru_cache

import structlog
from genai_prices import Usage, calc_price

from bot.platform.ports import Prompt

log = structlog.get_logger(__name__)
# A token stands for a byte or more (https://github.com/openai/tiktoken), so a text has no more tokens than bytes; on
# top come the roles and separators of its messages, and what the JSON schema is turned into.
FRAME_TOKENS = 64
# The most that one picture counts: https://platform.openai.com/docs/guides/images-vision#calculating-costs
IMAGE_TOKENS = 48_000
# Generous bounds for the models that are paid by token, which hear less than 20 tokens a second.
AUDIO_TOKENS_PER_SECOND = 25
TRANSCRIPT_TOKENS_PER_SECOND = 10


def cost(model: str, input_tokens: int, output_tokens: int) -> int:
    """What the tokens cost; 0 where no price is known for the model."""
    return _price(model, Usage(input_tokens=input_tokens, output_tokens=output_tokens))


def most(model: str, prompt: Prompt) -> int:
    """The most that a call may cost; 0 where no price is known for the model."""
    texts = (prompt.system, prompt.user, str(prompt.schema or ""))
    read = FRAME_TOKENS + sum(len(text.encode()) for text in texts) + IMAGE_TOKENS * len(prompt.images)
    return cost(model, read, prompt.max_output_tokens)


# For a transcriber that no price is known of: one by the minute and one by the token, of which the dearer counts.
DEAREST_TRANSCRIBERS = ("whisper-1", "gpt-4o-transcribe")


def audio_cost(model: str, seconds: int, input_tokens: int = 0, output_tokens: int = 0) -> int:
    """What a transcription cost: by seconds or by tokens, as the model is sold; 0 where no price is known for it."""
    heard = {"audio_seconds": seconds, "input_tokens": input_tokens, "input_audio_tokens": input_tokens}
    return _price(model, Usage(**heard, output_tokens=output_tokens))


def most_for_audio(model: str, seconds: int) -> int:
    """The most that a transcription of a recording of so many seconds may cost; never 0."""
    heard, tokens = seconds + 1, (AUDIO_TOKENS_PER_SECOND, TRANSCRIPT_TOKENS_PER_SECOND)

    def by(name: str) -> int:
        return audio_cost(name, heard, *(each * heard for each in tokens))

    return by(model) or max(map(by, DEAREST_TRANSCRIBERS))


def _price(model: str, usage: Usage) -> int:
    try:
        total = calc_price(usage, model, provider_id="openai").total_price
    except LookupError:
        _warn_unpriced(model)
        return 0
    return int((total * 1_000_000).to_integral_value(ROUND_CEILING))


@lru_cache
def _warn_unpriced(model: str) -> None:
    log.warning("no price is known for the model; its calls count as free", model=model)
