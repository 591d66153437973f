"""What is missing in a brief, by plain rules: figures left open, the reader, the length."""

import re
from collections.abc import Mapping
from typing import Any

from sandbox.openai.reading import OPEN_FIGURE, sentences

_READER = re.compile(r"\b(?:for|readers?|audience|customers|clients|visitors)\b", re.IGNORECASE)
_LENGTH = re.compile(r"\b\d+\s*(?:words|pages|lines|characters|sentences)\b|\b(?:short|brief|long)\b", re.IGNORECASE)
_ANSWERS = "## Answers"


def asks_for_questions(schema: Mapping[str, Any]) -> bool:
    """Whether a structured call asks what is missing: an object of `questions` and nothing else."""
    return list(schema.get("properties", {})) == ["questions"]


def questions(brief: str) -> dict[str, list[str]]:
    """The questions about a brief, those on open figures first; what stands under Answers is known."""
    asked = [f"What is the figure in “{_open_part(line)}”?" for line in sentences(brief) if OPEN_FIGURE.search(line)]
    if _ANSWERS in brief:
        return {"questions": []}
    if not _READER.search(brief):
        asked.append("Who reads it?")
    if not _LENGTH.search(brief):
        asked.append("About how many words should it have?")
    return {"questions": asked}


def _open_part(sentence: str) -> str:
    return sentence.strip("# *_").rstrip(" .")
