"""One answer of the model, before it is put on the wire: its text, how it ended, what it cost, and the faults shown."""

import itertools
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sandbox.faults import Fault, FaultKind
from sandbox.openai.prompt import CHARACTERS_PER_TOKEN, Prompt, count_tokens

MODEL_FAULTS: tuple[FaultKind, ...] = ("truncate", "length", "refusal", "content_filter", "broken_json")
_REFUSAL = "I'm sorry, but I can't assist with that request."


@dataclass(frozen=True)
class Answer:
    """`text` is empty when the model refused; `cut` asks the wire to break off midway."""

    text: str
    finish: Literal["stop", "length", "content_filter"]
    prompt_tokens: int
    refusal: str | None = None
    cut: bool = False
    thinking: int = 0

    @property
    def completion_tokens(self) -> int:
        return self.thinking + count_tokens(self.refusal or self.text)

    def pieces(self) -> list[str]:
        """The text as a model streams it: a few characters at a time."""
        size = CHARACTERS_PER_TOKEN * 3
        whole = self.refusal or self.text
        return [whole[start : start + size] for start in range(0, len(whole), size)]


class Breakage:
    """Ways in which structured output goes wrong, one after the other, or the one that `Fault.body` names."""

    def __init__(self) -> None:
        self._turn = itertools.cycle(_BREAKAGES)

    def apply(self, text: str, wanted: str) -> str:
        name = wanted if wanted in _BREAKAGES else next(self._turn)
        return _BREAKAGES[name](text)


def shape(prompt: Prompt, text: str, fault: Fault | None, breakage: Breakage) -> Answer:
    """The answer to `prompt`: `text`, kept within the prompt's limit, with the planned fault shown."""
    kind, thinking = fault.kind if fault else None, prompt.thinking
    if prompt.limit is not None and thinking >= prompt.limit:
        return Answer("", "length", prompt.tokens, thinking=prompt.limit)
    if kind == "refusal":
        return Answer("", "stop", prompt.tokens, refusal=_REFUSAL, thinking=thinking)
    if kind == "content_filter":
        return Answer(text[: len(text) // 3], "content_filter", prompt.tokens, thinking=thinking)
    if kind == "length":
        return Answer(text[: len(text) * 2 // 3], "length", prompt.tokens, thinking=thinking)
    if fault and kind == "broken_json":
        text = breakage.apply(text, fault.body)
    room = None if prompt.limit is None else prompt.limit - thinking
    if room is not None and count_tokens(text) > room:
        return Answer(text[: room * CHARACTERS_PER_TOKEN], "length", prompt.tokens, thinking=thinking)
    return Answer(text, "stop", prompt.tokens, cut=kind == "truncate", thinking=thinking)


def _cut_short(text: str) -> str:
    return text[: len(text) // 2]


def _fenced(text: str) -> str:
    return f"```json\n{text}\n```"


def _with_prose(text: str) -> str:
    return f"Sure! Here is the result:\n{text}"


def _trailing_comma(text: str) -> str:
    return f"{text[:-1]},{text[-1:]}"


def _field_lost(text: str) -> str:
    return _edited(text, lambda content: {"result": list(content.values())})


def _item_lost(text: str) -> str:
    return _edited(text, lambda content: {**content, **_first_list(content, lambda items: items[1:])})


def _item_twice(text: str) -> str:
    return _edited(text, lambda content: {**content, **_first_list(content, lambda items: [items[0], *items])})


def _edited(text: str, change: Callable[[dict[str, Any]], dict[str, Any]]) -> str:
    content = json.loads(text) if text.startswith("{") else {"text": text}
    return json.dumps(change(content), ensure_ascii=False)


def _first_list(content: Mapping[str, Any], change: Callable[[list[Any]], list[Any]]) -> dict[str, Any]:
    key = next((key for key, value in content.items() if isinstance(value, list) and value), None)
    return {} if key is None else {key: change(content[key])}


_BREAKAGES: dict[str, Callable[[str], str]] = {
    "cut": _cut_short,
    "fenced": _fenced,
    "prose": _with_prose,
    "comma": _trailing_comma,
    "shape": _field_lost,
    "lost": _item_lost,
    "twice": _item_twice,
}
