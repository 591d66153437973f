"""A provider of one route that answers what a test says."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web

LARGEST = 2**26  # bytes of a request


@asynccontextmanager
async def served(route: str, answer: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> AsyncIterator[str]:
    """Serves POST /v1/<route>; its base URL."""
    app = web.Application(client_max_size=LARGEST)
    app.router.add_post(f"/v1/{route}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    finally:
        await runner.cleanup()
