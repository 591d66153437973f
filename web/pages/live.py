"""GET /live: the figures of the overview while somebody looks at them, as server-sent events.

https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

import asyncio
from collections import Counter
from contextlib import suppress

import orjson
from aiohttp import web

from bot.kernel.translation import reading_as
from web.keys import SERVICES
from web.pages import overview
from web.site.visits import Visit, visitor

EVERY_SECONDS = 5.0
LONGEST_SECONDS = 600.0  # then the browser asks anew, and the session is looked at again
MOST, MOST_OF_ONE = 100, 3
OPEN: web.AppKey[Counter[int]] = web.AppKey("live", Counter)


async def stream(request: web.Request) -> web.StreamResponse:
    """204 where nobody is signed in, or too many look: then the browser does not ask again."""
    found, open_ones = await visitor(request), request.app[OPEN]
    if found is None or open_ones.total() >= MOST or open_ones[found[1].id] >= MOST_OF_ONE:
        return web.Response(status=204)
    open_ones[found[1].id] += 1
    try:
        return await _stream(request, Visit(request.app[SERVICES], *found, {}, {}))
    finally:
        open_ones[found[1].id] -= 1


async def _stream(request: web.Request, visit: Visit) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"})
    await response.prepare(request)
    told, services = b"", visit.services
    loop = asyncio.get_running_loop()
    until = loop.time() + LONGEST_SECONDS
    with suppress(ConnectionError), reading_as(visit.who.reader):
        while not services.draining.is_set() and loop.time() < until:
            figures = orjson.dumps(dict(await overview.live(visit)))
            # a comment keeps the connection open, and says whether anybody is still there
            await response.write(
                b": still here\n\n" if figures == told else b"event: figures\ndata: " + figures + b"\n\n"
            )
            told = figures
            with suppress(TimeoutError):
                await asyncio.wait_for(services.draining.wait(), EVERY_SECONDS)
    return response
