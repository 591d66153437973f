"""What OpenAI's replies mean, whole or streamed: https://platform.openai.com/docs/api-reference/chat/object."""

from collections.abc import AsyncIterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import orjson

from bot.adapters import openai_prices
from bot.platform.ports import Answer, Outcome, Preview, Prompt

if TYPE_CHECKING:
    from openai.types.chat import ChatCompletion


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
    usage = completion.usage
    reply = Reply(usage=None if usage is None else (usage.prompt_tokens, usage.completion_tokens))
    for choice in completion.choices[:1]:
        reply.chosen, reply.finish = True, choice.finish_reason
        reply.pieces.append(choice.message.content or "")
        reply.refused = bool(choice.message.refusal)
    return reply


async def streamed(lines: AsyncIterable[str], preview: Preview) -> Reply:
    """A reply that comes in pieces, as lines of server-sent events; each is handed to `preview` at once.

    The events are read as plain JSON: the SDK makes objects of each, which takes longer than all the rest of a call.
    Raises ValueError for what is no event.
    """
    reply = Reply()
    async for line in lines:
        data = line.removeprefix("data:").strip() if line.startswith("data:") else ""
        if not data or data == "[DONE]":
            continue
        event = orjson.loads(data)
        if "error" in event:
            raise ValueError("the stream ended with an error")
        if usage := event.get("usage"):
            reply.usage = usage["prompt_tokens"], usage["completion_tokens"]
        for choice in event.get("choices", ())[:1]:
            reply.chosen = True
            reply.finish = choice.get("finish_reason") or reply.finish
            reply.refused = reply.refused or bool(choice["delta"].get("refusal"))
            if piece := choice["delta"].get("content"):
                reply.pieces.append(piece)
                preview(piece)
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
