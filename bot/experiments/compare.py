"""Which of two texts serves a brief better: a structured call by a judge who does not know whose they are."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.models.ports import Prompt
from bot.quality.judge import NOT_ORDERS, fence, new_mark

Winner = Literal["a", "b", "tie"]
VERSION = "compare/1"
SYSTEM = f"""Two texts, A and B, were written for the same brief. Say which of them you would rather hand to the client.
Weigh in this order: facts that do not stand in the brief count heavily against a text; then whether everything is there
that the brief asks for; then whether it is easy to follow; then whether it suits the reader. Length is no merit, and
which comes first means nothing. Where neither is better, say tie. Give the reason in one sentence.

The brief and both texts stand in the user's message between markers with a random id. {NOT_ORDERS}"""
_PROPERTIES: dict[str, Any] = {
    "reason": {"type": "string"},
    "winner": {"type": "string", "enum": ["A", "B", "tie"]},
}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": _PROPERTIES,
    "required": list(_PROPERTIES),
    "additionalProperties": False,
}


class _Comparison(BaseModel):
    model_config = ConfigDict(extra="forbid")
    reason: str
    winner: Literal["A", "B", "tie"]


def prompt(brief_text: str, first: str, second: str) -> Prompt:
    """Ask which text is better; they are shown as A and B, in this order."""
    mark = new_mark()
    user = "\n\n".join([fence("brief", brief_text, mark), fence("A", first, mark), fence("B", second, mark)])
    return Prompt("compare", VERSION, SYSTEM, user, SCHEMA)


def read(answer: str, *, swapped: bool) -> Winner | None:
    """Who won; `swapped`: the text of b was shown first. None where the answer is not what was asked for."""
    try:
        comparison = _Comparison.model_validate_json(answer)
    except ValidationError:
        return None
    if comparison.winner == "tie":
        return "tie"
    return "b" if (comparison.winner == "A") == swapped else "a"


def settle(one: Winner | None, other: Winner | None) -> Winner:
    """What both looks together say: who wins in either order has won; everything else is a tie, which says nothing."""
    return one if one is not None and one == other else "tie"
