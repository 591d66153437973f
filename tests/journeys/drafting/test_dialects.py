"""Five providers that speak like OpenAI, each in its own way: the whole path of a brief, and the doctor's words."""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.doctor import report
from sandbox.openai.dialects import DIALECTS, THOUGHT
from sandbox.openai.server import OpenAIStandIn
from sandbox.server import Sandbox
from sandbox.telegram.state import ChatEvent
from tests.house import Providers, house

pytestmark = pytest.mark.wire

LEARNT = {
    "openai": "gpt-6-luna drafts; gpt-6.1-terra judges",
    "azure": "studio-luna drafts",
    "openrouter": "openai/gpt-6-luna drafts",
    "vllm": "qwen3:8b drafts (has no known price",
    "mistral": "magistral-medium-latest drafts (takes max_tokens, cannot be told how hard to think, does not say in a "
    "stream what it counted)",
}


@pytest.fixture(params=list(DIALECTS))
async def provider(request: pytest.FixtureRequest) -> AsyncIterator[tuple[str, OpenAIStandIn, dict[str, Any]]]:
    """The name of a dialect, a provider that speaks it, and the settings that lead there."""
    openai = OpenAIStandIn(dialect=request.param)
    names = list(openai.dialect.models)
    async with Sandbox(openai) as sandbox:
        settings: dict[str, Any] = {"openai_base_url": f"{sandbox.url}/openai/v1"}
        if names:
            settings |= {"draft_model": names[0], "judge_model": names[0], "fallback_model": names[1]}
        yield request.param, openai, settings


async def test_the_whole_path(
    stand_ins: Providers, database_url: str, provider: tuple[str, OpenAIStandIn, dict[str, Any]]
) -> None:
    """A brief is drafted, previewed, judged, delivered and invoiced; no thought is shown to anybody."""
    _, openai, settings = provider
    openai.pause = 0.03
    previews: list[str] = []

    def hear(event: ChatEvent) -> None:
        if event.kind == "draft":
            previews.append(event.detail["text"])

    stand_ins.telegram.on_change.append(hear)
    async with house(stand_ins, database_url, model_timeout_seconds=20, **settings) as home:
        await home.staff()
        await home.brief()
        await home.alice.sees(re.compile("To pay|invoice open"), timeout=60)
        seen = [message.text for person in (home.alice, home.bob, home.carol) for message in person.messages()]
        assert any("Nordwind" in text for text in seen)
        assert not [text for text in (*seen, *previews) if THOUGHT[:15] in text or "think>" in text]
        assert len(previews) >= 1
        assert home.stripe.invoices
        assert sum(count for (route, _), count in openai.calls.items() if route == "chat/completions") >= 2


async def test_the_doctor(
    stand_ins: Providers, sqlite_url: str, provider: tuple[str, OpenAIStandIn, dict[str, Any]]
) -> None:
    """The doctor asks each model, and says what it learnt; without a route for sound it says that too."""
    name, _, settings = provider
    lines: list[str] = []
    await report(stand_ins.settings(sqlite_url, **settings), lines.append)
    [line] = [line for line in lines if line.startswith("models ")]
    if name == "openrouter":
        assert "problem" in line
        assert "(transcribes): The model: refused (404)" in line
        return
    assert "fine" in line
    assert LEARNT[name] in line
