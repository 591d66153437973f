"""How an answer goes over the wire: a JSON body or server-sent events, broken off midway when a fault asks for it."""

import asyncio
import contextlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from aiohttp import web

from sandbox.faults import LOST, cut


async def send_json(request: web.Request, body: Mapping[str, Any], *, broken: bool) -> web.StreamResponse:
    """The body; a broken one announces its full length and stops in the middle."""
    if not broken:
        return web.json_response(body)
    data = json.dumps(body).encode()
    response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": str(len(data))})
    await response.prepare(request)
    await response.write(data[: len(data) // 2])
    cut(request)
    return response


async def send_events(
    request: web.Request, events: Iterable[Mapping[str, Any] | str], *, named: bool, broken: bool, pause: float
) -> web.StreamResponse:
    """Server-sent events, `pause` seconds apart; `named` ones carry their type, others end with [DONE].

    A broken stream stops halfway but closes properly, as it does when a proxy in between gives up: the caller sees
    no error, only that the last event is missing.
    """
    if request.get(LOST):
        return web.Response()
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"})
    planned = list(events)
    sent = planned[: len(planned) // 2] if broken else planned
    with contextlib.suppress(ConnectionResetError):  # whoever asked has gone, as a process that was killed
        await response.prepare(request)
        for event in sent:
            await response.write(_event(event, named=named))
            if pause and not isinstance(event, str):
                await asyncio.sleep(pause)
        if not named and not broken:
            await response.write(b"data: [DONE]\n\n")
        await response.write_eof()
    return response


def _event(event: Mapping[str, Any] | str, *, named: bool) -> bytes:
    if isinstance(event, str):
        return f"{event}\n\n".encode()
    name = f"event: {event['type']}\n" if named else ""
    return f"{name}data: {json.dumps(event)}\n\n".encode()
