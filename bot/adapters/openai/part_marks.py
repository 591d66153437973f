"""By what a message, or a part of its content, says of itself that it is a thought and not to be read by anybody.

Gemini: {"extra_content": {"google": {"thought": true}}} (https://ai.google.dev/gemini-api/docs/openai); gateways to
gpt-oss: {"channel": "analysis"} (https://github.com/openai/harmony); others "phase", "role" or a mark of their own.
"""

import re
from collections.abc import Mapping
from enum import Enum, auto
from typing import Any

_THOUGHT = re.compile(r"think|thought|reasoning", re.IGNORECASE)
_UNSAID = re.compile(r"think|thought|reason|analysis|commentary|plan|reflect", re.IGNORECASE)
_SAID = frozenset(
    {"", "final", "answer", "final_answer", "response", "assistant", "output", "text", "message", "model"}
)
_PLACES = ("channel", "phase", "role")
_EXTRA = ("extra_content", "metadata", "google")


class Says(Enum):
    """What is in it: words, a thought, or something that nobody knows."""

    WORDS = auto()
    THOUGHT = auto()
    UNKNOWN = auto()


def says(thing: Mapping[str, Any]) -> Says:
    """What it says of itself. A message's thoughts in a field of their own (`reasoning`) say nothing of its content."""
    if _is_marked(thing):
        return Says.THOUGHT
    told = [thing[place].casefold() for place in _PLACES if isinstance(thing.get(place), str)]
    if any(_UNSAID.search(one) for one in told):
        return Says.THOUGHT
    return Says.WORDS if _SAID.issuperset(told) else Says.UNKNOWN


def _is_marked(thing: Mapping[str, Any]) -> bool:
    """Whether a field named for thoughts is true, here or in what is added to it; in a part of text, whether it is not
    empty.
    """
    part = "type" in thing
    if any(_THOUGHT.search(name) and (value is True or (part and bool(value))) for name, value in thing.items()):
        return True
    return any(isinstance(thing.get(name), Mapping) and _is_marked(thing[name]) for name in _EXTRA)
