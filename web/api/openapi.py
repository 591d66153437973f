"""GET /api/v1/openapi.json: the API's document, OpenAPI 3.1, made of the models that check requests.

https://spec.openapis.org/oas/v3.1.0.html; pydantic's schemas are JSON Schema 2020-12, which it takes as they are.
"""

from functools import lru_cache
from typing import Any, Literal

import orjson
from aiohttp import web
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from web.api.operations import OPERATIONS, Operation
from web.api.problems import JSON as PROBLEM
from web.api.schemas import Problem
from web.api.status import cached

BASE = "/api/v1"
FRESH = 3_600
ABOUT = (
    "Partners' programs order briefs and follow them. A key from /partners in the chat is exchanged for a token at "
    "`/tokens`; every answer says by RateLimit (draft-ietf-httpapi-ratelimit-headers) what is left. Problems are "
    "RFC 9457. Changes are told by Standard Webhooks. See docs/api.md."
)
NUMBER = {"type": "integer", "minimum": 1, "maximum": 10**15 - 1}
ID = {"name": "id", "in": "path", "required": True, "description": "The brief's number.", "schema": NUMBER}
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "Names the order, so that it is made once however often it is sent.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]{1,255}$"},
    "example": "8e03978e-40d5-43dd-bc93-6894a57f9324",
}


async def show(request: web.Request) -> web.StreamResponse:
    """Answer with the document."""
    return cached(request, written(), FRESH, {})


@lru_cache
def written() -> bytes:
    """The document as JSON."""
    return orjson.dumps(document())


def document() -> dict[str, Any]:
    """The document."""
    paths: dict[str, dict[str, Any]] = {}
    for one in OPERATIONS:
        paths.setdefault(one.path, {})[one.method] = _operation(one)
    return {
        "openapi": "3.1.0",
        "info": {"title": "EchoPilot", "version": "1", "description": ABOUT},
        "servers": [{"url": BASE}],
        "paths": paths,
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def _operation(one: Operation) -> dict[str, Any]:
    refusals = {
        str(status): {"description": words} | ({} if status == 304 else _content(Problem, PROBLEM))
        for status, words in one.all_refusals().items()
    }
    found: dict[str, Any] = {
        "operationId": one.name,
        "summary": one.summary,
        "responses": {str(one.status): {"description": one.says, **_content(one.answer)}, **refusals},
        "security": [{"token": []}] if one.signed_in else [],
    }
    parameters = [*([ID] if "{id}" in one.path else []), *([KEY] if one.key else [])]
    if parameters:
        found["parameters"] = parameters
    if one.body is not None:
        found["requestBody"] = {"required": True, **_content(one.body)}
    return found


def _content(model: type[BaseModel], kind: str = "application/json") -> dict[str, Any]:
    return {"content": {kind: {"schema": {"$ref": f"#/components/schemas/{model.__name__}"}}}}


def _schemas() -> dict[str, Any]:
    taken: set[type[BaseModel]] = {one.body for one in OPERATIONS if one.body is not None}
    given: set[type[BaseModel]] = {Problem, *(one.answer for one in OPERATIONS)}
    wanted: list[tuple[type[BaseModel], Literal["validation", "serialization"]]] = [
        *((model, "validation") for model in sorted(taken, key=lambda one: one.__name__)),
        *((model, "serialization") for model in sorted(given, key=lambda one: one.__name__)),
    ]
    _, schemas = models_json_schema(wanted, ref_template="#/components/schemas/{model}")
    found: dict[str, Any] = schemas["$defs"]
    return found
