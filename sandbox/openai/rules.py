"""What the stand-in answers instead of a model: plain rules, the same answer for the same request, no intelligence.

A judge call is scored by `judge`, and so is each text of a comparison; one that asks what is missing is answered by
`intake`, and one that chooses among queries by `choosing`; any other structured call is filled by `schema`; a plain
call with a brief among its material is written by `drafts`; everything else gets one honest sentence.
"""

import json
from typing import Protocol

from sandbox.openai import choosing, drafts, intake, judge
from sandbox.openai.models import RULES
from sandbox.openai.prompt import Prompt
from sandbox.openai.schema import fill


class Drafter(Protocol):
    """Something that writes: a small model on this machine, for example (`sandbox.openai.local.LocalModel`)."""

    async def write(self, prompt: str, max_tokens: int) -> str:
        """The text for `prompt`, at most `max_tokens` long."""
        ...


async def answer(prompt: Prompt, drafter: Drafter | None, max_tokens: int) -> str:
    """The full text of the answer, before any limit or fault; a JSON text for structured output."""
    match prompt.purpose:
        case "judge":
            return json.dumps(judge.results(prompt), ensure_ascii=False)
        case "compare":
            return json.dumps(judge.comparison(prompt), ensure_ascii=False)
        case "intake":
            return json.dumps(intake.answer(prompt.schema or {}, prompt.material.get("brief", "")), ensure_ascii=False)
        case "choice":
            chosen = choosing.answer(prompt.schema or {}, prompt.system, prompt.material.get("question", ""))
            return json.dumps(chosen, ensure_ascii=False)
        case "structured":
            content = fill(prompt.schema, prompt) if prompt.schema is not None else {"answer": "by rule"}
            return json.dumps(content, ensure_ascii=False)
        case "draft" if drafter is not None and prompt.model != RULES:
            return await drafter.write(_plain_request(prompt), max_tokens)
        case "draft":
            return drafts.write(prompt.system, prompt.material)
        case _:
            return f"The sandbox answers by rules, not by a model. It read {len(prompt.user.split())} words."


def _plain_request(prompt: Prompt) -> str:
    """A request that a very small model can follow."""
    parts = [f"Write a short text in Markdown for this brief:\n{prompt.material['brief']}"]
    if note := prompt.material.get("note"):
        parts.append(f"Follow this note from the editor:\n{note}")
    if feedback := prompt.material.get("feedback"):
        parts.append(f"An earlier attempt was criticised:\n{feedback}")
    return "\n\n".join(parts)
