"""What a refusal says, in whatever form: an object, a string, a list, plain text or a page, one within the other.

OpenAI's is {"error": {"message", "param", "code"}}; FastAPI's {"detail": [{"loc", "msg"}]}; Google's a list of objects;
xAI's and Ollama's error a string; OpenRouter's holds its provider's own in metadata.raw, as text.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from openai import APIStatusError

_MOST = 4_000  # characters; more is a page
_DEEPEST = 6
# Where words stand, in the order in which they are read, and where the name of what they are about does.
_SAID = (
    "message",
    "msg",
    "error",
    "error_msg",
    "detail",
    "details",
    "errors",
    "description",
    "reason",
    "raw",
    "metadata",
)
_NAMED = ("param", "field", "path", "parameter")
_CODES = ("code", "type", "status", "innererror", "error")
_TAG = re.compile(r"<(?:script|style)\b.*?</(?:script|style)>|<[^<>]{1,500}>", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Complaint:
    """A refusal: its status, its codes in small letters, and its words with the names that they are about."""

    status: int
    codes: frozenset[str]
    words: str


def complaint(error: "APIStatusError") -> Complaint:
    """What an error of the SDK says."""
    return _read(error.status_code, error.body) or Complaint(error.status_code, frozenset(), error.message)


def complaint_in(body: Any) -> Complaint | None:
    """What an error says that came with status 200; None where it says nothing."""
    return _read(200, body)


def number(text: str) -> int:
    """A number, perhaps with separators."""
    return int(re.sub(r"\D", "", text))


def _read(status: int, body: Any) -> Complaint | None:
    words = list(dict.fromkeys(_words(body, 0)))
    said = " ".join("; ".join(words).split())[:_MOST]
    return Complaint(status, frozenset(_codes(body, 0)), said) if said else None


def _words(body: Any, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        return
    if isinstance(body, str):
        yield from _text(body, depth)
    elif isinstance(body, list):
        for one in body[:20]:
            yield from _words(one, depth + 1)
    elif isinstance(body, Mapping):
        said = "; ".join(one for name in _SAID if name in body for one in _words(body[name], depth + 1))
        place = ".".join(_steps(body.get("loc")))
        kind = f" ({body['type']})" if "msg" in body and isinstance(body.get("type"), str) else ""
        names = [".".join(_steps(body.get(name))) for name in _NAMED]
        about = ", ".join(name for name in names if name and not re.search(rf"(?<!\w){re.escape(name)}(?!\w)", said))
        line = (
            f"{place}: {said}{kind}" if place and said else f"{said}{kind} ({about})" if said and about else said + kind
        )
        if line or about:
            yield line or about


def _text(body: str, depth: int) -> Iterator[str]:
    """Words, perhaps of a page; or JSON that was put into a string."""
    if body.lstrip().startswith(("{", "[")):
        try:
            inner = orjson.loads(body)
        except orjson.JSONDecodeError:
            inner = None
        if inner is not None:
            yield from _words(inner, depth + 1)
            return
    said = " ".join(unescape(_TAG.sub(" ", body[: 10 * _MOST])).split()) if "<" in body else body.strip()
    if said:
        yield said[:_MOST]


def _steps(value: Any) -> list[str]:
    steps = value if isinstance(value, list) else [value]
    return [str(step) for step in steps if isinstance(step, str | int) and step not in ("body", "")]


def _codes(body: Any, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        return
    if isinstance(body, list):
        for one in body[:20]:
            yield from _codes(one, depth + 1)
    elif isinstance(body, Mapping):
        for name in _CODES:
            value = body.get(name)
            if isinstance(value, str | int):
                yield str(value).lower()
            else:
                yield from _codes(value, depth + 1)
