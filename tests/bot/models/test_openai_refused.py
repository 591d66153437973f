"""What providers refuse, and how: the next way to ask is found, numbers are read, and what is final is final."""

import json
from typing import Any

import pytest
from aiohttp import web

from bot.kernel.errors import ProviderError
from tests.handlers.routing.asked import DRAFTS, JUDGES, asking
from tests.scripted_models import DRAFT, Body, completion, refusal

MCT = "max_completion_tokens"
VERDICT = '{"results": []}'


def no(status: int, body: Any) -> Any:
    """A refusal in any form."""
    if isinstance(body, str):
        return lambda: web.Response(text=body, status=status, content_type="text/plain")
    return lambda: web.json_response(body, status=status)


def message(text: str, status: int = 400) -> Any:
    return no(status, {"error": {"message": text}})


UNKNOWN = "Invalid JSON payload received. Unknown name"
RAW = json.dumps({"detail": f"{MCT}: Extra inputs are not permitted"})
LIMIT = {
    "a string (Ollama)": no(400, {"error": f"unknown field {MCT}"}),
    "a list (Gemini)": no(400, [{"error": {"code": 400, "message": f'{UNKNOWN} "{MCT}": Cannot find field.'}}]),
    "plain text": no(400, f"json: unknown field {MCT}"),
    "a page": lambda: web.Response(text=f"<p>unknown <b>{MCT}</b></p>", status=400, content_type="text/html"),
    "404": message(f"Unknown parameter: {MCT}", 404),
    "403": message(f"{MCT} is not allowed for this model", 403),
    "409": message(f"{MCT} unsupported", 409),
    "500": message(f"create() got an unexpected keyword argument '{MCT}'", 500),
    "503": message(f"{MCT} is not supported", 503),
    "an error in a 200": no(200, {"error": {"message": f"Unsupported parameter: {MCT}", "code": 400}}),
    "metadata.raw (OpenRouter)": no(400, {"error": {"message": "Provider returned error", "metadata": {"raw": RAW}}}),
    "a list of errors": no(400, {"errors": [{"message": "unknown field", "path": [MCT]}]}),
    "a parameter in a list": no(400, {"error": {"message": "Unknown parameter", "param": [MCT]}}),
    "details": no(422, {"error": {"message": None, "details": [{"field": MCT}]}}),
    "camelCase": message("Unknown field maxCompletionTokens"),
    "in words": message("Max completion tokens is not a known parameter"),
    "in German": message(f"Der Parameter {MCT} ist unbekannt"),
    "names nothing": message("Unrecognized request argument supplied"),
    "names nothing, 422": no(422, {"detail": "Unprocessable Entity"}),
}


@pytest.mark.parametrize("refused", LIMIT.values(), ids=list(LIMIT))
async def test_a_limit_that_is_refused(refused: Any) -> None:
    """A provider that knows max_tokens alone, and says so in its own way, drafts, and is asked so from then on."""
    async with asking(lambda body: refused() if MCT in body else completion(DRAFT)) as asked:
        await asked.drafts()
        before = len(asked.sent)
        await asked.drafts()
        assert len(asked.sent) == before + 1


EFFORT = {
    "xAI": no(400, {"code": "invalid", "error": "Model grok-4-0709 does not support parameter reasoningEffort."}),
    "OpenRouter": message("Reasoning is mandatory for this endpoint and cannot be disabled."),
    "Gemini": no(400, [{"error": {"message": "Budget 0 is invalid. This model only works in thinking mode."}}]),
    "OpenAI": message("Unsupported value: 'reasoning_effort' does not support 'none'. Supported values are: 'low'."),
}


@pytest.mark.parametrize("refused", EFFORT.values(), ids=list(EFFORT))
async def test_an_effort_that_is_refused(refused: Any) -> None:
    """A model that must think is told to think little, or nothing of it."""
    async with asking(lambda body: refused() if body.get("reasoning_effort") == "none" else completion(DRAFT)) as asked:
        await asked.drafts()
        assert asked.sent[-1].get("reasoning_effort") in ("low", None)


FORM = {
    "JSON schema": message("This model does not support JSON schema"),
    "JSON mode": message("JSON mode is not supported by this model"),
    "structured outputs": message("Structured Outputs are not available"),
    "response format": message("Invalid response format"),
    "camelCase": message("responseFormat is unknown"),
    "500 (llama.cpp)": message("Failed to parse grammar: response_format json_schema", 500),
    "a string": no(400, {"error": "response_format is not supported"}),
    "404 (OpenRouter)": message("No endpoints found that support the requested parameters: response_format", 404),
}


@pytest.mark.parametrize("refused", FORM.values(), ids=list(FORM))
async def test_a_form_that_is_refused(refused: Any) -> None:
    """A judge without schemas, whose provider says so in its own words, is told in words what to answer."""
    async with asking(lambda body: refused() if "response_format" in body else completion(VERDICT)) as asked:
        answer = await asked.ask(JUDGES)
        assert (answer.outcome, answer.text) == ("ok", VERDICT)
        assert "JSON schema" in str(asked.sent[-1]["messages"])


END = {
    "Anthropic": "max_tokens: {} > 4096, which is the maximum allowed number of output tokens for claude-4",
    "Cohere": "too many tokens: max tokens must be less than or equal to 4096",
    "Bedrock": "The maximum tokens you requested exceeds the model limit of 4096. Try again with less.",
    "exceeds": "max_completion_tokens ({}) exceeds the limit of 4096",
    "cannot be greater": "`max_completion_tokens` cannot be greater than 4096",
    "between": "max_completion_tokens must be between 1 and 4096",
    "a separator": "max_completion_tokens must be at most 4,096",
    "another separator": "max_completion_tokens darf höchstens sein: maximum 4.096",
    "less": "max_tokens must be less than 4097",
    "a range": "Invalid max_tokens value, the valid range of max_tokens is [1, 4096]",
    "a window (OpenAI)": "This model's maximum context length is 4596 tokens. However, you requested {} tokens (500 in"
    " the messages, {} in the completion).",
    "a window (OpenRouter)": "This endpoint's maximum context length is 4596 tokens. However, you requested about {}"
    " tokens (500 of text input, {} in the output).",
}


@pytest.mark.parametrize("words", END.values(), ids=list(END))
async def test_the_end_of_the_model(words: str) -> None:
    """Where more is asked for than the model writes, the number that the refusal names is taken."""

    def serve(body: Body) -> Any:
        limit = int(body.get(MCT) or body["max_tokens"])
        return refusal(400, words.format(limit, limit)) if limit > 4_096 else completion(DRAFT)

    async with asking(serve) as asked:
        await asked.drafts()
        assert asked.sent[-1].get(MCT, asked.sent[-1].get("max_tokens")) == 4_096


@pytest.mark.parametrize(
    "words",
    [
        "You may send at most 20 requests a minute; max_completion_tokens is not known",
        "At most 4000 requests per minute are served with max_completion_tokens",
        "max_completion_tokens: at most 2 images may be sent",
    ],
)
async def test_a_number_of_something_else(words: str) -> None:
    """A number that is none of tokens, or that no model can have, is no limit on what is written."""
    async with asking(lambda body: refusal(400, words) if MCT in body else completion(DRAFT)) as asked:
        await asked.drafts()
        assert asked.sent[-1]["max_tokens"] == DRAFTS.max_output_tokens


async def test_a_model_that_changes_its_mind() -> None:
    """What was learnt is unlearnt where it is refused: after an upgrade the model drafts on, without a restart."""
    wanted = ["max_tokens", "max_tokens", MCT, MCT]
    calls: list[str] = []

    def serve(body: Body) -> Any:
        limit = MCT if MCT in body else "max_tokens"
        if limit != wanted[min(len(calls), 3)]:
            return refusal(
                400, f"Unsupported parameter: '{limit}' is not supported. Use '{wanted[len(calls)]}' instead."
            )
        calls.append(limit)
        return completion(DRAFT)

    async with asking(serve) as asked:
        for _ in wanted:
            await asked.drafts()
        assert calls == wanted
        assert asked.models.learnt("gpt-6-luna") == []


@pytest.mark.parametrize(
    "words",
    ["System role not supported", "Conversation roles must alternate user/assistant/user/assistant/...",
     "Developer instruction is not enabled for models/gemma-3-27b-it"],
)  # fmt: skip
async def test_a_model_without_a_role_for_instructions(words: str) -> None:
    """A model without a system role (Gemma) is told in the user's message, all of it."""

    def serve(body: Body) -> Any:
        return refusal(400, words) if body["messages"][0]["role"] == "system" else completion(DRAFT)

    async with asking(serve) as asked:
        await asked.drafts()
        [only] = asked.sent[-1]["messages"]
        assert only["content"].startswith(DRAFTS.system)
        assert only["content"].endswith(DRAFTS.user)


TOO_LARGE = "Request too large for model `llama` on tokens per minute (TPM): Limit 6000, Requested 9000"
NEVER = {
    "Moonshot": no(429, {"error": {"message": "Your account is suspended", "type": "exceeded_current_quota_error"}}),
    "Zhipu": no(429, {"error": {"code": "1113", "message": "Insufficient balance or no resource package."}}),
    "a string": no(429, {"error": "insufficient_quota: You exceeded your current quota"}),
    "Anthropic": message("Your credit balance is too low to access the API.", 400),
    "too large": message(TOO_LARGE, 429),
    "too large in figures": message("TPM exceeded: Limit 6,000, Requested 9,000", 429),
    "too large by itself": message("This request would exceed your rate limit of 6,000 input tokens by itself", 429),
}


@pytest.mark.parametrize("refused", NEVER.values(), ids=list(NEVER))
async def test_a_429_that_never_passes(refused: Any) -> None:
    """No credit, and a request that no minute has room for, are final."""
    async with asking(lambda _: refused()) as asked:
        with pytest.raises(ProviderError) as caught:
            await asked.ask()
        assert caught.value.permanent


@pytest.mark.parametrize(
    ("words", "wait"),
    [("You exceeded your current quota, please check your plan and billing details. Please retry in 34.07s.", 34.07),
     ("Rate limit reached: Limit 6000, Used 4000, Requested 2500. Please try again in 800ms.", 0.8),
     ("Too many requests", None)],
)  # fmt: skip
async def test_a_429_that_passes(words: str, wait: float | None) -> None:
    """Gemini words its limit of a minute as if the account had no credit; who says when to come again is waited for."""
    async with asking(lambda _: message(words, 429)()) as asked:
        with pytest.raises(ProviderError) as caught:
            await asked.ask()
        assert (caught.value.permanent, caught.value.retry_after) == (False, wait)


@pytest.mark.parametrize(
    ("refused", "words"),
    [(no(400, {"error": "the template of this model is broken"}), "the template of this model is broken"),
     (no(400, "the template is broken"), "the template is broken"),
     (no(400, [{"error": {"message": "no such template"}}]), "no such template"),
     (no(422, {"detail": [{"loc": ["body", "n"], "msg": "no", "type": "x"}]}), "n: no (x)"),
     (no(400, {"error": {"message": "not so", "param": "n"}}), "not so (n)")],
)  # fmt: skip
async def test_people_read_what_was_refused(refused: Any, words: str) -> None:
    """Whatever form the error has, its words are told, once asked."""
    async with asking(lambda _: refused()) as asked:
        with pytest.raises(ProviderError) as caught:
            await asked.ask()
        assert str(caught.value).endswith(words)
        assert len(asked.sent) == 1


async def test_an_upstream_that_broke_is_no_dialect() -> None:
    """A stream that broke somewhere else teaches nothing."""
    refused = message("upstream error: stream closed unexpectedly", 502)
    async with asking(lambda _: refused()) as asked:
        with pytest.raises(ProviderError):
            await asked.ask(preview=True)
        assert len(asked.sent) == 1


async def test_what_was_not_served_is_not_learnt() -> None:
    """A provider that refuses every way, in a 200, teaches nothing: once it serves, it is asked as at first."""
    broken = [True]
    refused = no(200, {"error": {"message": "Unrecognized request argument supplied"}})
    async with asking(lambda _: refused() if broken[0] else completion(DRAFT)) as asked:
        assert not (await asked.ask()).whole
        broken[0] = False
        await asked.drafts()
        assert MCT in asked.sent[-1]
        assert asked.models.learnt("gpt-6-luna") == []
