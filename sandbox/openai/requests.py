"""Reads and checks the bodies of model calls; what is wrong is refused in the API's own words.

Sources: https://platform.openai.com/docs/api-reference/chat/create and .../responses/create
"""

import base64
import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from aiohttp import web

from sandbox.openai.errors import APIError, missing, unknown_model, wrong_type, wrong_value
from sandbox.openai.models import CHAT_MODELS, TODAY, Model, find, is_served
from sandbox.openai.prompt import Prompt, materials
from sandbox.openai.schema import check_name, check_strict

_CHAT_FIELDS = (
    "audio frequency_penalty function_call functions logit_bias logprobs max_completion_tokens max_tokens messages"
    " metadata modalities model moderation n parallel_tool_calls prediction presence_penalty prompt_cache_key"
    " prompt_cache_options prompt_cache_retention reasoning_effort response_format safety_identifier seed"
    " service_tier stop store stream stream_options temperature tool_choice tools top_logprobs top_p user"
    " verbosity web_search_options"
)
_RESPONSES_FIELDS = (
    "background context_management conversation include input instructions max_output_tokens max_tool_calls"
    " metadata model moderation parallel_tool_calls previous_response_id prompt prompt_cache_key"
    " prompt_cache_options prompt_cache_retention reasoning safety_identifier service_tier store stream"
    " stream_options temperature text tool_choice tools top_logprobs top_p truncation user"
)
_CHAT_ROLES = "'system', 'assistant', 'user', 'function', 'tool', and 'developer'"
_RESPONSES_ROLES = "'assistant', 'system', 'developer', and 'user'"
_FEWEST_RESPONSE_TOKENS = 16
# About what each effort costs for a short request.
THINKING = {"none": 0, "minimal": 64, "low": 256, "medium": 1_024, "high": 4_096, "xhigh": 16_384, "max": 32_768}
_LARGEST_PICTURES = 50_000_000  # letters, all together: https://platform.openai.com/docs/guides/images-vision
_DATA_URL = re.compile(r"data:image/[a-z]+;base64,(?P<data>.*)", re.DOTALL)
_IMAGE_STARTS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"RIFF")


async def read_json(request: web.Request) -> dict[str, Any]:
    """The body as an object; raises APIError 400 for anything else."""
    try:
        body = json.loads(await request.text())
    except ValueError as error:
        message = (
            "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP"
            " library correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON.)"
        )
        raise APIError(400, message) from error
    if not isinstance(body, dict):
        raise wrong_type("body", "an object", body)
    return body


def chat_prompt(body: Mapping[str, Any], today: date = TODAY) -> Prompt:
    """A chat completion's request as a Prompt; raises APIError."""
    for key in body:
        if key not in _CHAT_FIELDS.split():
            raise APIError(400, f"Unrecognized request argument supplied: {key}")
    name, model = _model(body, today)
    _check_numbers(body, model, limit_names=("max_tokens", "max_completion_tokens"))
    if model.reasoning and "max_tokens" in body:
        message = (
            "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
        )
        raise APIError(400, message, "max_tokens", "unsupported_parameter")
    if body.get("stream_options") is not None and not body.get("stream"):
        message = "The 'stream_options' parameter is only allowed when 'stream' is enabled."
        raise APIError(400, message, "stream_options")
    system, user, images = _conversation(body, "messages", _CHAT_ROLES, ("text", "image_url"))
    form = body.get("response_format") or {"type": "text"}
    inner = form.get("json_schema") if form.get("type") == "json_schema" else None
    schema, json_object = _format(form, inner, "response_format")
    if json_object and "json" not in (system + user).lower():
        message = (
            "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'."
        )
        raise APIError(400, message, "messages")
    limit = body.get("max_completion_tokens") or body.get("max_tokens")
    thinking = _thinking(body, model)
    prompt = Prompt(name, system, user, schema, json_object, limit, materials(user), images, thinking)
    return _within(prompt, model, "messages")


def responses_prompt(body: Mapping[str, Any], today: date = TODAY) -> Prompt:
    """A Responses request as a Prompt; raises APIError."""
    for key in body:
        if key not in _RESPONSES_FIELDS.split():
            raise APIError(400, f"Unknown parameter: '{key}'.", key, "unknown_parameter")
    name, model = _model(body, today)
    _check_numbers(body, model, limit_names=("max_output_tokens",), fewest=_FEWEST_RESPONSE_TOKENS)
    if isinstance(body.get("input"), str):
        system, user = "", body["input"]
    else:
        system, user, _ = _conversation(body, "input", _RESPONSES_ROLES, ("input_text", "output_text"))
    system = "\n".join(part for part in (body.get("instructions"), system) if part)
    form = (body.get("text") or {}).get("format") or {"type": "text"}
    schema, json_object = _format(form, form, "text.format")
    limit = body.get("max_output_tokens")
    return _within(Prompt(name, system, user, schema, json_object, limit, materials(user)), model, "input")


def _model(body: Mapping[str, Any], today: date) -> tuple[str, Model]:
    name = body.get("model")
    if not name:
        raise APIError(400, "you must provide a model parameter")
    if not isinstance(name, str):
        raise wrong_type("model", "a string", name)
    model = find(name, CHAT_MODELS)
    if model is None or not is_served(model, today):
        raise unknown_model(name)
    return name, model


def _thinking(body: Mapping[str, Any], model: Model) -> int:
    """How many tokens the model thinks; raises APIError where it cannot be told so."""
    effort = body.get("reasoning_effort")
    if not model.efforts:
        if effort is not None:
            raise APIError(400, "Unrecognized request argument supplied: reasoning_effort")
        return 0
    if effort is not None and effort not in model.efforts:
        listed = [f"'{one}'" for one in model.efforts]
        message = (
            f"Unsupported value: 'reasoning_effort' does not support '{effort}' with this model. Supported values are:"
            f" {', '.join(listed[:-1])}, and {listed[-1]}."
        )
        raise APIError(400, message, "reasoning_effort", "unsupported_value")
    return THINKING[effort or "medium"]


def _check_numbers(body: Mapping[str, Any], model: Model, *, limit_names: tuple[str, ...], fewest: int = 1) -> None:
    for name in limit_names:
        limit = body.get(name)
        if limit is None:
            continue
        if not isinstance(limit, int) or isinstance(limit, bool):
            raise wrong_type(name, "an integer", limit)
        if limit < fewest:
            message = (
                f"Invalid '{name}': integer below minimum value. Expected a value >= {fewest}, but got {limit} instead."
            )
            raise APIError(400, message, name, "integer_below_min_value")
        if limit > model.longest:
            message = (
                f"{name} is too large: {limit}. This model supports at most {model.longest} completion tokens,"
                f" whereas you provided {limit}."
            )
            raise APIError(400, message, name, "invalid_value")
    thinks = model.reasoning and body.get("reasoning_effort") != "none"
    for name, highest in (("temperature", 2), ("top_p", 1)):
        _check_decimal(name, body.get(name), highest)
        if thinks and body.get(name) not in (None, 1):
            message = (
                f"Unsupported value: '{name}' does not support {body[name]} with this model."
                " Only the default (1) value is supported."
            )
            raise APIError(400, message, name, "unsupported_value")


def _check_decimal(name: str, value: object, highest: float) -> None:
    if value is None:
        return
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise wrong_type(name, "a decimal", value)
    if not 0 <= value <= highest:
        side, sign, edge = ("above maximum", "<=", highest) if value > highest else ("below minimum", ">=", 0)
        code = "decimal_above_max_value" if value > highest else "decimal_below_min_value"
        message = f"Invalid '{name}': decimal {side} value. Expected a value {sign} {edge}, but got {value} instead."
        raise APIError(400, message, name, code)


def _conversation(body: Mapping[str, Any], field: str, roles: str, parts: tuple[str, ...]) -> tuple[str, str, int]:
    """The joined texts of the system and of the user messages, and how many pictures the user showed."""
    messages = body.get(field)
    if messages is None:
        raise missing(field)
    if not isinstance(messages, list):
        raise wrong_type(field, "an array of objects", messages)
    if not messages:
        message = (
            f"Invalid '{field}': empty array. Expected an array with minimum length 1, but got an empty array instead."
        )
        raise APIError(400, message, field, "empty_array")
    system, user, images = [], [], 0
    for number, message in enumerate(messages):
        place = f"{field}[{number}]"
        if not isinstance(message, dict):
            raise wrong_type(place, "an object", message)
        role = message.get("role")
        if not isinstance(role, str) or f"'{role}'" not in roles:
            raise missing(f"{place}.role") if role is None else wrong_value(f"{place}.role", role, roles)
        text, shown = _content(message.get("content"), f"{place}.content", _parts_of(role, parts))
        images += shown
        if role in {"system", "developer"}:
            system.append(text)
        elif role == "user":
            user.append(text)
    return "\n".join(system), "\n".join(user), images


def _parts_of(role: str, parts: tuple[str, ...]) -> tuple[str, ...]:
    """Only the user shows pictures."""
    return parts if role == "user" else tuple(part for part in parts if part != "image_url")


def _content(content: object, place: str, parts: tuple[str, ...]) -> tuple[str, int]:
    if isinstance(content, str):
        return content, 0
    if not isinstance(content, list):
        raise wrong_type(place, "one of a string or array of objects", content)
    for number, part in enumerate(content):
        kind = part.get("type") if isinstance(part, dict) else None
        if kind not in parts:
            raise wrong_value(f"{place}[{number}].type", kind, " and ".join(f"'{part}'" for part in parts))
        if kind == "image_url":
            _check_image(part.get("image_url"), f"{place}[{number}].image_url")
        elif not isinstance(part.get("text"), str):
            raise missing(f"{place}[{number}].text")
    if sum(len(part["image_url"]["url"]) for part in content if part["type"] == "image_url") > _LARGEST_PICTURES:
        raise APIError(400, "Total image payload size exceeds 50 MB.", "messages", "image_content_too_large")
    texts = [part["text"] for part in content if part["type"] != "image_url"]
    return "\n".join(texts), len(content) - len(texts)


def _check_image(image: object, place: str) -> None:
    """Source: https://platform.openai.com/docs/guides/images-vision#image-input-requirements"""
    url = image.get("url") if isinstance(image, dict) else None
    if not isinstance(url, str):
        raise missing(f"{place}.url")
    found = _DATA_URL.fullmatch(url)
    if found is None:
        raise APIError(400, "Invalid image_url: only data URLs are served here.", "messages", "invalid_image_url")
    try:
        data = base64.b64decode(found["data"], validate=True)
    except ValueError:
        raise APIError(400, "Invalid base64 image_url.", "messages", "invalid_base64") from None
    if not any(data.startswith(start) for start in _IMAGE_STARTS):
        message = (
            "You uploaded an unsupported image. Please make sure your image has of one the following formats:"
            " ['png', 'jpeg', 'gif', 'webp']."
        )
        raise APIError(400, message, "messages", "invalid_image_format")


def _format(form: object, inner: object, param: str) -> tuple[Mapping[str, Any] | None, bool]:
    """The schema of structured output, if any, and whether plain JSON mode is on."""
    kind = form.get("type") if isinstance(form, dict) else None
    if kind in {"text", "json_object"}:
        return None, kind == "json_object"
    if kind != "json_schema":
        raise wrong_value(f"{param}.type", kind, "'json_object', 'json_schema', and 'text'")
    place = param if param.startswith("text") else f"{param}.json_schema"
    if not isinstance(inner, dict):
        raise missing(place)
    for key in ("name", "schema"):
        if key not in inner:
            raise missing(f"{place}.{key}")
    name = check_name(inner["name"], f"{place}.name")
    if inner.get("strict"):
        return check_strict(name, inner["schema"], param), False
    if not isinstance(inner["schema"], dict):
        raise wrong_type(f"{place}.schema", "an object", inner["schema"])
    return inner["schema"], False


def _within(prompt: Prompt, model: Model, param: str) -> Prompt:
    if prompt.tokens > model.context:
        message = (
            f"This model's maximum context length is {model.context} tokens. However, your messages resulted in"
            f" {prompt.tokens} tokens. Please reduce the length of the messages."
        )
        raise APIError(400, message, param, "context_length_exceeded")
    return prompt
