"""A provider of models that answers what a test says, to the letter: for replies that no sandbox would give."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from bot.quality.judge import SYSTEM
from tests.house import House, Providers, house
from tests.judged import verdict
from tests.served import served

DRAFT = (
    "Nordwind brings your parcel across Hamburg in 48 hours. Every parcel is insured up to 500 EUR. Pickup is free of "
    "charge, from Altona to Wandsbek."
)
Body = dict[str, Any]
Answer = Callable[[Body], Any]
USAGE: Body = {"choices": [], "usage": {"prompt_tokens": 200, "completion_tokens": 40}}


def completion(content: Any, finish: Any = "stop", **top: Any) -> Body:
    """A whole reply of /chat/completions."""
    choice = {"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": content}}
    usage = {"prompt_tokens": 200, "completion_tokens": 40, "total_tokens": 240}
    return {
        "id": "c",
        "object": "chat.completion",
        "created": 1,
        "model": "m",
        "choices": [choice],
        "usage": usage,
    } | top


def chunk(delta: Body | None, finish: str | None = None) -> Body:
    """An event of a stream."""
    choice = {"index": 0, "finish_reason": finish, "delta": delta}
    return {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}


def events(*chunks: Body) -> web.Response:
    """A reply as a stream."""
    lines = "".join(f"data: {json.dumps(one)}\n\n" for one in chunks)
    return web.Response(text=f"{lines}data: [DONE]\n\n", content_type="text/event-stream")


def refusal(status: int, message: str, **more: Any) -> web.Response:
    """A refusal in OpenAI's form."""
    return web.json_response({"error": {"message": message} | more}, status=status)


@asynccontextmanager
async def provider(draft: Answer, judged: Answer | None = None) -> AsyncIterator[str]:
    """A provider whose drafter answers so, and its judge, who gives 95 where nothing else is said; its base URL."""

    async def serve(request: web.Request) -> web.StreamResponse:
        body = await request.json()
        judges = SYSTEM[:30] in str(body["messages"])
        reply = draft(body) if not judges else (judged or (lambda _: completion(verdict(95))))(body)
        return reply if isinstance(reply, web.StreamResponse) else web.json_response(reply)

    async with served("chat/completions", serve) as url:
        yield url


@asynccontextmanager
async def studio(
    stand_ins: Providers, database_url: str, draft: Answer, judged: Answer | None = None, **settings: Any
) -> AsyncIterator[House]:
    """EchoPilot with that provider of models, and its staff; without previews unless they are asked for."""
    async with (
        provider(draft, judged) as url,
        house(stand_ins, database_url, openai_base_url=url, **({"preview": False} | settings)) as home,
    ):
        await home.staff()
        yield home
