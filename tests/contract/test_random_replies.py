"""2,000 replies of a model of any shape, by the real SDK and adapter."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable

from aiohttp import web

from bot.adapters.openai.dialects import Dialect
from bot.adapters.openai.models import MOST_DIALECTS, OpenAIModels
from bot.kernel.errors import ProviderError
from bot.models.ports import Prompt
from sandbox.faults import cut
from tests.contract.random_replies import SECRET, WHOLE, Reply, random_reply
from tests.served import served

REPLIES = 2_000
PROMPT = Prompt("draft", "1", "Write.", "A page on bread.", max_output_tokens=8_000)


class Provider:
    """Answers each call with the next random reply; `last` is the one before."""

    def __init__(self) -> None:
        self.chance, self.calls, self.last = random.Random(REPLIES), 0, Reply(200, b"")

    async def serve(self, request: web.Request) -> web.StreamResponse:
        stream = bool((await request.json()).get("stream"))
        self.calls += 1
        self.last = wanted = random_reply(self.chance, stream=stream)
        kind = "text/event-stream" if stream else "application/json"
        response = web.StreamResponse(status=wanted.status, headers={"Content-Type": kind})
        if wanted.cut:
            response.content_length = len(wanted.body) + 10
        await response.prepare(request)
        await response.write(wanted.body)
        if wanted.cut:
            cut(request)
        return response


async def test_2000_random_replies(measured: Callable[[str], None]) -> None:
    """Whatever comes back: nothing but ProviderError comes out, each ask ends after a bounded number of calls, what
    counts as whole is the whole text without a thought, a sound reply counts as whole, no preview shows a thought, and
    every answer has its price or the most that it may cost.
    """
    provider, outcomes, sound = Provider(), Counter[str](), 0
    async with served("chat/completions", provider.serve) as url:
        models = OpenAIModels("sk-sandbox", url, 5, transcribe_model="whisper-1", efforts={"draft": "none"})
        most = models.most("gpt-6-luna", PROMPT)
        try:
            for number in range(REPLIES):
                models._dialects["gpt-6-luna"] = Dialect()  # each reply meets a provider of which nothing is known
                shown: list[str] = []
                before, preview = provider.calls, shown.append if number % 2 else None
                try:
                    async with asyncio.timeout(10):
                        answer = await models.ask("gpt-6-luna", PROMPT, preview)
                except ProviderError as error:
                    outcomes["no answer, for good" if error.permanent else "no answer"] += 1
                    assert not provider.last.sound
                    continue
                finally:
                    assert provider.calls - before <= MOST_DIALECTS
                    assert SECRET[:9] not in "".join(shown)
                outcomes[answer.outcome] += 1
                sound += provider.last.sound
                assert answer.whole or not provider.last.sound
                assert "\0" not in answer.text
                if answer.whole:
                    text = answer.text.strip()
                    assert text in {WHOLE, "x" * len(text)}
                counted = (answer.input_tokens, answer.output_tokens) == (200, 40)
                if counted:
                    assert answer.cost_micro_usd == 40, answer
                elif not answer.output_tokens and not answer.input_tokens:
                    assert answer.cost_micro_usd == most, answer
                assert 0 < answer.cost_micro_usd <= most, answer
        finally:
            await models.close()
    assert sum(outcomes.values()) == REPLIES
    assert sound > REPLIES / 20  # three of eleven replies say that they ended, and most of those have a fault
    measured(
        f"{REPLIES} random replies of a model: {dict(outcomes.most_common())}, {sound} sound and all taken, 0 escaped, "
        "0 endless, 0 thoughts shown"
    )
