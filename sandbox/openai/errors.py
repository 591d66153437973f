"""OpenAI's error bodies. Source: https://platform.openai.com/docs/guides/error-codes"""

from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web


@dataclass(eq=False)
class APIError(Exception):
    """An error as the API words it; `response` is what goes over the wire."""

    status: int
    message: str
    param: str | None = None
    code: str | None = None
    type: str = "invalid_request_error"
    headers: Mapping[str, str] | None = None

    def body(self) -> dict[str, object]:
        """What the answer holds."""
        return {"error": {"message": self.message, "type": self.type, "param": self.param, "code": self.code}}

    def response(self) -> web.Response:
        return web.json_response(self.body(), status=self.status, headers=self.headers)


def wrong_key(given: str) -> APIError:
    """A key that is missing or unknown."""
    if not given:
        return APIError(
            401, "You didn't provide an API key. You need to provide your API key in an Authorization header."
        )
    shown = f"{given[:8]}{'*' * 8}{given[-4:]}" if len(given) > 12 else "*" * len(given)
    return APIError(
        401,
        f"Incorrect API key provided: {shown}. You can find your API key at "
        "https://platform.openai.com/account/api-keys.",
        code="invalid_api_key",
    )


def unknown_model(model: str) -> APIError:
    """A model that is not there."""
    message = f"The model `{model}` does not exist or you do not have access to it."
    return APIError(404, message, code="model_not_found")


def missing(param: str) -> APIError:
    """A parameter that is missing."""
    return APIError(400, f"Missing required parameter: '{param}'.", param, "missing_required_parameter")


def wrong_type(param: str, wanted: str, given: object) -> APIError:
    """A parameter of the wrong type."""
    message = f"Invalid type for '{param}': expected {wanted}, but got {_kind(given)} instead."
    return APIError(400, message, param, "invalid_type")


def wrong_value(param: str, given: object, allowed: str) -> APIError:
    """A parameter whose value is none of those allowed."""
    return APIError(400, f"Invalid value: '{given}'. Supported values are: {allowed}.", param, "invalid_value")


def _kind(value: object) -> str:
    if value is None:
        return "null"
    names = {bool: "a boolean", str: "a string", list: "an array", dict: "an object", int: "an integer"}
    return names.get(type(value), "a decimal")
