"""What OpenAI's replies mean, whole or streamed: https://platform.openai.com/docs/api-reference/chat/object."""

from collections.abc import AsyncIterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.adapters import openai_prices
from bot.platform.ports import Answer, Outcome, Preview, Prompt

if TYPE_CHECKING:
    from openai.types.chat import ChatCompletion, ChatCompletionChunk


@dataclass
class Reply:
    """What came back so far. `finish` None: the model had not said that it was at its end; `usage` None: nor what it
    counted.
    """

    pieces: list[str] = field(default_factory=list)
    refused: bool = False
    finish: str | None = None
    usage: tuple[int, int] | None = None
    chosen: bool = False


def whole(completion: "ChatCompletion") -> Reply:
    """A reply that came in one piece."""
    reply = Reply(usage=_usage(completion.usage))
    for choice in completion.choices[:1]:
        reply.chosen, reply.finish = True, choice.finish_reason
        reply.pieces.append(choice.message.content or "")
        reply.refused = bool(choice.message.refusal)
    return reply


async def streamed(chunks: AsyncIterable["ChatCompletionChunk"], preview: Preview) -> Reply:
    """A reply that comes in pieces; each is handed to `preview` at once."""
    reply = Reply()
    async for chunk in chunks:
        reply.usage = _usage(chunk.usage) or reply.usage
        for choice in chunk.choices[:1]:
            reply.chosen = True
            reply.finish = choice.finish_reason or reply.finish
            reply.refused = reply.refused or bool(choice.delta.refusal)
            if choice.delta.content:
                reply.pieces.append(choice.delta.content)
                preview(choice.delta.content)
    return reply


def answer_of(model: str, prompt: Prompt, reply: Reply, latency_ms: int) -> Answer:
    """The reply as an Answer. Where the usage is missing, it counts as the most that it can have been."""
    read, written = reply.usage or (0, 0)
    cost = openai_prices.most(model, prompt) if reply.usage is None else openai_prices.cost(model, read, written)
    return Answer(
        text="".join(reply.pieces),
        outcome=_outcome(reply),
        model=model,
        input_tokens=read,
        output_tokens=written,
        cost_micro_usd=cost,
        latency_ms=latency_ms,
    )


def _outcome(reply: Reply) -> Outcome:
    if not reply.chosen:
        return "malformed"
    if reply.refused:
        return "refused"
    if reply.finish is None or reply.finish == "length":
        return "cut"
    return "filtered" if reply.finish == "content_filter" else "ok"


def _usage(usage: Any) -> tuple[int, int] | None:
    return None if usage is None else (usage.prompt_tokens, usage.completion_tokens)
