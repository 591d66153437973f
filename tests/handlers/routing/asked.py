"""The adapter to OpenAI, asked at a provider that answers what a test says, to the letter."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.adapters.openai.models import OpenAIModels
from bot.models.ports import Answer, Prompt
from tests.scripted_models import DRAFT
from tests.served import served

MODEL = "gpt-6-luna"
DRAFTS = Prompt("draft", "v", "You draft.", "A note on bread. " * 20, max_output_tokens=8_000)
JUDGES = Prompt(
    "judge", "v", "You judge.", "A note on bread. " * 20, schema={"type": "object"}, max_output_tokens=4_000
)
Serve = Callable[[dict[str, Any]], Any]


@dataclass
class Request:
    """The adapter, and what it sent. shown: the preview."""

    models: OpenAIModels
    sent: list[dict[str, Any]] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)

    async def ask(self, prompt: Prompt = DRAFTS, *, preview: bool = False) -> Answer:
        return await self.models.ask(MODEL, prompt, self.shown.append if preview else None)

    async def drafts(self, *, preview: bool = False) -> Answer:
        """A draft that is whole."""
        answer = await self.ask(preview=preview)
        assert (answer.outcome, answer.text) == ("ok", DRAFT)
        return answer


@asynccontextmanager
async def asking(serve: Serve, effort: str = "none") -> AsyncIterator[Request]:
    """The adapter at a provider that serves so."""
    made: list[Request] = []

    async def handle(request: web.Request) -> web.StreamResponse:
        body = await request.json()
        made[0].sent.append(body)
        reply = serve(body)
        return reply if isinstance(reply, web.StreamResponse) else web.json_response(reply)

    async with served("chat/completions", handle) as url:
        models = OpenAIModels("sk-sandbox", url, 5, "whisper-1", efforts={"draft": effort, "judge": effort})
        made.append(Request(models))
        try:
            yield made[0]
        finally:
            await models.close()
