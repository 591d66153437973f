"""What the replies of chat completions mean, whole or streamed: https://platform.openai.com/docs/api-reference/chat.

What is not known is not fine: a reply is whole only where the model said that it had finished, and nothing was odd.
Replies are read as plain JSON: other providers send what the SDK's types do not know.
"""

from collections.abc import AsyncIterable, AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from bot.adapters import openai_prices
from bot.adapters.openai_prices import Prices
from bot.adapters.openai_thoughts import Spoken
from bot.platform.ports import Answer, Outcome, Preview, Prompt

# The parts of a content list that are no text and no fault: https://docs.mistral.ai/capabilities/reasoning/
UNSAID = frozenset({"thinking", "reasoning", "reasoning_content", "reference"})
TEXTS = frozenset({"text", "output_text"})
LARGEST_COUNT = 10_000_000  # tokens; no model has a window as large
LARGEST_TEXT = 4_000_000  # characters


@dataclass
class Reply:
    """What came back so far. `finish` None: the model had not said that it was at its end; `usage` None: nor what it
    counted, or nothing that can be so. `odd`: something in it has no known meaning, or is an error.
    """

    said: Spoken = field(default_factory=Spoken)
    refused: bool = False
    finish: str | None = None
    usage: tuple[int, int] | None = None
    chosen: bool = False
    odd: bool = False
    filtered: bool = False


def whole(body: bytes) -> Reply:
    """A reply that came in one piece."""
    reply = Reply()
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        found = None
    _take(reply, found, "message", None)
    reply.said.end()
    return reply


async def streamed(reply: Reply, chunks: AsyncIterable[bytes], preview: Preview, *, live: bool) -> None:
    """A reply that comes in pieces, as server-sent events.

    What is said in each is handed to `preview` at once where the model is known to say no thoughts (`live`), and until
    there is a sign of one. Else only the whole is: before its end it cannot be told that no thought without a beginning
    is in it.
    """
    shown = Spoken()

    def show(piece: str) -> None:
        said = shown.feed(piece)
        preview(said if live and not shown.thinks else "")

    async for data in _events(chunks):
        try:
            event = orjson.loads(data)
        except orjson.JSONDecodeError:
            event = None
        _take(reply, event, "delta", show)
        if len(reply.said.text) > LARGEST_TEXT:
            reply.odd = True
            return
    rest = shown.end()
    if not live:
        preview(shown.text)
    elif not shown.thinks:
        preview(rest)


async def _events(chunks: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    """The data of each event but the closing [DONE]. Only CR and LF end a line, and comments are passed over."""
    held = b""
    async for chunk in chunks:
        *lines, held = (held + chunk).replace(b"\r", b"\n").split(b"\n")
        if len(held) > LARGEST_TEXT:
            yield b""
            return
        for line in lines:
            if (data := _data(line)) is not None:
                yield data
    if (data := _data(held)) is not None:
        yield data


def _data(line: bytes) -> bytes | None:
    data = line.removeprefix(b"data:").strip() if line.startswith(b"data:") else b""
    return data if data and data != b"[DONE]" else None


def _take(reply: Reply, event: Any, key: str, show: Preview | None) -> None:
    """Add a whole reply, or an event of a stream, to what is known."""
    if not isinstance(event, Mapping) or event.get("error"):
        reply.odd = True
        return
    reply.usage = _usage(event.get("usage")) or reply.usage
    choices = event.get("choices")
    if not choices:  # as the last event and Azure's first ones are
        return
    first = choices[0] if isinstance(choices, list) else None
    if not isinstance(first, Mapping) or first.get("error"):
        reply.odd = True
        return
    if first.get("index") not in (0, None):
        return
    reply.chosen = True
    _end(reply, first.get("finish_reason"))
    _say(reply, first.get(key), show)


def _end(reply: Reply, reason: object) -> None:
    """Note how it ended; of two reasons the one that is not fine stands."""
    if reason is None or (reply.finish not in (None, "stop")):
        return
    reply.finish = reason if isinstance(reason, str) else "unknown"


def _say(reply: Reply, message: object, show: Preview | None) -> None:
    if message is None:  # some events of a stream have none
        return
    if not isinstance(message, Mapping):
        reply.odd = True
        return
    reply.refused = reply.refused or bool(message.get("refusal"))
    content = message.get("content")
    for piece in content if isinstance(content, list) else [content]:
        text = _text(reply, piece)
        reply.said.feed(text)
        if show is not None and text:
            show(text)


def _text(reply: Reply, piece: object) -> str:
    """The text of a content, or of one part of it; PostgreSQL keeps no NUL."""
    if isinstance(piece, Mapping):
        kind = piece.get("type")
        if kind in TEXTS and isinstance(piece.get("text"), str):
            return str(piece["text"]).replace("\0", "")
        reply.refused = reply.refused or kind == "refusal"
        reply.odd = reply.odd or kind not in {*UNSAID, "refusal"}
        return ""
    if isinstance(piece, str):
        return piece.replace("\0", "")
    reply.odd = reply.odd or piece is not None
    return ""


def _usage(usage: object) -> tuple[int, int] | None:
    """The tokens read and written; None where they are missing, or cannot be so."""
    if not isinstance(usage, Mapping):
        return None
    read, written = usage.get("prompt_tokens"), usage.get("completion_tokens")
    if type(read) is not int or type(written) is not int:
        return None
    return (read, written) if 0 < read <= LARGEST_COUNT and 0 <= written <= LARGEST_COUNT else None


def answer_of(model: str, prompt: Prompt, reply: Reply, latency_ms: int, prices: Prices) -> Answer:
    """The reply as an Answer. Where the usage cannot be told, it counts as the most that it can have been."""
    read, written = reply.usage or (0, 0)
    text = reply.said.text
    counted = reply.usage is not None and bool(written or not text.strip())
    cost = openai_prices.cost(model, read, written, prices) if counted else openai_prices.most(model, prompt, prices)
    return Answer(
        text=text,
        outcome=_outcome(reply),
        model=model,
        input_tokens=read,
        output_tokens=written,
        cost_micro_usd=cost,
        latency_ms=latency_ms,
    )


def _outcome(reply: Reply) -> Outcome:
    if reply.filtered or reply.finish == "content_filter":
        return "filtered"
    if reply.odd or not reply.chosen:
        return "malformed"
    if reply.refused:
        return "refused"
    if reply.finish is None or reply.finish == "length":
        return "cut"
    return "ok" if reply.finish == "stop" else "malformed"
