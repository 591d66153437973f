"""Reading what a caller sends, but not for ever."""

import asyncio

from aiohttp import web

BODY_SECONDS = 8.0


async def body_of(request: web.Request) -> bytes:
    """The request's body; 408 where it takes longer than BODY_SECONDS to arrive."""
    if request.content.is_eof():  # it came with the head, as a webhook's does
        return await request.read()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await request.read()
    except TimeoutError:
        raise web.HTTPRequestTimeout(text="The request took too long to arrive.\n") from None
