"""How a model wants to be asked: APIs that speak like OpenAI's differ in what they take, and refuse the rest.

Each begins with what OpenAI takes. What is refused by name is said in the next way that others know, and what was
served so is remembered for the model.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from bot.platform.ports import Prompt

Form = Literal["json_schema", "json_object", "text"]
# What a refused parameter can be named by; the longer names first, since they hold the shorter ones.
FIELDS = ("max_completion_tokens", "max_tokens", "stream_options", "response_format", "reasoning_effort", "stream")
ALSO = {"json_schema": "response_format", "json_object": "response_format", "structured output": "response_format",
        "reasoning.effort": "reasoning_effort", "streaming": "stream"}  # fmt: skip
LIMITS = ("max_completion_tokens", "max_tokens")
_NUMBER = r"[`'\"]?(\d+)"
_AT_MOST = re.compile(rf"(?:at most|less than or equal to|<=|maximum (?:value )?(?:is|of)|\[\d+,)\s*{_NUMBER}")
_ROOM = re.compile(r"\((\d+) > (\d+) - (\d+)\)")  # as vLLM says that the window has no such room
_EFFORTS = ("minimal", "low")  # the least that a model may think which cannot do without
_FENCE = re.compile(r"```[\w-]*\s*\n(.*?)\n?\s*```", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Dialect:
    """What to send.

    limit: the name of the limit on what is written. longest: the most that it may be, as far as it is known.
    form: how structured output is asked for. effort: how hard to think, in place of what is asked for; "" says nothing.
    thinks_first: it begins with a thought whose beginning is not marked. plain: the purposes for which its last whole
    answer had no thought in it.
    """

    limit: str = "max_completion_tokens"
    longest: int | None = None
    form: Form = "json_schema"
    effort: str | None = None
    stream: bool = True
    stream_options: bool = True
    thinks_first: bool = False
    plain: frozenset[str] = frozenset()

    def options(self, prompt: Prompt, effort: str, *, streams: bool) -> dict[str, Any]:
        """The arguments of a call beside its model and messages."""
        longest = prompt.max_output_tokens
        options: dict[str, Any] = {self.limit: min(longest, self.longest or longest)}
        wanted = effort if self.effort is None else self.effort
        if wanted:
            options["reasoning_effort"] = wanted
        if prompt.schema is not None and self.form == "json_schema":
            schema = {"name": prompt.purpose, "schema": prompt.schema, "strict": True}
            options["response_format"] = {"type": "json_schema", "json_schema": schema}
        elif prompt.schema is not None and self.form == "json_object":
            options["response_format"] = {"type": "json_object"}
        if streams and self.stream:
            options["stream"] = True
            if self.stream_options:
                options["stream_options"] = {"include_usage": True}
        return options

    def system(self, prompt: Prompt) -> str:
        """The instructions, with the schema in words where it cannot be asked for otherwise."""
        if prompt.schema is None or self.form == "json_schema":
            return prompt.system
        schema = json.dumps(prompt.schema, ensure_ascii=False)
        return f"{prompt.system}\n\nAnswer with one JSON object that fits this JSON schema, and nothing else:\n{schema}"

    def answer(self, prompt: Prompt, text: str) -> str:
        """The text as it was asked for: who was only told to write JSON puts it into a fence."""
        if prompt.schema is None or self.form == "json_schema":
            return text
        fenced = _FENCE.findall(text)
        return fenced[0].strip() if len(fenced) == 1 else text

    def heard(self, purpose: str, *, thinks: bool, closed_only: bool, whole: bool) -> "Dialect":
        """What an answer for this purpose tells: signs of thoughts in it, and whether it came to its end."""
        if not thinks and not whole:
            return self
        plain = self.plain - {purpose} if thinks else self.plain | {purpose}
        return replace(self, plain=plain, thinks_first=self.thinks_first or closed_only)

    def words(self) -> list[str]:
        """What it does otherwise than OpenAI, for a person."""
        plain = Dialect()
        said = {
            "takes max_tokens": self.limit != plain.limit,
            f"writes {self.longest} tokens at most": self.longest is not None,
            "answers in plain JSON, without a schema": self.form == "json_object",
            "is only told to answer in JSON": self.form == "text",
            "cannot be told how hard to think": self.effort == "",
            f"thinks at least with effort {self.effort}": bool(self.effort),
            "does not stream, so there is no preview": not self.stream,
            "does not say in a stream what it counted": self.stream and not self.stream_options,
            "begins with its thoughts, which are left out": self.thinks_first,
        }
        return [words for words, holds in said.items() if holds]


def named(words: str) -> list[str]:
    """The parameters that a refusal names."""
    low = words.lower()
    found = [name for name in FIELDS if re.search(rf"(?<![a-z_]){name}(?![a-z_])", low)]
    return [*found, *(field for alias, field in ALSO.items() if alias in low and field not in found)]


def next_dialect(dialect: Dialect, sent: Mapping[str, Any], words: str) -> Dialect | None:
    """Another way to ask where a call was refused in these words; None where there is none."""
    for name in named(words):
        learnt = _without(dialect, name, sent, words)
        if learnt is not None:
            return learnt
    return None


def room_left(sent: Mapping[str, Any], words: str) -> int | None:
    """How many tokens may be written after just this prompt, where a refusal says so."""
    found = _ROOM.search(words)
    limit = next((sent[name] for name in LIMITS if name in sent), 0)
    room = int(found[2]) - int(found[3]) if found else 0
    return room if 0 < room < limit else None


def _without(dialect: Dialect, name: str, sent: Mapping[str, Any], words: str) -> Dialect | None:
    if name in LIMITS:
        return _limited(dialect, sent, words) or (
            replace(dialect, limit="max_tokens") if name == dialect.limit == "max_completion_tokens" else None
        )
    if name not in sent:
        return None
    match name:
        case "stream_options":
            return replace(dialect, stream_options=False)
        case "stream":
            return replace(dialect, stream=False)
        case "response_format":
            return replace(dialect, form="json_object" if dialect.form == "json_schema" else "text")
        case "reasoning_effort":
            least = next((e for e in _EFFORTS if f"'{e}'" in words and sent[name] not in _EFFORTS), "")
            return replace(dialect, effort=least)
    return None


def _limited(dialect: Dialect, sent: Mapping[str, Any], words: str) -> Dialect | None:
    asked = int(sent[dialect.limit])
    ends = [int(number) for number in _AT_MOST.findall(words)]
    longest = max((end for end in ends if 0 < end < asked), default=None)
    return replace(dialect, longest=longest) if longest else None
