"""The parameters of one bot call, however they came: query string, form, multipart or JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import orjson
from aiohttp import BodyPartReader, web

from sandbox.telegram.errors import ApiError, BadRequest

UPLOAD_LIMIT = 50 * 1024 * 1024
_FORM_OVERHEAD = 64 * 1024

_SERIALIZED = frozenset(
    {
        "allowed_updates",
        "caption_entities",
        "commands",
        "entities",
        "link_preview_options",
        "media",
        "menu_button",
        "message_ids",
        "reaction",
        "reply_markup",
        "reply_parameters",
        "scope",
    }
)


@dataclass(frozen=True, slots=True)
class Upload:
    """One uploaded file."""

    name: str
    content_type: str
    data: bytes = field(repr=False)


class Params:
    """Typed reading of a call's parameters; a value of the wrong type is refused as the Bot API refuses it."""

    def __init__(self, values: dict[str, Any], uploads: Mapping[str, Upload]) -> None:
        for name in _SERIALIZED & values.keys():
            if isinstance(values[name], str):
                values[name] = _parsed(name, values[name])
        self._values = values
        self.uploads = uploads

    @property
    def decoded(self) -> dict[str, Any]:
        """Every parameter by name: serialized ones as objects, uploads as `Upload`, scalars as they were sent."""
        return {**self._values, **self.uploads}

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def text(self, name: str, default: str = "") -> str:
        value = self._values.get(name, default)
        return value if isinstance(value, str) else str(value)

    def integer(self, name: str, default: int = 0) -> int:
        value = self._values.get(name)
        return default if value is None or value == "" else as_integer(value, name)

    def flag(self, name: str) -> bool:
        return str(self._values.get(name, "")).lower() in {"true", "yes", "1"}

    def array(self, name: str) -> list[Any]:
        value = self._values.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise BadRequest(f"can't parse {name}: expected an Array")
        return value

    def objects(self, name: str) -> list[dict[str, Any]]:
        """An array of objects."""
        found = self.array(name)
        if not all(isinstance(item, dict) for item in found):
            raise BadRequest(f"can't parse {name}: expected an Array of Object")
        return found

    def table(self, name: str) -> dict[str, Any]:
        value = self._values.get(name)
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise BadRequest(f"can't parse {name}: expected an Object")
        return value


def as_integer(value: Any, name: str) -> int:
    """The value as a whole number; raises BadRequest naming the parameter otherwise."""
    try:
        return int(value)
    except (TypeError, ValueError):
        raise BadRequest(f"can't parse {name}: expected an integer") from None


async def read_params(request: web.Request) -> Params:
    """Read the call's parameters; raises ApiError 400 for a broken body and 413 for one over 50 MB."""
    request = request.clone(client_max_size=UPLOAD_LIMIT + _FORM_OVERHEAD)
    values: dict[str, Any] = dict(request.query)
    uploads: dict[str, Upload] = {}
    try:
        if request.content_type == "application/json":
            values |= _json_body(await request.read())
        elif request.content_type == "multipart/form-data":
            await _read_multipart(request, values, uploads)
        elif request.can_read_body:
            values |= parse_qsl(await request.text(), keep_blank_values=True)
    except web.HTTPRequestEntityTooLarge:
        raise ApiError(413, "Request Entity Too Large") from None
    return Params(values, uploads)


async def _read_multipart(request: web.Request, values: dict[str, Any], uploads: dict[str, Upload]) -> None:
    total = 0
    reader = await request.multipart()
    async for part in reader:
        if not isinstance(part, BodyPartReader) or part.name is None:
            continue
        data = bytearray()
        while chunk := await part.read_chunk(256 * 1024):
            data += chunk
            total += len(chunk)
            if total > UPLOAD_LIMIT + _FORM_OVERHEAD:
                raise ApiError(413, "Request Entity Too Large")
        if part.filename is None:
            values[part.name] = data.decode(errors="replace")
        else:
            kind = part.headers.get("Content-Type", "application/octet-stream")
            uploads[part.name] = Upload(part.filename, kind, bytes(data))


def _json_body(raw: bytes) -> dict[str, Any]:
    try:
        body = orjson.loads(raw or b"{}")
    except orjson.JSONDecodeError:
        raise BadRequest("can't parse JSON request body") from None
    if not isinstance(body, dict):
        raise BadRequest("JSON request body must be an object")
    return body


def _parsed(name: str, raw: str) -> Any:
    if not raw:
        return None
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise BadRequest(f"can't parse {name.replace('_', ' ')} JSON object") from None
