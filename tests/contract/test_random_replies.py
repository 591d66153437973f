"""2,000 replies of a model of any shape, by the real SDK and adapter."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from bot.adapters.openai_dialects import Dialect
from bot.adapters.openai_models import MOST_DIALECTS, OpenAIModels
from bot.kernel.errors import ProviderError
from bot.platform.ports import Prompt
from sandbox.faults import cut
from tests.contract.random_replies import WHOLE, Reply, random_reply

REPLIES = 2_000
PROMPT = Prompt("draft", "1", "Write.", "A page on bread.", max_output_tokens=8_000)


@asynccontextmanager
async def served(reply: Callable[[bool], Reply]) -> AsyncIterator[str]:
    """A provider that answers each call with the next reply."""

    async def serve(request: web.Request) -> web.StreamResponse:
        stream = bool((await request.json()).get("stream"))
        wanted = reply(stream)
        kind = "text/event-stream" if stream else "application/json"
        response = web.StreamResponse(status=wanted.status, headers={"Content-Type": kind})
        if wanted.cut:
            response.content_length = len(wanted.body) + 10
        await response.prepare(request)
        await response.write(wanted.body)
        if wanted.cut:
            cut(request)
        return response

    app = web.Application()
    app.router.add_post("/v1/chat/completions", serve)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    finally:
        await runner.cleanup()


async def test_2000_random_replies(measured: Callable[[str], None]) -> None:
    """Whatever comes back: nothing but ProviderError comes out, each ask ends after a bounded number of calls, what
    counts as whole is the whole text without a thought, and every answer has its price or the most that it may cost.
    """
    chance, outcomes, calls = random.Random(2_000), Counter[str](), 0

    def next_reply(stream: bool) -> Reply:
        nonlocal calls
        calls += 1
        return random_reply(chance, stream=stream)

    async with served(next_reply) as url:
        models = OpenAIModels("sk-sandbox", url, 5, transcribe_model="whisper-1", efforts={"draft": "none"})
        most = models.most("gpt-6-luna", PROMPT)
        try:
            for number in range(REPLIES):
                models._dialects["gpt-6-luna"] = Dialect()  # each reply meets a provider of which nothing is known
                shown: list[str] = []
                before, preview = calls, shown.append if number % 2 else None
                try:
                    async with asyncio.timeout(10):
                        answer = await models.ask("gpt-6-luna", PROMPT, preview)
                except ProviderError as error:
                    outcomes["no answer, for good" if error.permanent else "no answer"] += 1
                    continue
                finally:
                    assert calls - before <= MOST_DIALECTS
                outcomes[answer.outcome] += 1
                assert "\0" not in answer.text
                if answer.whole:
                    text = answer.text.strip()
                    assert text in {WHOLE, "x" * len(text)}
                counted = (answer.input_tokens, answer.output_tokens) == (200, 40)
                assert answer.cost_micro_usd == (40 if counted else most), answer
        finally:
            await models.close()
    assert sum(outcomes.values()) == REPLIES
    assert outcomes["ok"] > REPLIES / 10
    measured(f"{REPLIES} random replies of a model: {dict(outcomes.most_common())}, 0 escaped, 0 endless")
