"""What OpenAI refuses of each call that the bot makes: the code, the parameter, and its words."""

from collections.abc import Mapping
from typing import Any

import aiohttp

from sandbox.openai.server import OpenAIStandIn
from sandbox.server import Sandbox

CHAT, RESPONSES, MODERATIONS = "chat/completions", "responses", "moderations"
SAYS = {"model": "gpt-4o", "messages": [{"role": "user", "content": "x"}]}
ASKS = {"model": "gpt-4o", "input": "x"}
CLOSED = {"type": "object", "additionalProperties": False, "properties": {}, "required": []}
DEEP: dict[str, Any] = CLOSED
for _ in range(10):
    DEEP = {**CLOSED, "properties": {"a": DEEP}, "required": ["a"]}


def form(name: str = "x", **schema: Any) -> Mapping[str, Any]:
    """A chat whose answer is to have a schema, in strict mode."""
    wanted = {"name": name, "strict": True, "schema": {**CLOSED, **schema}}
    return {**SAYS, "response_format": {"type": "json_schema", "json_schema": wanted}}


def picture(url: Any) -> Mapping[str, Any]:
    """A chat that shows a picture."""
    return {**SAYS, "messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": url}}]}]}


def text_format(**wanted: Any) -> Mapping[str, Any]:
    """A call of the Responses API whose answer is to have a format."""
    return {**ASKS, "text": {"format": wanted}}


REFUSED: tuple[tuple[str, Any, str | None, str | None, str], ...] = (
    (CHAT, [], "invalid_type", "body", "expected an object"),
    (CHAT, {"messages": []}, None, None, "you must provide a model parameter"),
    (CHAT, {**SAYS, "model": 4}, "invalid_type", "model", "expected a string, but got an integer"),
    (CHAT, {"model": "gpt-4o"}, "missing_required_parameter", "messages", "Missing required parameter"),
    (CHAT, {**SAYS, "messages": "x"}, "invalid_type", "messages", "expected an array of objects"),
    (CHAT, {**SAYS, "messages": ["x"]}, "invalid_type", "messages[0]", "expected an object"),
    (CHAT, {**SAYS, "max_tokens": "9"}, "invalid_type", "max_tokens", "expected an integer"),
    (CHAT, {**SAYS, "temperature": "warm"}, "invalid_type", "temperature", "expected a decimal"),
    (CHAT, {**SAYS, "response_format": {"type": "json_object"}}, None, "messages", "must contain the word 'json'"),
    (CHAT, {**SAYS, "response_format": {"type": "xml"}}, "invalid_value", "response_format.type", "Supported values"),
    (
        CHAT,
        {**SAYS, "response_format": {"type": "json_schema"}},
        "missing_required_parameter",
        "response_format.json_schema",
        "Missing required parameter",
    ),
    (CHAT, form("a name"), "invalid_value", "response_format.json_schema.name", "string does not match pattern"),
    (CHAT, form("x" * 65), "string_above_max_length", "response_format.json_schema.name", "with length 65"),
    (CHAT, form(""), "invalid_value", "response_format.json_schema.name", "string does not match pattern"),
    (CHAT, form(type="array"), None, "response_format", "got 'type: \"array\"'"),
    (CHAT, form(oneOf=[]), None, "response_format", "'oneOf' is not permitted"),
    (CHAT, form(properties={"a": {"type": "string"}}), None, "response_format", "Missing 'a'"),
    (CHAT, form(properties={"a": DEEP}, required=["a"]), None, "response_format", "12 levels of nesting"),
    (CHAT, picture(None), "missing_required_parameter", "messages[0].content[0].image_url.url", "Missing"),
    (CHAT, picture("https://a.org/b.png"), "invalid_image_url", "messages", "Invalid image_url"),
    (CHAT, picture("data:image/png;base64,x"), "invalid_base64", "messages", "Invalid base64"),
    (CHAT, picture("data:image/bmp;base64,Qk0="), "invalid_image_format", "messages", "unsupported image"),
    (RESPONSES, {**ASKS, "max_tokens": 9}, "unknown_parameter", "max_tokens", "Unknown parameter: 'max_tokens'"),
    (RESPONSES, {**ASKS, "response_format": {}}, "unknown_parameter", "response_format", "Unknown parameter"),
    (RESPONSES, {**ASKS, "max_output_tokens": 15}, "integer_below_min_value", "max_output_tokens", ">= 16"),
    (RESPONSES, {"model": "gpt-4o"}, "missing_required_parameter", "input", "Missing required parameter: 'input'"),
    (
        RESPONSES,
        text_format(type="json_schema", name="a name", strict=True, schema=CLOSED),
        "invalid_value",
        "text.format.name",
        "string does not match pattern",
    ),
    (
        RESPONSES,
        text_format(type="json_schema", name="x", strict=True, schema={"type": "object"}),
        "invalid_json_schema",
        "text.format",
        "'additionalProperties' is required",
    ),
    (RESPONSES, text_format(type="json_schema"), "missing_required_parameter", "text.format.name", "Missing"),
    (MODERATIONS, {}, "missing_required_parameter", "input", "Missing required parameter: 'input'"),
    (MODERATIONS, {"input": 4}, "invalid_type", "input", "expected a string or an array"),
)


async def told(sandbox: Sandbox, path: str, body: Any) -> dict[str, Any]:
    """The status of a call, and the error that it is answered with."""
    headers = {"Authorization": "Bearer sk-sandbox"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.post(f"{sandbox.url}/openai/v1/{path}", json=body) as answer,
    ):
        said = await answer.json()
    return {"status": answer.status, **(said.get("error") or {})}


async def test_each_call() -> None:
    """Every wrong parameter is 400 with its code, its name and words that say why, and no model is called."""
    stand_in = OpenAIStandIn()
    async with Sandbox(stand_in) as sandbox:
        for path, body, code, param, words in REFUSED:
            answer = await told(sandbox, path, body)
            assert (answer["status"], answer.get("code"), answer.get("param")) == (400, code, param), (body, answer)
            assert words in answer["message"], (body, answer)
    assert not stand_in.calls


async def test_the_name_of_a_schema() -> None:
    """A name of 64 letters, figures, "_" and "-" is taken."""
    async with Sandbox(OpenAIStandIn()) as sandbox:
        assert (await told(sandbox, CHAT, form("a-B_9" + "x" * 59)))["status"] == 200
