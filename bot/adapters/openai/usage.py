"""What a call counted, as far as it can be true: between what its texts must have cost and what it was allowed to.

Counts come in more than one way: some leave thoughts out of what was written and only their total has them
(https://docs.x.ai/docs/models#reasoning-tokens, https://ai.google.dev/gemini-api/docs/openai), some are of another
piece of work, and some are made up.
"""

from collections.abc import Mapping
from typing import Any

from bot.adapters.openai import prices as openai_prices
from bot.models.ports import Prompt

# Bytes that a token stands for at most, over a whole text: some four in English, and never as many as this.
BYTES_PER_TOKEN = 32
_NAMES = (("prompt_tokens", "completion_tokens"), ("input_tokens", "output_tokens"))


def told(usage: object) -> tuple[int, int] | None:
    """The tokens read and written, with what was thought; None where they are missing, or no counts."""
    if not isinstance(usage, Mapping):
        return None
    for names in _NAMES:
        read, written = (_count(usage.get(name)) for name in names)
        if read is not None and written is not None:
            return (read, max(written, _with_thoughts(usage, read, written))) if read else None
    return None


def _with_thoughts(usage: Mapping[str, Any], read: int, written: int) -> int:
    """What was written by the total, or by the thoughts alone where they are more than all."""
    details = usage.get("completion_tokens_details") or usage.get("output_tokens_details")
    thought = _count(details.get("reasoning_tokens")) if isinstance(details, Mapping) else None
    total = _count(usage.get("total_tokens"))
    apart = written + thought if thought is not None and thought > written else 0
    return max(apart, total - read if total is not None else 0)


def _count(value: object) -> int | None:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if type(value) is int and value >= 0 else None


def believed(counts: tuple[int, int] | None, prompt: Prompt, written_bytes: int) -> tuple[int, int] | None:
    """The counts, each the most that it can be where it cannot be true; None where nothing was told."""
    if counts is None:
        return None
    read, written = counts
    least = sum(len(text.encode()) for text in (prompt.system, prompt.user)) // BYTES_PER_TOKEN
    most = openai_prices.most_read(prompt)
    read = read if least <= read <= most else most
    fits = -(-written_bytes // BYTES_PER_TOKEN) <= written <= prompt.max_output_tokens
    return read, written if fits else prompt.max_output_tokens
