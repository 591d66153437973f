"""What everybody may read: how well it runs, and the document of the API. Both are cached by their ETag."""

import hashlib

from aiohttp import web
from aiohttp.helpers import ETag

from web.api.requests import limits, place
from web.api.schemas import Status
from web.keys import SERVICES

FRESH = 15  # seconds


async def show(request: web.Request) -> web.StreamResponse:
    """GET /api/v1/status."""
    services = request.app[SERVICES]
    most = services.settings.api_status_per_minute
    allowance = await services.partners.calls.count(f"api:status:{place(request)}", most)
    health = await services.partners.status.health()
    body = Status(status=health.value).model_dump_json().encode()
    return cached(request, body, FRESH, limits("status", allowance))


def cached(request: web.Request, body: bytes, fresh: int, headers: dict[str, str]) -> web.Response:
    """The JSON for everybody, or 304 where whoever asks has it. fresh: seconds for which nobody need ask again."""
    tag = hashlib.sha256(body).hexdigest()[:24]
    response = web.Response(body=body, content_type="application/json", headers=headers)
    known = request.if_none_match or ()
    if any(one.value in {tag, "*"} for one in known):
        response = web.Response(status=304, headers=headers)
    response.etag = ETag(tag)
    response.headers["Cache-Control"] = f"public, max-age={fresh}"
    return response
