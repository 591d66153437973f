"""How a model wants to be asked: APIs that speak like OpenAI's differ in what they take, and refuse the rest.

Each begins with what OpenAI takes. What is refused by name is said in the next way that others know, and what was
served so is remembered for the model.
"""

import json
import re
from dataclasses import dataclass, replace
from typing import Any, Literal

from bot.models.ports import Prompt

Form = Literal["json_schema", "json_object", "text"]
LIMITS = ("max_completion_tokens", "max_tokens")
MOST_BRACES = 50  # at which an object may begin
_FENCE = re.compile(r"```[\w-]*\s*\n(.*?)\n?\s*```", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Dialect:
    """What to send.

    limit: the name of the limit on what is written. longest: the most that it may be, as far as it is known.
    form: how structured output is asked for. system_role: it takes instructions as such.
    effort: how hard to think, in place of what is asked for; "" says nothing.
    thinks_first: it begins with a thought whose beginning is not marked. plain: the purposes for which its last whole
    answer had no thought in it.
    """

    limit: str = "max_completion_tokens"
    longest: int | None = None
    form: Form = "json_schema"
    effort: str | None = None
    stream: bool = True
    stream_options: bool = True
    system_role: bool = True
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

    def messages(self, prompt: Prompt, asked: str | list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The instructions and what is asked; in one message for a model that knows no other."""
        system = self.system(prompt)
        if self.system_role:
            return [{"role": "system", "content": system}, {"role": "user", "content": asked}]
        if isinstance(asked, str):
            return [{"role": "user", "content": f"{system}\n\n{asked}"}]
        return [{"role": "user", "content": [{"type": "text", "text": system}, *asked]}]

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
            "takes instructions only with what is asked": not self.system_role,
            "begins with its thoughts, which are left out": self.thinks_first,
        }
        return [words for words, holds in said.items() if holds]


def answered(prompt: Prompt, text: str) -> str:
    """The text as it was asked for: models put JSON into a fence, or a sentence before it, whatever they were told.

    Only where there is one object and no more is it cut out.
    """
    if prompt.schema is None or _is_json(text):
        return text
    fenced = _FENCE.findall(text)
    if len(fenced) == 1:
        return str(fenced[0]).strip()
    found = [] if fenced else _objects(text)
    return found[0] if len(found) == 1 else text


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _objects(text: str) -> list[str]:
    """The JSON objects that stand in a text, two at most."""
    found: list[str] = []
    decoder, at = json.JSONDecoder(), text.find("{")
    for _ in range(MOST_BRACES):
        if at < 0 or len(found) > 1:
            break
        try:
            _, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            end = at + 1
        else:
            found.append(text[at:end])
        at = text.find("{", end)
    return found
