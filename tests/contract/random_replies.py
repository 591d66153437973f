"""Replies of a model of any shape, by a seeded generator: whole, cut, null, of wrong types, with thoughts."""

import json
import random
from dataclasses import dataclass
from typing import Any

SECRET = "what nobody may read"
WHOLE = "We deliver within 48 hours, and every parcel is insured."
ENDLESS = f"<think>\n{SECRET}"
THOUGHTS = (
    f"<think>{SECRET}</think>\n\n", ENDLESS, f"{SECRET}</think>", f"<THINKING>{SECRET}</THINKING>",
    f"[THINK]{SECRET}[/THINK]",
    f"<|channel|>analysis<|message|>{SECRET}<|end|><|start|>assistant<|channel|>final<|message|>",
    f"<seed:think>{SECRET}</seed:think>", f"<|START_THINKING|>{SECRET}<|END_THINKING|>", f"<think >{SECRET}</think >",
    f"<|channel>thought\n{SECRET}<channel|>", f"<analysis>{SECRET}</analysis>",
    f"assistantanalysis{SECRET}assistantfinal",
    f'<details type="reasoning"><summary>Thought</summary>{SECRET}</details>', f"&lt;think&gt;{SECRET}&lt;/think&gt;",
    f"analysis{SECRET}assistantfinal", f"<reasoning>{SECRET}</reasoning>", f"◁think▷{SECRET}◁/think▷",
)  # fmt: skip
ODD: tuple[Any, ...] = (None, 7, -1, 0.5, True, "", " ", [], {}, [None], [7], {"a": 1}, [[]], "\x00", 10**30)
FINISHES: tuple[Any, ...] = (
    "stop",
    "stop",
    "stop",
    "length",
    "content_filter",
    "error",
    "tool_calls",
    "eos",
    None,
    7,
    "",
)


@dataclass(frozen=True)
class Reply:
    """What goes over the wire.

    cut: the connection breaks after these bytes. sound: nothing is wrong with it, so that it must be taken as whole.
    """

    status: int
    body: bytes
    cut: bool = False
    sound: bool = False


def random_reply(chance: random.Random, *, stream: bool) -> Reply:
    """One reply; most have one thing wrong, some are whole, some are refusals of every status."""
    roll = chance.random()
    if roll < 0.12:
        return Reply(
            chance.choice((400, 401, 403, 404, 408, 409, 413, 422, 425, 429, 500, 502, 503, 504, 529)), _error(chance)
        )
    if roll < 0.2:
        return Reply(
            200, chance.choice((b"", b"null", b"[]", b"7", b"\xff\xfe", b"<html>", _error(chance), b"data: {", b"\x00"))
        )
    events, sound = _stream(chance) if stream else _whole(chance)
    if chance.random() < 0.25:
        # a piece of text that is lost on the way is noticed by nobody, so in a stream something is put between
        if stream:
            events.insert(chance.randrange(len(events)), _chunk({"content": ""}))
        sound = False
        _spoil(chance, next(event for event in events if not stream or event == _chunk({"content": ""})))
    if stream:
        text = "".join(_line(chance, event) for event in events) + chance.choice(("data: [DONE]\n\n", ""))
    else:
        text = json.dumps(events[0], ensure_ascii=chance.random() < 0.5)
    body = text.encode()
    if chance.random() < 0.12:
        return Reply(200, body[: chance.randrange(len(body) + 1)], cut=chance.random() < 0.5)
    return Reply(200, body, sound=sound)


def _content(chance: random.Random) -> tuple[Any, bool]:
    """What the message holds, and whether it is a text beside ended thoughts."""
    thought = chance.choice(THOUGHTS) if chance.random() < 0.4 else ""
    said = chance.choice((WHOLE, WHOLE, WHOLE, "", " ", "x" * 5_000))
    text, sound = f"{thought}{said}", bool(said.strip()) and thought != ENDLESS
    if chance.random() < 0.2:
        parts = [{"type": "thinking", "thinking": [{"type": "text", "text": SECRET}]}, {"type": "text", "text": text}]
        chance.shuffle(parts)
        return parts, sound
    return (chance.choice(ODD), False) if chance.random() < 0.1 else (text, sound)


def _whole(chance: random.Random) -> tuple[list[dict[str, Any]], bool]:
    content, sound = _content(chance)
    message = {"role": "assistant", "content": content}
    if chance.random() < 0.2:
        message[chance.choice(("reasoning_content", "reasoning", "thinking"))] = SECRET
    if chance.random() < 0.05:
        message["refusal"], sound = "No.", False
    choice = {"index": 0, "finish_reason": chance.choice(FINISHES), "message": message}
    whole = {"id": "c", "object": "chat.completion", "created": 1, "choices": [choice], "usage": _usage(chance)}
    return [whole], sound and choice["finish_reason"] == "stop"


def _stream(chance: random.Random) -> tuple[list[dict[str, Any]], bool]:
    content, sound = _content(chance)
    pieces = [content]
    if isinstance(content, str):
        size = chance.randrange(1, 9)
        pieces = [content[start : start + size] for start in range(0, min(len(content), 400), size)] or [""]
    events = [_chunk({"content": piece}) for piece in pieces]
    events.insert(0, _chunk({"role": "assistant", "content": "", "reasoning": SECRET}))
    finish = chance.choice(FINISHES)
    events.append(_chunk({}, finish))
    events.append({"choices": [], "usage": _usage(chance)})
    return events, sound and finish == "stop"


def _chunk(delta: Any, finish: Any = None) -> dict[str, Any]:
    return {
        "id": "c",
        "object": "chat.completion.chunk",
        "choices": [{"index": 0, "finish_reason": finish, "delta": delta}],
    }


def _usage(chance: random.Random) -> Any:
    if chance.random() < 0.6:
        return {"prompt_tokens": 200, "completion_tokens": 40, "total_tokens": 240}
    return chance.choice((*ODD, {"prompt_tokens": chance.choice(ODD), "completion_tokens": chance.choice(ODD)}))


def _spoil(chance: random.Random, event: dict[str, Any]) -> None:
    """Put something odd in one place of the reply, or take a place out of it."""
    places: list[Any] = [event]
    while chance.random() < 0.7:
        inner = places[-1]
        keys = list(inner) if isinstance(inner, dict) else list(range(len(inner))) if isinstance(inner, list) else []
        if not keys:
            break
        places.append(inner[chance.choice(keys)])
    target = next((place for place in reversed(places) if isinstance(place, dict) and place), event)
    key = chance.choice(list(target))
    if chance.random() < 0.3:
        del target[key]
    else:
        target[key] = chance.choice(ODD)


def _line(chance: random.Random, event: dict[str, Any]) -> str:
    comment = ": PROCESSING\n\n" if chance.random() < 0.05 else ""
    return f"{comment}data: {json.dumps(event, ensure_ascii=chance.random() < 0.5)}\n\n"


def _error(chance: random.Random) -> bytes:
    named = chance.choice(
        ("max_completion_tokens", "stream", "stream_options", "reasoning_effort", "response_format", "x")
    )
    bodies: tuple[Any, ...] = (
        {"error": {"message": f"Unsupported parameter: '{named}'", "param": named, "code": "unsupported_parameter"}},
        {"error": {"message": "max_tokens is too large: 8000. This model supports at most 4096 completion tokens"}},
        {"error": {"message": "You exceeded your current quota", "code": "insufficient_quota"}},
        {"error": {"message": "flagged", "code": "content_filter", "innererror": {"code": 7}}},
        {"error": chance.choice(ODD)},
        {"detail": [{"loc": ["body", named], "msg": "no"}]},
        {"detail": chance.choice(ODD)},
        {"error": {"message": chance.choice(ODD), "param": chance.choice(ODD), "code": chance.choice(ODD)}},
        chance.choice(ODD),
    )  # fmt: skip
    return json.dumps(chance.choice(bodies)).encode()
