"""The landing page and the page about: for strangers, with what may be known of how it runs."""

import time

from aiohttp import web

from bot.kernel.translation import percent, reading_as
from bot.slo.figures import Public
from web.keys import SERVICES
from web.site import strangers
from web.site.rendering import render
from web.site.visits import stranger_reads, visitor

KEPT_SECONDS = 15.0


class Status:
    """How it runs, asked of the database at most every KEPT_SECONDS, however many look."""

    def __init__(self) -> None:
        self._until = 0.0
        self._known: Public | None = None

    async def now(self, request: web.Request) -> Public:
        """What strangers may know."""
        if self._known is None or time.monotonic() >= self._until:
            self._known = await request.app[SERVICES].slo.levels.public()
            self._until = time.monotonic() + KEPT_SECONDS
        return self._known


STATUS: web.AppKey[Status] = web.AppKey("status", Status)


async def landing(request: web.Request) -> web.Response:
    """GET /: what it is, how it runs, and how to start."""
    return await _front(request, "landing.html")


async def about(request: web.Request) -> web.Response:
    """GET /about: how it works, in more words."""
    return await _front(request, "about.html")


async def _front(request: web.Request, template: str) -> web.Response:
    await strangers.count(request)
    found, status = await visitor(request), await request.app[STATUS].now(request)
    with reading_as(found[0].reader if found is not None else stranger_reads(request)):
        kept = "" if status.kept is None else percent(status.kept, 2)
        return await render(request, template, who=found and found[0], fine=status.fine, kept=kept)
