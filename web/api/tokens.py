"""POST /api/v1/tokens: a partner's key is exchanged for a token."""

from aiohttp import web

from web.api.requests import place, read, said
from web.api.schemas import AccessToken, KeyToExchange
from web.keys import SERVICES


async def exchange(request: web.Request) -> web.StreamResponse:
    """Exchange a key; who fails again and again waits longer each time."""
    body = await read(request, KeyToExchange)
    if isinstance(body, web.Response):
        return body
    services = request.app[SERVICES]
    most = services.settings.api_sign_ins_per_minute
    token, lasts = await services.partners.sign_in.exchange(body.key, place(request), most)
    return said(AccessToken(access_token=token, expires_in=int(lasts.total_seconds())))
