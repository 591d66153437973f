"""What every call goes through: whose token it shows, whether it may come now, and what its body says."""

import math
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import TypeVar

from aiohttp import web
from pydantic import BaseModel, ValidationError

from bot.partners.model import Allowance, Caller, NotSignedIn
from bot.sessions.service import Caller as Place
from web.api.problems import invalid, problem
from web.bodies import body_of
from web.keys import CALLERS, SERVICES

LARGEST_BODY = 400_000  # bytes: the longest text, each letter of it written as an escape
LONGEST_TOKEN = 2_000
PRIVATE = {"Cache-Control": "no-store"}
Body = TypeVar("Body", bound=BaseModel)
Call = Callable[[web.Request, Caller], Awaitable[web.Response]]


def signed_in(kind: str) -> Callable[[Call], Callable[[web.Request], Awaitable[web.StreamResponse]]]:
    """Have a call answered to partners alone, so often as their tier and the setting `api_KIND_per_minute` let them."""

    def wrap(call: Call) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        @wraps(call)
        async def answer(request: web.Request) -> web.StreamResponse:
            services = request.app[SERVICES]
            caller = await services.partners.sign_in.caller(bearer(request))
            await services.partners.ordering.check_open(caller)
            most = getattr(services.settings, f"api_{kind}_per_minute") * caller.partner.tier.times
            bucket = f"api:{kind}:{caller.partner.id}"
            allowance = await services.partners.calls.count(bucket, most, caller.partner.tenant)
            response = await call(request, caller)
            response.headers.extend(limits(kind, allowance))
            return response

        return answer

    return wrap


def place(request: web.Request) -> str:
    """By what somebody who shows no token is counted: a checksum of their address, also behind our proxies."""
    return Place(request.config_dict[CALLERS].address(request)).place


def bearer(request: web.Request) -> str:
    """The token that the call shows. Raises NotSignedIn."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.isascii() or not 0 < len(token) <= LONGEST_TOKEN:
        raise NotSignedIn
    return token.strip()


def limits(name: str, allowance: Allowance) -> dict[str, str]:
    """https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/"""
    seconds = math.ceil(allowance.seconds)
    policy, left = f'"{name}";q={allowance.most};w={allowance.window:.0f}', f'"{name}";r={allowance.left};t={seconds}'
    return {"RateLimit-Policy": policy, "RateLimit": left}


def said(body: BaseModel, status: int = 200, **headers: str) -> web.Response:
    """An answer for whoever asked alone."""
    return text(body.model_dump_json(), status, **headers)


def text(body: str, status: int = 200, **headers: str) -> web.Response:
    """The same, where its JSON is written already."""
    given = PRIVATE | {name.replace("_", "-"): value for name, value in headers.items()}
    return web.Response(status=status, text=body, content_type="application/json", headers=given)


async def read(request: web.Request, kind: type[Body]) -> Body | web.Response:
    """The body, as the model has it, or what is wrong with it."""
    if request.content_type != "application/json":
        return problem(415, "no-json-type", "Send application/json")
    if (request.content_length or 0) > LARGEST_BODY:
        return problem(413, "too-large", "The body is too large")
    body = await body_of(request)
    if len(body) > LARGEST_BODY:
        return problem(413, "too-large", "The body is too large")
    try:
        return kind.model_validate_json(body)
    except ValidationError as error:
        return invalid(error)
