"""What the replies of chat completions mean, whole or streamed: https://platform.openai.com/docs/api-reference/chat.

What is not known is not fine: a reply is whole only where the model said that it had finished, and nothing was odd.
Replies are read as plain JSON: other providers send what the SDK's types do not know.
"""

import re
from collections.abc import AsyncIterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.adapters.openai import prices as openai_prices
from bot.adapters.openai import usage as openai_usage
from bot.adapters.openai.events import begun, events, in_one_piece
from bot.adapters.openai.part_marks import Says, says
from bot.adapters.openai.prices import Prices
from bot.adapters.openai.thoughts import Spoken
from bot.models.ports import Answer, Outcome, Preview, Prompt

# The parts of a content list that are no text and no fault: https://docs.mistral.ai/capabilities/reasoning/
UNSAID = re.compile(r"think|thought|reasoning|reference", re.IGNORECASE)
TEXTS = frozenset({"text", "output_text"})
LARGEST_TEXT = 4_000_000  # characters
# How the model's own provider said that it ended, beside a "stop" of who stands between: https://openrouter.ai/docs
_CUT = re.compile(r"length|max_?(?:output_?)?tokens", re.IGNORECASE)
_BROKEN = re.compile(r"error|abort|cancel|fail|interrupt|time_?out|incomplete|overload", re.IGNORECASE)
_FILTERED = re.compile(r"safety|filter|recitation|blocklist|prohibited|spii", re.IGNORECASE)


@dataclass
class Reply:
    """What came back so far. `finish` None: the model had not said that it was at its end; `usage` None: nor what it
    counted, or nothing that can be so. `odd`: something in it has no known meaning, or is an error. `error`: what came
    in the place of a reply. written: bytes of text, thoughts in it too; raw: that text.
    """

    said: Spoken = field(default_factory=Spoken)
    refused: bool = False
    finish: str | None = None
    usage: tuple[int, int] | None = None
    chosen: bool = False
    odd: bool = False
    filtered: bool = False
    streams: bool = False
    error: Any = None
    written: int = 0
    raw: list[str] = field(default_factory=list)


async def receive(reply: Reply, chunks: AsyncIterable[bytes], kind: str, preview: Preview, *, live: bool) -> None:
    """A reply in one piece or in many, as it comes.

    What is said in each piece is handed to `preview` at once where the model is known to say no thoughts (`live`), and
    until there is a sign of one. Else only the whole is: before its end it cannot be told that no thought without a
    beginning is in it.
    """
    reply.streams, body = await begun(chunks, kind)
    if reply.streams:
        await _streamed(reply, body, preview, live=live)
        return
    _take(reply, await in_one_piece(body), None)
    reply.said.end()
    preview("" if reply.odd or reply.said.doubtful else reply.said.text)


async def _streamed(reply: Reply, chunks: AsyncIterable[bytes], preview: Preview, *, live: bool) -> None:
    shown = Spoken()

    def show(piece: str) -> None:
        said = shown.feed(piece)
        preview(said if live and not shown.thinks else "")

    async for event in events(chunks):
        _take(reply, event, show)
        if len(reply.said.text) > LARGEST_TEXT:
            reply.odd = True
            return
    rest = shown.end()
    if not live:
        preview("" if shown.doubtful or reply.odd or reply.filtered else shown.text)
    elif not shown.thinks:
        preview(rest)


def _take(reply: Reply, event: Any, show: Preview | None) -> None:
    """Add a whole reply, or an event of a stream, to what is known."""
    if not isinstance(event, Mapping) or event.get("error") or "error" in (event.get("type"), event.get("object")):
        reply.odd = True
        reply.error = reply.error or event
        return
    reply.usage = openai_usage.told(event.get("usage")) or reply.usage
    reply.filtered = reply.filtered or _flagged(event)
    choices = event.get("choices")
    if not choices:  # as the last event and Azure's first ones are
        return
    first = _first(choices)
    if not isinstance(first, Mapping) or first.get("error"):
        reply.odd = reply.odd or first is not NO_CHOICE
        return
    reply.chosen = True
    reply.filtered = reply.filtered or _flagged(first)
    message = first.get("delta") if "delta" in first else _unrepeated(reply, first.get("message"))
    ended = reply.finish is not None
    _end(reply, first.get("finish_reason"))
    _end_of_provider(reply, first)
    _end_of_provider(reply, event)
    before = reply.written
    _say(reply, message, show)
    reply.odd = reply.odd or (ended and reply.written > before)  # more was said after its end


NO_CHOICE: Mapping[str, Any] = {"error": "another choice"}


def _unrepeated(reply: Reply, message: object) -> object:
    """The message of a reply; nothing where a stream has said it in pieces before."""
    if reply.streams and reply.written and isinstance(message, Mapping):
        content = message.get("content")
        reply.odd = reply.odd or not isinstance(content, str) or content.strip() != "".join(reply.raw).strip()
        return None
    return message


def _first(choices: object) -> object:
    """The first choice, wherever it stands; NO_CHOICE where only others are there."""
    if not isinstance(choices, list):
        return None
    if not all(isinstance(one, Mapping) for one in choices):
        return None
    return next((one for one in choices if one.get("index") in (0, None)), NO_CHOICE)


def _flagged(found: Mapping[str, Any]) -> bool:
    """Whether a filter stopped any of it, perhaps after it was streamed:
    https://learn.microsoft.com/en-us/azure/ai-foundry/openai/concepts/content-streaming
    """
    results = [value for key, value in found.items() if key.startswith(("content_filter_result", "prompt_filter_"))]
    while results:
        one = results.pop()
        if isinstance(one, Mapping):
            if one.get("filtered") is True:
                return True
            results.extend(one.values())
        elif isinstance(one, list):
            results.extend(one)
    return False


def _end(reply: Reply, reason: object) -> None:
    """Note how it ended; of two reasons the one that is not fine stands."""
    if reason is None or (reply.finish not in (None, "stop")):
        return
    reply.finish = reason if isinstance(reason, str) else "unknown"


def _end_of_provider(reply: Reply, choice: Mapping[str, Any]) -> None:
    if choice.get("truncated") is True and reply.finish == "stop":
        reply.finish = "length"
    for name in ("native_finish_reason", "stop_reason", "status"):
        reason = choice.get(name)
        if isinstance(reason, str) and reply.finish == "stop":
            reply.finish = "length" if _CUT.search(reason) else reply.finish
            reply.filtered = reply.filtered or _FILTERED.search(reason) is not None
            reply.odd = reply.odd or _BROKEN.search(reason) is not None


def _say(reply: Reply, message: object, show: Preview | None) -> None:
    if message is None:  # some events of a stream have none
        return
    if not isinstance(message, Mapping):
        reply.odd = True
        return
    reply.refused = reply.refused or bool(message.get("refusal"))
    # words beside a call of a tool are no answer, whatever is said of the end
    reply.odd = reply.odd or bool(message.get("tool_calls") or message.get("function_call"))
    what = says(message)
    reply.odd = reply.odd or what is Says.UNKNOWN
    content = message.get("content") if what is not Says.THOUGHT else None
    for piece in content if isinstance(content, list) else [content]:
        text = _text(reply, piece)
        reply.written += len(text.encode(errors="replace")) if text.strip() else 0
        reply.raw.append(text)
        reply.said.feed(text)
        if show is not None and text:
            show(text)


def _text(reply: Reply, piece: object) -> str:
    """The text of a content, or of one part of it; PostgreSQL keeps no NUL."""
    if isinstance(piece, Mapping):
        kind = piece.get("type")
        what = says(piece)
        reply.odd = reply.odd or what is Says.UNKNOWN
        if what is Says.THOUGHT or (isinstance(kind, str) and UNSAID.search(kind)):
            return ""
        if kind in TEXTS and isinstance(piece.get("text"), str):
            return str(piece["text"]).replace("\0", "")
        reply.refused = reply.refused or kind == "refusal"
        reply.odd = reply.odd or kind != "refusal"
        return ""
    if isinstance(piece, str):
        return piece.replace("\0", "")
    reply.odd = reply.odd or piece is not None
    return ""


def answer_of(model: str, prompt: Prompt, reply: Reply, latency_ms: int, prices: Prices) -> Answer:
    """The reply as an Answer. What it counted and cannot be true, or told before its end, counts as the most."""
    broke_off = reply.streams and reply.finish is None
    counts = openai_usage.believed(None if broke_off else reply.usage, prompt, reply.written)
    read, written = counts or (0, 0)
    cost = openai_prices.cost(model, read, written, prices) if counts else openai_prices.most(model, prompt, prices)
    return Answer(
        text=reply.said.text,
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
    if reply.odd or reply.said.doubtful or not reply.chosen:
        return "malformed"
    if reply.refused:
        return "refused"
    if reply.finish is None or reply.finish == "length":
        return "cut"
    return "ok" if reply.finish == "stop" else "malformed"
