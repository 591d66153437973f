"""What one request asks of the model, whichever route it came by, and the material that is fenced inside it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.openai.choosing import chooses_a_query
from sandbox.openai.intake import asks_for_questions

_FENCE = re.compile(
    r"""<material(?=[^>]*\sid="(?P<id>[0-9A-Za-z-]+)")[^>]*>\n?(?P<text>.*?)\n?</material\s+id="(?P=id)"\s*>""",
    re.DOTALL,
)
_NAME = re.compile(r'^<material[^>]*\sname="([\w -]+)"')
CHARACTERS_PER_TOKEN = 4
TOKENS_PER_IMAGE = 765  # of 1024 x 1024 pixels: https://platform.openai.com/docs/guides/images-vision


@dataclass(frozen=True)
class Prompt:
    """One model call. `schema` is set when structured output is asked for; `limit` is in tokens, and so is `thinking`,
    which the model does before it answers.
    """

    model: str
    system: str
    user: str
    schema: Mapping[str, Any] | None = None
    json_object: bool = False
    limit: int | None = None
    material: Mapping[str, str] = field(default_factory=dict)
    images: int = 0
    thinking: int = 0

    @property
    def tokens(self) -> int:
        return count_tokens(self.system + self.user) + 7 + TOKENS_PER_IMAGE * self.images

    @property
    def purpose(self) -> str:
        """judge, compare, intake, choice, structured, draft or chat: what the rules take this call for."""
        if self.schema is not None and criteria(self.schema):
            return "judge"
        if self.schema is not None and _compares(self.schema):
            return "compare"
        if self.schema is not None and asks_for_questions(self.schema):
            return "intake"
        if self.schema is not None and chooses_a_query(self.schema):
            return "choice"
        if self.schema is not None or self.json_object:
            return "structured"
        return "draft" if self.material.get("brief") else "chat"


def _compares(schema: Mapping[str, Any]) -> bool:
    """Whether the answer is to name a winner of A and B."""
    winner = resolve(schema.get("properties", {}).get("winner", {}), schema)
    return {"A", "B"} <= set(winner.get("enum", ()))


def count_tokens(text: str) -> int:
    """About what a tokeniser would count for English: four characters each."""
    return -(-len(text) // CHARACTERS_PER_TOKEN)


def materials(text: str) -> dict[str, str]:
    """Fenced material by name; same names are joined, nameless material is the brief, then the draft.

    A fence is closed only by its own id, so a closing tag inside the material does not end it.
    """
    found: dict[str, list[str]] = {}
    for fence in _FENCE.finditer(text):
        named = _NAME.match(fence.group(0))
        by_place = next((free for free in ("brief", "draft") if free not in found), "other")
        name = named.group(1) if named else by_place
        found.setdefault(name, []).append(fence.group("text").strip())
    return {name: "\n\n".join(texts) for name, texts in found.items()}


def resolve(schema: Mapping[str, Any], root: Mapping[str, Any]) -> Mapping[str, Any]:
    """Follow a local `$ref` (`#/$defs/Name`) to what it names; anything else is returned as it is."""
    while isinstance(reference := schema.get("$ref"), str):
        target: Any = root
        for step in reference.removeprefix("#").strip("/").split("/"):
            target = target[step] if step else target
        schema = target
    return schema


def criteria(schema: Mapping[str, Any]) -> list[str]:
    """The criteria to be scored, if the schema asks for `results` of a `criterion` and a `score`; else nothing."""
    results = resolve(schema.get("properties", {}).get("results", {}), schema)
    fields = resolve(results.get("items", {}), schema).get("properties", {})
    criterion = resolve(fields.get("criterion", {}), schema)
    if "score" not in fields:
        return []
    return [str(value) for value in criterion.get("enum", [criterion["const"]] if "const" in criterion else [])]
