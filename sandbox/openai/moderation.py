"""Moderation by word lists. Source: https://platform.openai.com/docs/api-reference/moderations/object"""

import re
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from sandbox.openai.errors import APIError, missing, unknown_model, wrong_type
from sandbox.openai.models import MODERATION_MODELS, find

_CATEGORIES = (
    "harassment",
    "harassment/threatening",
    "sexual",
    "hate",
    "hate/threatening",
    "illicit",
    "illicit/violent",
    "self-harm/intent",
    "self-harm/instructions",
    "self-harm",
    "sexual/minors",
    "violence",
    "violence/graphic",
)
_SIGNS = {
    "harassment/threatening": re.compile(r"\b(?:i|we) will (?:hurt|find|kill) you\b", re.IGNORECASE),
    "violence": re.compile(r"\b(?:kill|murder|shoot|stab)\b", re.IGNORECASE),
    "self-harm/intent": re.compile(r"\b(?:kill|hurt) myself\b|\bsuicide\b", re.IGNORECASE),
    "illicit": re.compile(r"\b(?:launder money|forge (?:a )?passports?|stolen cards?)\b", re.IGNORECASE),
    "illicit/violent": re.compile(r"\b(?:build|make) a bomb\b", re.IGNORECASE),
    "sexual": re.compile(r"\bporn\w*\b", re.IGNORECASE),
}
_SURE, _CLEAN = 0.97, 0.0001


def moderation(body: Mapping[str, Any]) -> dict[str, Any]:
    """The moderation object for a request body: one result per input; raises APIError."""
    name = body.get("model", "omni-moderation-latest")
    model = find(str(name), MODERATION_MODELS)
    if model is None:
        raise unknown_model(str(name))
    results = [_result(text) for text in _inputs(body)]
    return {"id": f"modr-{uuid4().hex[:24]}", "model": model.snapshot, "results": results}


def _inputs(body: Mapping[str, Any]) -> list[str]:
    given = body.get("input")
    if given is None:
        raise missing("input")
    if isinstance(given, str):
        return [given]
    if not isinstance(given, list):
        raise wrong_type("input", "a string or an array", given)
    if all(isinstance(part, str) for part in given):
        return given
    if not all(isinstance(part, dict) and part.get("type") == "text" for part in given):
        raise APIError(400, "The sandbox moderates text only.", "input", "invalid_value")
    return ["\n".join(str(part.get("text", "")) for part in given)]


def _result(text: str) -> dict[str, Any]:
    found = {category: category in _SIGNS and bool(_SIGNS[category].search(text)) for category in _CATEGORIES}
    return {
        "flagged": any(found.values()),
        "categories": found,
        "category_scores": {category: _SURE if hit else _CLEAN for category, hit in found.items()},
        "category_applied_input_types": {category: ["text"] for category in _CATEGORIES},
    }
