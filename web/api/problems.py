"""Whatever goes wrong is answered as a problem: https://www.rfc-editor.org/rfc/rfc9457"""

import math
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

import aiohttp
import structlog
from aiohttp import http_exceptions, web
from aiohttp.typedefs import Handler
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError

from bot.flags.model import SwitchedOff
from bot.kernel.errors import Forbidden, Refusal
from bot.kernel.translation import Reader, reading_as
from bot.partners.model import (
    InFlight,
    KeyReused,
    NoSuchBrief,
    NotReady,
    NotSignedIn,
    OtherPrice,
    QuotaUsed,
    TooMany,
)
from web.api.schemas import FieldProblem, GivenPrice, Problem
from web.keys import SERVICES

log = structlog.get_logger(__name__)
JSON = "application/problem+json"
PREFIX = "urn:echopilot:problem:"
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="EchoPilot", error="invalid_token"'}
ENGLISH = Reader("en", "UTC")  # what programs are told
UNREADABLE = (aiohttp.ClientError, web.RequestPayloadError, http_exceptions.HttpProcessingError, UnicodeError)
KEPT = ("Allow", "Retry-After")  # of aiohttp's own answers


def problem(
    status: int, name: str, title: str, detail: str = "", headers: Mapping[str, str] | None = None, **more: Any
) -> web.Response:
    """The answer. name: of the kind, which never changes; title: the same of every such problem."""
    body = Problem(type=f"{PREFIX}{name}", title=title, status=status, detail=detail, **more)
    text = body.model_dump_json(exclude_none=True)
    return web.Response(status=status, text=text, content_type=JSON, headers=headers)


@web.middleware
async def as_problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn what is raised into a problem; a fault of ours says nothing of itself but to the log."""
    with reading_as(ENGLISH):
        try:
            return await handler(request)
        except web.HTTPException as answer:
            return _of_http(answer)
        except UNREADABLE:
            return problem(400, "unreadable", "The request cannot be read")
        except DBAPIError as error:
            log.warning("a call cannot be kept; the program comes again", error=type(error.orig).__name__)
            return problem(503, "unavailable", "Nothing can be kept just now", headers={"Retry-After": "5"})
        except Exception as error:  # noqa: BLE001 - what is not known is a fault of ours, which is logged
            return _of(request, error)


def _of_http(answer: web.HTTPException) -> web.Response:
    name = HTTPStatus(answer.status).name.lower().replace("_", "-")
    headers = {header: answer.headers[header] for header in KEPT if header in answer.headers}
    return problem(answer.status, name, answer.reason, headers=headers)


def _of(request: web.Request, error: Exception) -> web.Response:
    for kind, told in TOLD.items():
        if isinstance(error, kind):
            return told(request, error)
    log.exception("a call of the API failed by a fault of ours", route=str(request.match_info.route.resource))
    return problem(500, "fault", "Something went wrong on our side")


def invalid(error: ValidationError) -> web.Response:
    """What is wrong with the body, part by part, without what was sent."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    if found and found[0]["type"] == "json_invalid":
        return problem(400, "no-json", "The body is no JSON")
    errors = [FieldProblem(pointer=_pointer(one["loc"]), detail=one["msg"]) for one in found[:20]]
    return problem(422, "invalid", "The body is not as the document says", errors=errors)


def _pointer(place: tuple[int | str, ...]) -> str:
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')[:100]}" for part in place)


def _after(seconds: float) -> dict[str, str]:
    return {"Retry-After": str(max(1, math.ceil(seconds)))}


def _quota(request: web.Request, error: Any) -> web.Response:
    seconds = (error.resets - request.app[SERVICES].database.clock.now()).total_seconds()
    return problem(429, "quota-used", "The month's briefs are all ordered", str(error), _after(seconds))


def _other_price(_: web.Request, error: Any) -> web.Response:
    price = GivenPrice(amount_minor=error.price.minor, currency=error.price.currency)
    return problem(409, "other-price", "The brief has another price", str(error), price=price)


# The first that fits tells.
TOLD: Mapping[type[Exception], Callable[[web.Request, Any], web.Response]] = {
    NotSignedIn: lambda _, __: problem(401, "not-signed-in", "The key or token does not count", headers=CHALLENGE),
    NoSuchBrief: lambda _, __: problem(404, "no-such-brief", "There is no such brief"),
    NotReady: lambda _, error: problem(409, "not-ready", "There is no result", str(error), _after(60)),
    KeyReused: lambda _, __: problem(422, "key-reused", "The Idempotency-Key was sent with another order before"),
    InFlight: lambda _, __: problem(409, "in-flight", "That order is being dealt with just now", headers=_after(2)),
    QuotaUsed: _quota,
    OtherPrice: _other_price,
    TooMany: lambda _, error: problem(429, "too-many", "Too many calls", headers=_after(error.seconds)),
    SwitchedOff: lambda _, __: problem(503, "switched-off", "That is switched off just now", headers=_after(300)),
    Forbidden: lambda _, error: problem(403, "forbidden", "The partner's client may not do that", str(error)),
    Refusal: lambda _, error: problem(422, "refused", "That cannot be done", str(error)),
}
