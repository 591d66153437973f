"""Is it alive, is it ready."""

from aiohttp import web

from web.callers import is_here
from web.keys import PROBE, SERVICES


async def alive(request: web.Request) -> web.Response:  # noqa: ARG001
    """GET /healthz: the process answers."""
    return web.Response(text="alive\n")


async def ready(request: web.Request) -> web.Response:
    """GET /readyz: the database takes what is written; 503 where it does not. Why, and which version it is, is told to
    this machine alone.
    """
    problem = await request.app[PROBE].problem()
    said = problem or f"ready, version {request.app[SERVICES].version}"
    return web.Response(status=200 if problem is None else 503, text=f"{said}\n" if is_here(request) else "")
