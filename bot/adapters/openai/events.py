"""How a reply comes over the wire: in one piece or as server-sent events, whichever of them was asked for.

Gateways pass over `stream`, or always stream; what came tells, where its type does not.
https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
"""

from collections.abc import AsyncIterable, AsyncIterator
from typing import Any

from bot.kernel.text.storable import read_json

BOM = b"\xef\xbb\xbf"
LARGEST = 16_000_000  # bytes of one event, or of a reply in one piece
_FIELDS = (b"data:", b"event:", b"id:", b"retry:", b":")


async def begun(chunks: AsyncIterable[bytes], kind: str) -> tuple[bool, AsyncIterator[bytes]]:
    """Whether a stream of events comes, and all of it, without a byte order mark. kind: its Content-Type."""
    rest, head = aiter(chunks), b""
    async for chunk in rest:
        head = (head + chunk).removeprefix(BOM) if len(head) < len(BOM) else head + chunk
        if len(head.lstrip()) >= max(map(len, _FIELDS)):
            break
    first = head.lstrip()
    streams = first.startswith(_FIELDS) or ("event-stream" in kind.lower() and not first.startswith(b"{"))
    return streams, _with(head, rest)


async def _with(head: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield head
    async for chunk in rest:
        yield chunk


async def in_one_piece(chunks: AsyncIterator[bytes]) -> Any:
    """A reply as JSON; None where it is none, or larger than any can be."""
    pieces, size = [], 0
    async for chunk in chunks:
        pieces.append(chunk)
        if (size := size + len(chunk)) > LARGEST:
            return None
    return parsed(b"".join(pieces))


def parsed(data: bytes) -> Any:
    """JSON, or None."""
    try:
        return read_json(data.removeprefix(BOM))
    except ValueError:
        return None


async def events(chunks: AsyncIterable[bytes]) -> AsyncIterator[Any]:
    """Each event as JSON (None: it is none; an error where it is named so), without the closing [DONE].

    Comments are passed over. The lines of an event are one text, but each is one where somebody left the blank lines
    between events out.
    """
    lines: list[bytes] = []
    async for line in _lines(chunks):
        if line:
            lines.append(line)
            if line.startswith(b"data:") and sum(map(len, lines)) > LARGEST:
                yield None
                return
            continue
        for event in _event(lines):
            yield event
        lines = []
    for event in _event(lines):
        yield event


async def _lines(chunks: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    """Lines, which only CR, LF or both end; of the last one what came."""
    held, after_cr = b"", False
    async for chunk in chunks:
        if after_cr and chunk.startswith(b"\n"):
            chunk = chunk[1:]
        after_cr = chunk.endswith(b"\r")
        *lines, held = (held + chunk).replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        for line in lines:
            yield line
        if len(held) > LARGEST:
            yield b"data: too long"
            return
    yield held


def _event(lines: list[bytes]) -> list[Any]:
    data = [line.removeprefix(b"data:").strip() for line in lines if line.startswith(b"data:")]
    data = [one for one in data if one and one != b"[DONE]"]
    if not data:
        return []
    found = [parsed(one) for one in data]
    if len(data) > 1 and not all(isinstance(one, dict) for one in found):
        found = [parsed(b"\n".join(data))]
    named = any(line.removeprefix(b"event:").strip() == b"error" for line in lines if line.startswith(b"event:"))
    return [{"error": one or True} for one in found] if named else found
