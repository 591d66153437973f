"""A list as a file: all of it, page after page, so that none of it waits in memory however long it is."""

import asyncio
from contextlib import suppress
from dataclasses import replace

from aiohttp import hdrs, web

from bot.kernel.text.csv_table import table
from bot.kernel.translation import local
from web.site.blocks import Query, Table
from web.site.visits import MakePage, Visit, visitor

MARK = "\ufeff"  # without it spreadsheets take UTF-8 for the letters of a country


async def streamed(request: web.Request, make: MakePage, visit: Visit, first: Table) -> web.StreamResponse:
    """The whole list that begins so. Where it cannot be ended the connection is cut, so that no part passes for all."""
    response = web.StreamResponse(headers=_headers(visit, first))
    await response.prepare(request)
    complete = False
    try:
        with suppress(ConnectionError):
            await _write(request, response, make, visit, first)
            complete = True
    finally:
        if not complete and request.transport is not None:
            request.transport.abort()
    return response


async def _write(
    request: web.Request, response: web.StreamResponse, make: MakePage, visit: Visit, first: Table
) -> None:
    file: Table | None = first
    await response.write(f"{MARK}{table([first.header()])}".encode())
    while file is not None:
        await response.write(table(file.lines(), headed=False).encode())
        await asyncio.sleep(0)  # neither a short read nor a write waits, and others want their turn
        file = await _on(request, make, visit, file.on)


async def _on(request: web.Request, make: MakePage, visit: Visit, query: Query | None) -> Table | None:
    """The next rows; None behind the last. Raises ConnectionAbortedError where the session is over."""
    if query is None:
        return None
    if await visitor(request, used=False) is None:
        raise ConnectionAbortedError
    return (await make(replace(visit, query=query))).file


def _headers(visit: Visit, file: Table) -> dict[str, str]:
    day = local(visit.services.database.clock.now())
    name = "".join(letter for letter in file.to or "list" if letter.isascii() and letter.isalnum())
    return {
        hdrs.CONTENT_TYPE: "text/csv; charset=utf-8",
        hdrs.CONTENT_DISPOSITION: f'attachment; filename="{name}-{day:%Y-%m-%d}.csv"',
    }
