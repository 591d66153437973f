"""Is it alive, is it ready."""

from aiohttp import web

from web.keys import PROBE, SERVICES


async def alive(request: web.Request) -> web.Response:  # noqa: ARG001
    """GET /healthz: the process answers."""
    return web.Response(text="alive\n")


async def ready(request: web.Request) -> web.Response:
    """GET /readyz: the database takes what is written; 503 with the reason where it does not."""
    problem = await request.app[PROBE].problem()
    if problem is not None:
        return web.Response(status=503, text=f"{problem}\n")
    return web.Response(text=f"ready, version {request.app[SERVICES].version}\n")
