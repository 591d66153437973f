"""Has the configured judge look at the golden cases, by the prompt, the reading and the line of the product."""

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from bot.models.ports import Models
from bot.prompts.model import Wording
from bot.providers import models_of
from bot.quality import judge
from bot.quality.model import Evaluation, Floors, evaluate
from bot.settings import Settings
from sandbox.demo.providers import environment
from sandbox.openai.server import OpenAIStandIn
from sandbox.server import Sandbox
from tests.golden.cases import Sample
from tests.golden.table import Judged

AT_ONCE = 8
# What settings need and judging does not.
UNUSED = {
    "telegram_bot_token": f"1:{'0' * 35}",
    "admin_telegram_ids": "2",
    "stripe_secret_key": "sk_test_unused",
    "stripe_webhook_secret": "whsec_unused",
}
SANDBOX_KEY = "sk-sandbox"


def settings() -> Settings:
    """As configured; raises InvalidSettings. Without OPENAI_API_KEY, openai_api_key is the sandbox's."""
    given = {name.removesuffix("_FILE").lower() for name in {*environment(), *os.environ}}
    missing = {name: value for name, value in {**UNUSED, "openai_api_key": SANDBOX_KEY}.items() if name not in given}
    return Settings.load(**missing)


@asynccontextmanager
async def models(settings: Settings) -> AsyncIterator[Models]:
    """The configured models; the sandbox's rules where no key is set."""
    async with AsyncExitStack() as stack:
        if not is_real(settings):
            sandbox = await stack.enter_async_context(Sandbox(OpenAIStandIn(api_key=SANDBOX_KEY)))
            settings = settings.model_copy(update={"openai_base_url": f"{sandbox.url}/openai/v1"})
        models = models_of(settings)
        stack.push_async_callback(models.close)
        yield models


def is_real(settings: Settings) -> bool:
    """Whether a key is set, so that a provider is asked and not the sandbox."""
    return settings.openai_api_key.get_secret_value() != SANDBOX_KEY


async def judge_all(
    models: Models, samples: Sequence[Sample], settings: Settings, wording: Wording = judge.TEMPLATE.shipped
) -> list[Judged]:
    """One look at every draft, in the order given. Raises ProviderError where the judge does not answer."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(sample: Sample) -> Judged:
        async with gate:
            return await _judge(models, sample, settings, wording)

    return list(await asyncio.gather(*(one(sample) for sample in samples)))


async def _judge(models: Models, sample: Sample, settings: Settings, wording: Wording) -> Judged:
    """As in production: an answer that is not in the shape is asked for once more, then counts as not scored."""
    floors = Floors(settings.qa_floors)
    cost = latency = calls = 0
    evaluation = Evaluation(0, 1, (), None, passed=False, model=settings.judge_model)
    while calls < 2 and not evaluation.scored:
        answer = await models.ask(settings.judge_model, judge.prompt(sample.brief, "", sample.draft, 1, wording))
        calls, cost, latency = calls + 1, cost + answer.cost_micro_usd, latency + answer.latency_ms
        results = judge.read(answer.text, sample.draft) if answer.outcome == "ok" else ()
        evaluation = evaluate(
            0, 1, results, target=settings.target_of(sample.task_type), floors=floors, model=answer.model
        )
    worst = min(evaluation.results, key=lambda result: result.score, default=None)
    why = f"{worst.criterion} {worst.score}: {worst.reason}" if worst else "the answer was not in the shape"
    points = evaluation.points if evaluation.scored else None
    return Judged(sample, points, evaluation.passed, why, calls, cost, latency // calls)
