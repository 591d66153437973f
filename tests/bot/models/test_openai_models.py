"""The adapter to OpenAI, against the stand-in: pictures, streams, prices."""

from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from bot.adapters.openai import prices as openai_prices
from bot.adapters.openai.models import OpenAIModels
from bot.models.ports import Answer, Image, Prompt
from sandbox.faults import Fault
from sandbox.openai.server import OpenAIStandIn
from sandbox.server import Sandbox

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
CHAT = "POST .*/chat/completions"
PROMPT = Prompt(
    "draft", "draft/1", "Task type: Drafting", '<material id="1" name="brief">\nA note on bread.\n</material id="1">'
)


@pytest.fixture
def stand_in() -> OpenAIStandIn:
    return OpenAIStandIn()


@pytest.fixture(params=["whisper-1"])
async def models(stand_in: OpenAIStandIn, request: pytest.FixtureRequest) -> AsyncIterator[OpenAIModels]:
    async with Sandbox(stand_in) as sandbox:
        opened = OpenAIModels("sk-sandbox", f"{sandbox.url}/openai/v1", 5, request.param)
        yield opened
        await opened.close()


async def test_pictures(models: OpenAIModels) -> None:
    """Pictures reach the model: it counts them, and no more than was set aside."""
    seeing = Prompt(PROMPT.purpose, PROMPT.version, PROMPT.system, PROMPT.user, images=(Image(PNG, "image/png"),))
    without, answer = await models.ask("gpt-4o", PROMPT), await models.ask("gpt-4o", seeing)
    assert answer.outcome == "ok"
    assert answer.input_tokens > without.input_tokens
    assert answer.cost_micro_usd <= models.most("gpt-4o", seeing)


async def test_a_streamed_answer_is_the_same(models: OpenAIModels) -> None:
    """With a preview the answer is the one that comes without it, and the pieces are the whole of it."""
    pieces: list[str] = []
    plain, streamed = await models.ask("gpt-4o", PROMPT), await models.ask("gpt-4o", PROMPT, pieces.append)
    assert _without_time(streamed) == _without_time(plain)
    assert "".join(pieces) == plain.text
    assert len(pieces) > 1


async def test_what_is_not_known_is_shown_as_a_whole(models: OpenAIModels) -> None:
    """Of a model's first answer for a purpose nothing is shown before its end, since it may all be a thought."""
    pieces: list[str] = []
    answer = await models.ask("gpt-4o", PROMPT, pieces.append)
    assert len(pieces) > 2
    assert [piece for piece in pieces if piece] == [answer.text]


def _without_time(answer: Answer) -> tuple[object, ...]:
    return answer.text, answer.outcome, answer.input_tokens, answer.output_tokens, answer.cost_micro_usd


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [("truncate", "cut"), ("length", "cut"), ("refusal", "refused"), ("content_filter", "filtered")],
)
async def test_a_stream_that_is_not_whole(
    models: OpenAIModels, stand_in: OpenAIStandIn, fault: str, outcome: str
) -> None:
    """A stream that breaks off without saying so, or ends in any way but well, is never "ok"."""
    stand_in.faults.add(Fault(CHAT, fault))  # type: ignore[arg-type]
    answer = await models.ask("gpt-4o", PROMPT, lambda piece: None)
    assert answer.outcome == outcome
    assert 0 < answer.cost_micro_usd <= models.most("gpt-4o", PROMPT)


async def test_a_long_answer_is_cut(models: OpenAIModels) -> None:
    """An answer never takes more tokens than were set aside."""
    short = Prompt(PROMPT.purpose, PROMPT.version, PROMPT.system, PROMPT.user, max_output_tokens=20)
    answer = await models.ask("gpt-4o", short)
    assert (answer.outcome, answer.output_tokens) == ("cut", 20)


def test_no_price_is_known() -> None:
    """A model without a known price counts as the dearest of general use, unless the business says what it costs."""
    assert openai_prices.cost("somebody-elses-model", 1_000_000, 1_000_000) == 60_000_000
    own = {"somebody-elses-model": (Decimal(1), Decimal("0.5"))}
    assert openai_prices.cost("somebody-elses-model", 1_000_000, 1_000_000, own) == 1_500_000
    assert openai_prices.cost("gpt-6-luna", 100_000, 100_000) == 60_000
