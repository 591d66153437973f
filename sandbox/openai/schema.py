"""JSON schemas of structured output: what OpenAI refuses, and how to fill one without a model.

Source: https://platform.openai.com/docs/guides/structured-outputs#supported-schemas
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from sandbox.openai.errors import APIError, wrong_type
from sandbox.openai.prompt import Prompt, resolve

_NAME, _LONGEST_NAME = re.compile(r"[A-Za-z0-9_-]+"), 64
_FORBIDDEN = ("allOf", "oneOf", "not", "dependentRequired", "dependentSchemas", "if", "then", "else", "default")
_DEEPEST, _MOST_PROPERTIES, _MOST_ENUMS = 10, 5_000, 1_000
_FORMATS = {
    "date": "2026-01-01",
    "date-time": "2026-01-01T00:00:00Z",
    "time": "00:00:00",
    "email": "person@example.com",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "ipv4": "192.0.2.1",
    "hostname": "example.com",
}


def check_name(name: object, param: str) -> str:
    """The name of a schema; raises APIError 400 where it is too long or has other signs than these."""
    if not isinstance(name, str):
        raise wrong_type(param, "a string", name)
    if not _NAME.fullmatch(name):
        expected = "Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'."
        raise APIError(400, f"Invalid '{param}': string does not match pattern. {expected}", param, "invalid_value")
    if len(name) > _LONGEST_NAME:
        message = (
            f"Invalid '{param}': string too long. Expected a string with maximum length {_LONGEST_NAME}, but got a"
            f" string with length {len(name)} instead."
        )
        raise APIError(400, message, param, "string_above_max_length")
    return name


def check_strict(name: str, schema: object, param: str) -> Mapping[str, Any]:
    """The schema, if strict mode takes it; raises APIError 400 in the API's words otherwise."""
    if not isinstance(schema, dict) or schema.get("type") != "object":
        given = json.dumps(schema.get("type") if isinstance(schema, dict) else schema)
        raise _refused(name, (), f"schema must be a JSON Schema of 'type: \"object\"', got 'type: {given}'.", param)
    _check(name, schema, (), param)
    for key, definition in schema.get("$defs", {}).items():
        _check(name, definition, ("$defs", key), param)
    deepest, properties, enums = _size(schema)
    for what, found, most in (
        ("levels of nesting", deepest, _DEEPEST),
        ("object properties", properties, _MOST_PROPERTIES),
        ("enum values", enums, _MOST_ENUMS),
    ):
        if found > most:
            raise _refused(name, (), f"the schema has {found} {what}, and {most} is the most.", param)
    return schema


def _size(node: Mapping[str, Any]) -> tuple[int, int, int]:
    """How deep the schema is, and how many properties and enum values it has in all."""
    inner = [*node.get("properties", {}).values(), *node.get("anyOf", []), *node.get("$defs", {}).values()]
    inner += [node["items"]] if "items" in node else []
    sizes = [_size(part) for part in inner]
    level = 1 if node.get("type") == "object" else 0
    return (
        level + max((deep for deep, _, _ in sizes), default=0),
        len(node.get("properties", {})) + sum(count for _, count, _ in sizes),
        len(node.get("enum", ())) + sum(count for _, _, count in sizes),
    )


def _check(name: str, node: Mapping[str, Any], path: tuple[str, ...], param: str) -> None:
    for keyword in _FORBIDDEN:
        if keyword in node:
            raise _refused(name, path, f"'{keyword}' is not permitted.", param)
    if node.get("type") == "object":
        _check_object(name, node, path, param)
    if "items" in node:
        _check(name, node["items"], (*path, "items"), param)
    for number, option in enumerate(node.get("anyOf", [])):
        _check(name, option, (*path, "anyOf", str(number)), param)
    for key, part in node.get("properties", {}).items():
        _check(name, part, (*path, "properties", key), param)


def _check_object(name: str, node: Mapping[str, Any], path: tuple[str, ...], param: str) -> None:
    if node.get("additionalProperties") is not False:
        raise _refused(name, path, "'additionalProperties' is required to be supplied and to be false.", param)
    for key in node.get("properties", {}):
        if key not in node.get("required", []):
            reason = "'required' is required to be supplied and to be an array including every key in properties."
            raise _refused(name, path, f"{reason} Missing '{key}'.", param)


def _refused(name: str, path: tuple[str, ...], reason: str, param: str) -> APIError:
    context = "(" + ", ".join(f"'{step}'" for step in path) + ("," if len(path) == 1 else "") + ")"
    message = f"Invalid schema for response_format '{name}': In context={context}, {reason}"
    return APIError(400, message, param, "invalid_json_schema" if param.startswith("text") else None)


def fill(schema: Mapping[str, Any], prompt: Prompt, *, key: str = "") -> Any:
    """The smallest sensible value for a schema: nullable fields are null, arrays as short as allowed."""
    assert prompt.schema is not None
    schema = resolve(schema, prompt.schema)
    if "const" in schema:
        return schema["const"]
    if schema.get("enum"):
        return schema["enum"][0]
    if "anyOf" in schema:
        options = [resolve(option, prompt.schema) for option in schema["anyOf"]]
        return None if {"type": "null"} in options else fill(options[0], prompt, key=key)
    kind = schema.get("type")
    if isinstance(kind, list):
        return None if "null" in kind else fill({**schema, "type": kind[0]}, prompt, key=key)
    return _fill_kind(kind, schema, prompt, key)


def _fill_kind(kind: object, schema: Mapping[str, Any], prompt: Prompt, key: str) -> Any:
    match kind:
        case "object":
            return {name: fill(part, prompt, key=name) for name, part in schema.get("properties", {}).items()}
        case "array":
            return [fill(schema["items"], prompt, key=key) for _ in range(schema.get("minItems", 0))]
        case "string":
            return _FORMATS.get(str(schema.get("format")), f"{key or 'value'} by rule")
        case "integer" | "number":
            return _number(schema, whole=kind == "integer")
        case "boolean":
            return False
        case _:
            return None


def _number(schema: Mapping[str, Any], *, whole: bool) -> float:
    lowest = float(schema.get("minimum", schema.get("exclusiveMinimum", -1) + 1))
    value = min(lowest, float(schema.get("maximum", lowest)))
    return int(value) if whole else value
