"""Another way to ask a model, learnt from the words in which a call was refused.

Every provider has words of its own for the same few things, and some say nothing:
tests/bot/models/test_openai_refused.py has them. A number is only learnt where it is one of tokens, and one that a
model can have.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from bot.adapters.openai.complaints import number
from bot.adapters.openai.dialects import LIMITS, Dialect

CLEAR = frozenset({200, 400, 405, 415, 422, 501})  # how a parameter is refused; beside these it must be said clearly
NEVER = frozenset({401, 402, 408, 413, 425, 429, 504, 524})
LEAST_LENGTH = 256  # tokens; no model writes fewer
_EFFORTS = ("minimal", "low")  # the least that a model may think which cannot do without
# What a refused parameter is called by; in words with "_" for each space, hyphen and change of case.
_CALLED = {
    "stream_options": r"stream_options?|include_usage",
    "response_format": r"response_formats?|json_schemas?|json_objects?|json_mode|structured_outputs?|guided_json",
    "reasoning_effort": r"reasoning_efforts?|reasoning\.effort|reasoning_is_mandatory|thinking_mode|thinking_budget"
    r"|budget_\d+_is_invalid",
    "stream": r"stream|streaming",
}
_LIMIT_CALLED = r"max_(?:completion_|output_)?tokens"
_MUST_THINK = re.compile(r"mandatory|cannot be disabled|only works in thinking|budget 0 is invalid", re.IGNORECASE)
_REFUSES = re.compile(
    r"support|unknown|unrecogni|unexpected|invalid|not (?:allowed|permitted)|extra|grammar|unavailable", re.IGNORECASE
)
_NAMELESS = re.compile(
    r"(?:unrecogni[sz]ed|unknown|unsupported|unexpected|extra|invalid) (?:request )?(?:argument|parameter|field"
    r"|property|input|key|payload|request)|unprocessable|extra inputs|not permitted|validation (?:error|failed)",
    re.IGNORECASE,
)
_SYSTEM = re.compile(
    r"system[ -](?:role|messages?|prompts?|instructions?)[^.]{0,40}?(?:not|n't|un)[ -]?(?:be )?(?:support|allow|permit)"
    r"|(?:not support|unsupported|invalid)[^.]{0,30}\bsystem\b|roles must alternate"
    r"|developer instruction is not enabled|only user and assistant roles",
    re.IGNORECASE,
)  # fmt: skip
_NUMBER = r"[`'\"(]?(?<![\w.])(\d{1,3}(?:[,.'\u2019_ \u00a0\u202f]\d{3})+(?![\d,])|\d+)(?![\d%]|\.\d)"
_AT_MOST = re.compile(
    r"(?:at most|no more than|up to|<=|≤|\d >|only|(?:greater|larger|higher|more) than|exceed(?:s|ed|ing)?|or equal to"
    rf"|maximum|max(?:imum)? value|limit|between \d+ and|\[\d+,"
    rf"|range (?:of )?\d+ ?(?:-|to))[^\d]{{0,40}}?\s*{_NUMBER}",
    re.IGNORECASE,
)
_LESS = re.compile(rf"(?:less|lower|smaller) than\s+{_NUMBER}", re.IGNORECASE)
_NO_TOKENS = re.compile(r"\brequests?\b[^.]{0,20}\b(?:per|a|an|/)\b|per (?:minute|hour|day|second)|\brpm\b|\btpm\b"
                        r"|a (?:minute|day|second|hour)\b", re.IGNORECASE)  # fmt: skip
_OF_TOKENS = re.compile(r"max|token|length", re.IGNORECASE)
_WINDOW = re.compile(rf"context (?:length|window|size|limit)[^\d]{{0,40}}?\s*{_NUMBER}", re.IGNORECASE)
_ROOM = re.compile(r"\((\d+) > (\d+) - (\d+)\)")  # as vLLM says that the window has no such room
_READ = re.compile(
    rf"{_NUMBER}(?: tokens)?(?: in| of| from)?(?: the| your)? (?:messages|text input|input|prompt)\b"
    rf"|(?:prompt|input)[^\d.]{{0,30}}?\s{_NUMBER} tokens",
    re.IGNORECASE,
)
_REQUESTED = re.compile(rf"requested(?: about)? {_NUMBER}", re.IGNORECASE)


def named(words: str) -> list[str]:
    """The parameters that a refusal names, in whatever spelling."""
    low = re.sub(r"[\s-]+", "_", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", words).lower())
    found = [name for name in LIMITS if re.search(rf"(?<![a-z]){name}(?![a-z])", low)]
    if not found and re.search(_LIMIT_CALLED, low):
        found = [LIMITS[0]]
    return [*found, *(name for name, called in _CALLED.items() if _calls(called, low))]


def _calls(called: str, low: str) -> bool:
    return re.search(rf"(?<![a-z])(?:{called})(?![a-z]|_options)", low) is not None


def next_dialect(
    dialect: Dialect, sent: Mapping[str, Any], status: int, words: str, tried: Collection[Dialect] = ()
) -> Dialect | None:
    """Another way to ask where a call was refused in these words, and none that was tried; None where there is none."""
    if status in NEVER or (status not in CLEAR and not _REFUSES.search(words)):
        return None
    others = (other for other in _others(dialect, sent, status, words) if other not in (dialect, *tried))
    return next(others, None)


def _others(dialect: Dialect, sent: Mapping[str, Any], status: int, words: str) -> Iterator[Dialect]:
    if dialect.system_role and _SYSTEM.search(words):
        yield replace(dialect, system_role=False)
    names = named(words)
    if "stream" in names and status not in CLEAR and not re.search(r"stream\w*[^.]{0,20} not (?:support|allow)", words):
        names.remove("stream")  # of an upstream that broke is said so too
    if longest := longest_in(dialect, sent, words):
        yield replace(dialect, longest=longest)
    for name in names:
        yield from _without(dialect, name, sent, words)
    if status not in CLEAR:
        return
    if not names and _NAMELESS.search(words):
        yield from _plainer(dialect, sent)
    if dialect != Dialect() and (names or _NAMELESS.search(words)):
        yield Dialect()  # what was learnt may hold no more


def _without(dialect: Dialect, name: str, sent: Mapping[str, Any], words: str) -> Iterator[Dialect]:
    if name in LIMITS:
        if name == dialect.limit:
            yield replace(dialect, limit=next(other for other in LIMITS if other != name))
        return
    if name == "reasoning_effort" and name not in sent:
        yield replace(dialect, effort="low" if dialect.effort == "" else "")
    if name not in sent:
        return
    match name:
        case "stream_options":
            yield replace(dialect, stream_options=False)
        case "stream":
            yield replace(dialect, stream=False)
        case "response_format":
            yield replace(dialect, form="json_object" if dialect.form == "json_schema" else "text")
        case "reasoning_effort":
            least = next((e for e in _EFFORTS if f"'{e}'" in words and sent[name] not in _EFFORTS), "")
            if not least and _MUST_THINK.search(words) and sent[name] not in _EFFORTS:
                yield replace(dialect, effort="low")
            yield replace(dialect, effort=least)


def _plainer(dialect: Dialect, sent: Mapping[str, Any]) -> Iterator[Dialect]:
    """One thing less of what not everybody takes, for who does not say what it was."""
    steps: tuple[tuple[bool, Callable[[], Dialect]], ...] = (
        ("stream_options" in sent, lambda: replace(dialect, stream_options=False)),
        (dialect.limit == LIMITS[0], lambda: replace(dialect, limit=LIMITS[1])),
        ("reasoning_effort" in sent, lambda: replace(dialect, effort="")),
        (
            "response_format" in sent,
            lambda: replace(dialect, form="json_object" if dialect.form == "json_schema" else "text"),
        ),
        ("stream" in sent, lambda: replace(dialect, stream=False)),
    )
    return (make() for holds, make in steps if holds)


def longest_in(dialect: Dialect, sent: Mapping[str, Any], words: str) -> int | None:
    """The longest answer that a refusal names, where it is about that."""
    if _NO_TOKENS.search(words) or not _OF_TOKENS.search(words):
        return None
    asked, told = int(sent[dialect.limit]), _WINDOW.sub("", words)  # a window is for prompt and answer together
    ends = [number(found) for found in _AT_MOST.findall(told)]
    ends += [number(found) - 1 for found in _LESS.findall(told)]
    return max((end for end in ends if LEAST_LENGTH <= end < asked), default=None)


def room_left(sent: Mapping[str, Any], words: str) -> int | None:
    """How many tokens may be written after just this prompt, where a refusal says so."""
    limit = next((int(sent[name]) for name in LIMITS if name in sent), 0)
    if found := _ROOM.search(words):
        room = int(found[2]) - int(found[3])
    elif window := _WINDOW.search(words):
        room = number(window[1]) - _read(_WINDOW.sub("", words), limit)
    else:
        return None
    return room if LEAST_LENGTH <= room < limit else None


def _read(words: str, limit: int) -> int:
    """The tokens of the prompt, as a refusal tells them; more than any window has where it does not."""
    if found := _READ.search(words):
        return number(found[1] or found[2])
    requested = _REQUESTED.search(words)
    return max(0, number(requested[1]) - limit) if requested and number(requested[1]) > limit else 10**9
