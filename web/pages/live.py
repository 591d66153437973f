"""GET /live: the figures of the overview while somebody looks at them, as server-sent events.

https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

import asyncio
import time
from collections import Counter
from contextlib import suppress

import orjson
from aiohttp import web

from bot.access.model import Permission
from bot.kernel.translation import reading_as
from bot.reports.model import DayReport
from web.keys import SERVICES
from web.pages import overview
from web.site.visits import SESSION, Visit, kept, visitor

EVERY_SECONDS = 5.0
LONGEST_SECONDS = 600.0  # then the browser asks anew: a proxy between us may hold its own end open for ever
# A browser has six connections to a host by HTTP/1.1, and needs the others to open pages.
MOST, MOST_OF_ONE = 100, 3
STILL_HERE = b": still here\n\n"  # keeps a connection open, and says whether anybody is still there
OVER = b"event: over\ndata: \n\n"
OPEN: web.AppKey[Counter[int]] = web.AppKey("live", Counter)


class Days:
    """The day so far of each tenant, asked of the database at most every EVERY_SECONDS, however many look."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[float, DayReport]] = {}
        self._asked: dict[str, asyncio.Lock] = {}

    async def now(self, visit: Visit) -> DayReport:
        """Of the visitor's tenant. Raises Forbidden."""
        visit.who.require(Permission.READ_REPORTS)
        tenant = visit.who.tenant
        async with self._asked.setdefault(tenant, asyncio.Lock()):
            until, day = self._known.get(tenant, (0.0, None))
            if day is None or time.monotonic() >= until:
                day = await visit.services.reports.days.today(visit.who)
                self._known[tenant] = time.monotonic() + EVERY_SECONDS, day
            return day


DAYS: web.AppKey[Days] = web.AppKey("days", Days)


async def stream(request: web.Request) -> web.StreamResponse:
    """204 where nobody is signed in who has such figures, or too many look: then the browser does not ask again."""
    found, open_ones = await visitor(request, used=False), request.app[OPEN]
    if found is None or not found[0].may(Permission.READ_REPORTS):
        return web.Response(status=204)
    session = found[1].id
    if open_ones.total() >= MOST or open_ones[session] >= MOST_OF_ONE:
        return web.Response(status=204)
    open_ones[session] += 1
    try:
        return await _stream(request)
    finally:
        open_ones[session] -= 1
        if not open_ones[session]:
            del open_ones[session]


async def _stream(request: web.Request) -> web.StreamResponse:
    """Until the browser goes, the program stops, or the session is over; to look on is no use of it."""
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"})
    await response.prepare(request)
    services, told = request.app[SERVICES], b""
    until = time.monotonic() + LONGEST_SECONDS
    with suppress(ConnectionError):
        while not services.draining.is_set() and time.monotonic() < until:
            figures = await _figures(request)
            if figures is None:
                await response.write(OVER)
                break
            await response.write(STILL_HERE if figures == told else b"event: figures\ndata: " + figures + b"\n\n")
            told = figures
            with suppress(TimeoutError):
                await asyncio.wait_for(services.draining.wait(), EVERY_SECONDS)
    return response


async def _figures(request: web.Request) -> bytes | None:
    """What stands on the overview now; None where the session is over, or its person may not see that any more."""
    found = await request.app[SERVICES].sessions.of(kept(request, SESSION), used=False)
    if found is None or not found[0].may(Permission.READ_REPORTS):
        return None
    visit = Visit(request.app[SERVICES], *found, {}, {})
    with reading_as(visit.who.reader):
        return orjson.dumps(overview.live(await request.app[DAYS].now(visit)))
