"""How often somebody whom nobody knows may look: so many pages a minute from one place."""

import time

from aiohttp import web

from bot.partners.model import TooMany
from bot.sessions.service import Caller
from web.keys import CALLERS, SERVICES
from web.rates import Rate, whole_seconds

A_MINUTE = 30
RATE: web.AppKey[Rate] = web.AppKey("strangers", Rate)


def rate() -> Rate:
    """What a process counts by itself."""
    return Rate(A_MINUTE, time.monotonic)


async def count(request: web.Request) -> None:
    """Raises HTTPTooManyRequests. Where several processes may serve, what this one lets through the database counts."""
    place = Caller(request.app[CALLERS].address(request)).place
    if (seconds := request.app[RATE].wait(place)) > 0:
        raise too_many(seconds)
    services = request.app[SERVICES]
    if not services.database.sqlite:
        try:
            await services.partners.calls.count(f"pages:{place}", A_MINUTE)
        except TooMany as refusal:
            raise too_many(whole_seconds(refusal.seconds)) from None


def too_many(seconds: int) -> web.HTTPTooManyRequests:
    """Come again after so many seconds."""
    return web.HTTPTooManyRequests(headers={"Retry-After": str(seconds)})
